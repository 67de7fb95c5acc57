package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.Running;
import io.github.firmshake.it.Container.StartFailure;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An embedded Jetty with one application, on two free ports of loopback: one for HTTP/1.x, one for HTTP/2 too. */
final class JettyServer implements Running {

    // Jetty warns of every exception of an application, and of every client that leaves, in the endpoint's name.
    // Held, since java.util.logging would forget their level otherwise.
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("io.github.firmshake.it"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    private final Server server = new Server();
    private final HttpConfiguration configuration = new HttpConfiguration();
    private final ServletContextHandler context = new ServletContextHandler("/");
    private final ServerConnector http1 = new ServerConnector(server, new HttpConnectionFactory(configuration));
    private final ServerConnector http2 = new ServerConnector(
            server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));

    JettyServer() {
        for (ServerConnector connector : new ServerConnector[] {http1, http2}) {
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
        }
        server.setHandler(context);
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        pages.addErrorPage(Application.ERROR_WITH_PAGE, Application.ERROR_PAGE);
        context.setErrorHandler(pages);
    }

    /** One without Firmshake. */
    static Running bare() {
        JettyServer server = new JettyServer();
        server.install(event -> {});
        try {
            return server.start();
        } catch (StartFailure e) {
            throw new IllegalStateException(e);
        }
    }

    /** The line of versions, such as {@code Jetty 12.0}. */
    static String line() {
        return "Jetty " + Server.getVersion().replaceFirst("^(\\d+\\.\\d+)\\..*", "$1");
    }

    /** What no adapter can do on Jetty. */
    static Map<Limit, String> limits() {
        Map<Limit, String> limits = new EnumMap<>(Limit.class);
        limits.put(Limit.HOST, "Jetty's parser answers a request without one valid Host, and hands on no field of it");
        limits.put(Limit.CASE_OF_NAMES, "Jetty writes known field names in their usual case");
        limits.put(
                Limit.CANONICAL_FORM,
                "Jetty answers 400 to an extension's parameter that it does not know, where RFC 7692 has it decline");
        return limits;
    }

    Server server() {
        return server;
    }

    ServletContextHandler context() {
        return context;
    }

    /** Gives the connector for HTTP/1.x as little room for what clients have not read yet. */
    void sendBufferSize(int bytes) {
        http1.setAcceptedSendBufferSize(bytes);
    }

    /** Whether what is written to a client over HTTP/1.x is not taken in. */
    boolean isStuck() {
        return http1.getConnectedEndPoints().stream()
                .anyMatch(endPoint ->
                        ((AbstractEndPoint) endPoint).getWriteFlusher().isPending());
    }

    /** Waits until the server is done with every connection over HTTP/1.x. */
    void awaitNoConnection() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!http1.getConnectedEndPoints().isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(5);
        }
        assertThat(http1.getConnectedEndPoints()).as("connections").isEmpty();
    }

    /** Takes clients' addresses from X-Forwarded-For. */
    void believeForwardedFor() {
        configuration.addCustomizer(new ForwardedRequestCustomizer());
    }

    /** Puts the application into the context, with Jetty's Jakarta WebSocket before it. */
    void install(HandshakeListener listener) {
        JakartaWebSocketServletContainerInitializer.configure(context, (servletContext, container) -> {
            servletContext.setAttribute(HandshakeListener.class.getName(), listener);
            install(servletContext);
        });
    }

    private static void install(ServletContext servletContext) {
        try {
            Application.install(servletContext);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts; where the server does not, stops again and tells why. */
    JettyServer start() throws StartFailure {
        try {
            server.start();
            return this;
        } catch (Exception e) {
            close();
            throw new StartFailure(e.getMessage());
        }
    }

    @Override
    public int port() {
        return http1.getLocalPort();
    }

    @Override
    public int http2Port() {
        return http2.getLocalPort();
    }

    /** Looks that no thread of Firmshake's is left; one that has nothing more to run may need a moment to end. */
    static void assertNoThreadLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("firmshake")) {
                thread.join(20_000);
                assertThat(thread.isAlive()).as(thread.getName() + " is left").isFalse();
            }
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
