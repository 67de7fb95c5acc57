package io.github.firmshake.it.tomcat;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.tomcat.FirmshakeValve;
import java.util.Map;
import java.util.function.Function;
import org.apache.catalina.Context;
import org.apache.catalina.util.ServerInfo;

/** The valve, in one of the places where Tomcat takes valves, on an embedded Tomcat. */
final class ValveOnTomcat implements Container {

    private final String place;
    private final Function<TomcatServer, org.apache.catalina.Container> container;

    static Container inContext() {
        return new ValveOnTomcat("context \"\"", server -> server.host().findChild(""));
    }

    private ValveOnTomcat(String place, Function<TomcatServer, org.apache.catalina.Container> container) {
        this.place = place;
        this.container = container;
    }

    static Container inHost() {
        return new ValveOnTomcat("host \"localhost\"", TomcatServer::host);
    }

    static Container inEngine() {
        return new ValveOnTomcat("engine \"Tomcat\"", TomcatServer::engine);
    }

    @Override
    public String name() {
        return "valve, " + TomcatServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = TomcatServer.limits();
        limits.put(
                Limit.REFUSED_FIRST, "Tomcat has refused a request without one valid Host already, its answer stays");
        return limits;
    }

    @Override
    public boolean refusesFirst(String name) {
        return name.equals("no Host") || name.equals("two Hosts");
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        return start(new TomcatServer(), settings, listener);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        TomcatServer server = new TomcatServer();
        server.believeForwardedFor();
        return start(server, Map.of(), listener);
    }

    private Running start(TomcatServer server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        Context context = server.addContext("");
        FilterOnTomcat.install(context, listener);
        FirmshakeValve valve = new FirmshakeValve();
        valve.setHandshakeListener(listener);
        settings.forEach(valve::setProperty);
        container.apply(server).getPipeline().addValve(valve);
        return server.start(context);
    }

    @Override
    public Running startBare() {
        return FilterOnTomcat.bare();
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " valve on " + ServerInfo.getServerInfo() + ", " + place + ": "
                + settings + "; stands before every filter";
    }

    @Override
    public String startFailure(String message) {
        return "FirmshakeValve in " + place + ": " + message;
    }

    @Override
    public NameCase nameCase() {
        return TomcatServer.nameCase();
    }

    @Override
    public Answer answerTo(String name) {
        return Answers.to(name);
    }
}
