package io.github.firmshake.embedded;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Servers that know nothing of Firmshake and echo at {@code /echo}, one for each kind of WebSocket that Jetty has. */
final class EchoServer {

    /** The kinds. */
    enum Kind {
        JAKARTA,
        NATIVE_SERVLET,
        CORE
    }

    private EchoServer() {}

    /** A server that is not started, with one connector on loopback for HTTP/1.1 and, in clear text, HTTP/2. */
    static Server of(Kind kind) {
        Server server = new Server();
        addConnector(server);
        switch (kind) {
            case JAKARTA -> {
                ServletContextHandler context = new ServletContextHandler("/");
                JakartaWebSocketServletContainerInitializer.configure(
                        context, (servlets, container) -> container.addEndpoint(JakartaEcho.class));
                server.setHandler(context);
            }
            case NATIVE_SERVLET -> {
                ServletContextHandler context = new ServletContextHandler("/");
                JettyWebSocketServletContainerInitializer.configure(
                        context,
                        (servlets, container) -> container.addMapping("/echo", (request, response) -> new Echo()));
                server.setHandler(context);
            }
            case CORE ->
                server.setHandler(WebSocketUpgradeHandler.from(
                        server,
                        container -> container.addMapping("/echo", (request, response, callback) -> new Echo())));
        }
        return server;
    }

    static ServerConnector addConnector(Server server) {
        HttpConfiguration configuration = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(
                server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        return connector;
    }

    static int port(Server server) {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /** The endpoint for Jakarta WebSocket. */
    @ServerEndpoint("/echo")
    public static final class JakartaEcho {
        /** Created by the container. */
        public JakartaEcho() {}

        /** Answers a message with itself. */
        @OnMessage
        public String echo(String message) {
            return message;
        }
    }

    /** The endpoint for Jetty's own API. */
    @WebSocket
    public static final class Echo {
        /** Answers a message with itself. */
        @OnWebSocketMessage
        public void echo(Session session, String message) {
            session.sendText(message, Callback.NOOP);
        }
    }
}
