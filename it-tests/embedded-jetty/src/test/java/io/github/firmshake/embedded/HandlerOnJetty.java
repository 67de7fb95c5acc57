package io.github.firmshake.embedded;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.util.Map;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The handler in front of an echo endpoint at {@code /ws}, both on Jetty's core: there is no web application at all. */
final class HandlerOnJetty implements Container {

    @Override
    public String name() {
        return "handler, Jetty " + Server.getVersion();
    }

    @Override
    public Map<Limit, String> limits() {
        return Map.of();
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        Server server = new Server();
        EchoServer.addConnector(server);
        return start(server, settings, listener);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        Server server = new Server();
        EchoServer.addConnector(server)
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration()
                .addCustomizer(new ForwardedRequestCustomizer());
        return start(server, Map.of(), listener);
    }

    private static Running start(Server server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        server.setHandler(WebSocketUpgradeHandler.from(
                server, echo -> echo.addMapping("/ws", (request, response, callback) -> new EchoServer.Echo())));
        FirmshakeHandler handler = FirmshakeHandler.install(server, handler(settings));
        handler.setHandshakeListener(listener);
        try {
            server.start();
        } catch (Exception e) {
            throw new StartFailure(e.getMessage());
        }
        return new Running() {
            @Override
            public int port() {
                return EchoServer.port(server);
            }

            @Override
            public int http2Port() {
                return port();
            }

            @Override
            public void close() {
                try {
                    server.stop();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    /** A handler with these settings. */
    static FirmshakeHandler handler(Map<String, String> settings) {
        FirmshakeHandler handler = new FirmshakeHandler();
        settings.forEach((name, value) -> {
            try {
                FirmshakeHandler.class
                        .getMethod("set" + name.substring(0, 1).toUpperCase() + name.substring(1), String.class)
                        .invoke(handler, value);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });
        return handler;
    }

    @Override
    public LogCapture log() {
        return JulCapture.lines();
    }

    @Override
    public void logDebug(boolean on) {
        JulCapture.debug(on);
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " handler on Jetty " + Server.getVersion() + ": " + settings
                + "; stands before every handler";
    }

    @Override
    public String startFailure(String message) {
        return message;
    }

    @Override
    public NameCase nameCase() {
        return NameCase.LOST;
    }

    @Override
    public Answer answerTo(String name) {
        throw new UnsupportedOperationException("no topic that runs here asks what Jetty does by itself");
    }
}
