package io.github.firmshake.it.tomcat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.tomcat.FirmshakeValve;
import java.util.Map;
import org.apache.catalina.Context;

/** A valve in the host, another in the context, and the filter in the application: the valve of the host sees all. */
final class FilterBehindValve implements Container {

    @Override
    public String name() {
        return "valve and filter, " + TomcatServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        return TomcatServer.limits();
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        TomcatServer server = new TomcatServer();
        Context context = server.addContext("");
        FilterOnTomcat.install(context, listener);
        settings.forEach((name, value) -> context.addParameter("firmshake." + name, value));
        context.addApplicationListener(FirmshakeListener.class.getName());
        context.getPipeline().addValve(valve(settings, listener));
        server.host().getPipeline().addValve(valve(settings, listener));
        return server.start(context);
    }

    private static FirmshakeValve valve(Map<String, String> settings, HandshakeListener listener) {
        FirmshakeValve valve = new FirmshakeValve();
        valve.setHandshakeListener(listener);
        settings.forEach(valve::setProperty);
        return valve;
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) {
        throw new UnsupportedOperationException("each adapter has that tested alone");
    }

    @Override
    public Running startBare() {
        throw new UnsupportedOperationException("each adapter has that tested alone");
    }

    @Override
    public String startLine(String settings) {
        throw new UnsupportedOperationException("each adapter has that tested alone");
    }

    @Override
    public String startFailure(String message) {
        throw new UnsupportedOperationException("each adapter has that tested alone");
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
