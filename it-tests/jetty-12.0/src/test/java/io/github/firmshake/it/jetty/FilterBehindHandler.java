package io.github.firmshake.it.jetty;

import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.LogCapture;
import java.util.Map;

/** The handler in front of the server, and the filter in the application: the handler sees all. */
final class FilterBehindHandler implements Container {

    private final Container handler = new HandlerOnJetty();

    @Override
    public String name() {
        return "handler and filter, " + JettyServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        return handler.limits();
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        JettyServer server = new JettyServer();
        server.install(listener);
        FilterOnJetty.install(server, settings);
        HandlerOnJetty.install(server.server(), settings, listener);
        return server.start();
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) {
        throw new UnsupportedOperationException("each adapter has that tested alone");
    }

    @Override
    public LogCapture log() {
        return handler.log();
    }

    @Override
    public void logDebug(boolean on) {
        handler.logDebug(on);
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
        return handler.nameCase();
    }

    @Override
    public Answer answerTo(String name) {
        return handler.answerTo(name);
    }
}
