package io.github.firmshake.it.jetty;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ListenerHolder;
import org.eclipse.jetty.server.Server;

/** The filter alone, as its listener registers it, on an embedded Jetty. */
final class FilterOnJetty implements Container {

    @Override
    public String name() {
        return "filter, " + JettyServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = JettyServer.limits();
        limits.put(
                Limit.UPGRADE_NOT_NAMED,
                "Jetty's connection answers 400 to an Upgrade that Connection does not name, before any handler");
        limits.put(Limit.REPAIR, "a filter cannot repair on Jetty, Firmshake's Jetty module can");
        if (!seesWhatFiltersWrap()) {
            limits.put(Limit.CANONICAL_FORM, "Jetty 12.0 looks at its own request, below every filter");
        }
        limits.put(
                Limit.PINGS,
                "Jetty answers Pings, and joins fragments, before an endpoint is told; Firmshake's Jetty module bounds them");
        limits.put(
                Limit.APPLICATION_SESSIONS,
                "a web application is not shown Jetty's sessions, Firmshake's Jetty module sees them");
        limits.put(Limit.EXTENDED_CONNECT, "a filter is not shown `:protocol`");
        limits.put(Limit.PEER, "a filter knows no address but the one that the server gives it");
        return limits;
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        return start(new JettyServer(), settings, listener);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        JettyServer server = new JettyServer();
        server.believeForwardedFor();
        return start(server, Map.of(), listener);
    }

    @Override
    public Running startBare() {
        return JettyServer.bare();
    }

    private static Running start(JettyServer server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        server.install(listener);
        install(server, settings);
        return server.start();
    }

    /** Declares the listener, as a web.xml does. */
    static void install(JettyServer server, Map<String, String> settings) {
        settings.forEach((name, value) -> server.context().setInitParameter("firmshake." + name, value));
        server.context().getServletHandler().addListener(new ListenerHolder(FirmshakeListener.class));
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " filter on jetty/" + Server.getVersion() + ", context \"\": "
                + settings + "; its place beside the container's WebSocket filter cannot be seen here";
    }

    @Override
    public List<String> startWarnings() {
        return List.of(
                "nothing is repaired in context \"\": Jetty does not look at what a filter repairs; its handshakes"
                        + " are explained, and Firmshake's Jetty module repairs them");
    }

    @Override
    public String startFailure(String message) {
        return "Firmshake in context \"\": " + message;
    }

    @Override
    public NameCase nameCase() {
        return NameCase.USUAL;
    }

    @Override
    public boolean offersExtendedConnect() {
        return true;
    }

    @Override
    public int statusOfUpgradeNotNamed(int application) {
        return 400;
    }

    @Override
    public Answer answerTo(String name) {
        if (Answers.diesEarly(name)) {
            return new Answer(400, Limit.UPGRADE_NOT_NAMED);
        }
        return switch (name) {
            case "Upgrade: websocket, h2c", "Upgrade: h2c, websocket", "Upgrade on two lines, websocket and h2c" ->
                new Answer(seesWhatFiltersWrap() ? 101 : 404);
            default -> Answers.to(name);
        };
    }

    private static boolean seesWhatFiltersWrap() {
        return !JettyServer.line().equals("Jetty 12.0");
    }
}
