package io.github.firmshake.it.undertow;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.Container.Running;
import io.github.firmshake.it.Container.StartFailure;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.core.ServletContainerImpl;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An embedded Undertow with one application, on two free ports of loopback: one for HTTP/1.x, one for HTTP/2 too. */
final class UndertowServer implements Running {

    // Undertow logs every exception of an application, and what it stands on says hello.
    // Held, since java.util.logging would forget their level otherwise.
    private static final List<Logger> QUIET = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final DeploymentManager deployment;
    private final Undertow http1;
    private final Undertow http2;

    private UndertowServer(DeploymentManager deployment, Undertow http1, Undertow http2) {
        this.deployment = deployment;
        this.http1 = http1;
        this.http2 = http2;
    }

    /**
     * Starts one.
     *
     * @param believeForwardedFor whether clients' addresses are taken from X-Forwarded-For
     * @param more listeners of the application behind Firmshake's
     */
    @SafeVarargs
    static UndertowServer start(
            Map<String, String> settings,
            HandshakeListener listener,
            boolean believeForwardedFor,
            Class<? extends EventListener>... more)
            throws StartFailure {
        DeploymentInfo application = application();
        application
                .addListener(Servlets.listener(FirmshakeListener.class))
                .addListener(new ListenerInfo(Metrics.class, new ImmediateInstanceFactory<>(new Metrics(listener))));
        settings.forEach((name, value) -> application.addInitParameter("firmshake." + name, value));
        for (Class<? extends EventListener> type : more) {
            application.addListener(Servlets.listener(type));
        }
        return start(application, believeForwardedFor);
    }

    /** Starts one without Firmshake. */
    static UndertowServer bare() {
        try {
            return start(application(), false);
        } catch (StartFailure e) {
            throw new IllegalStateException(e);
        }
    }

    private static UndertowServer start(DeploymentInfo application, boolean believeForwardedFor) throws StartFailure {
        DeploymentManager deployment = new ServletContainerImpl().addDeployment(application);
        HttpHandler handler;
        try {
            deployment.deploy();
            handler = deployment.start();
        } catch (ServletException | RuntimeException e) {
            deployment.undeploy();
            throw new StartFailure(innermost(e).getMessage());
        }
        HttpHandler all = believeForwardedFor ? Handlers.proxyPeerAddress(handler) : handler;
        Undertow http1 = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(all)
                .build();
        Undertow http2 = Undertow.builder()
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(all)
                .build();
        http1.start();
        http2.start();
        return new UndertowServer(deployment, http1, http2);
    }

    private static DeploymentInfo application() {
        ServletContainerInitializer initializer = (classes, context) -> Application.install(context);
        return Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setContextPath("")
                .setDeploymentName("application")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, new WebSocketDeploymentInfo())
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()))
                .addErrorPage(Servlets.errorPage(Application.ERROR_PAGE, Application.ERROR_WITH_PAGE));
    }

    /** Names the listener as an application does, after Firmshake's own listener has run. */
    private record Metrics(HandshakeListener listener) implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext().setAttribute(HandshakeListener.class.getName(), listener);
        }
    }

    private static Throwable innermost(Throwable failure) {
        return failure.getCause() == null || failure.getMessage().startsWith("Firmshake ")
                ? failure
                : innermost(failure.getCause());
    }

    @Override
    public int port() {
        return port(http1);
    }

    @Override
    public int http2Port() {
        return port(http2);
    }

    private static int port(Undertow server) {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        try {
            deployment.stop();
            deployment.undeploy();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        http1.stop();
        http2.stop();
    }
}
