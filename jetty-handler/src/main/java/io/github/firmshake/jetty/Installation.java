package io.github.firmshake.jetty;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/** Wires a handler into a server; says what is missing when the server starts. */
final class Installation implements LifeCycle.Listener {

    private static final String EARLY = "handshakes whose Connection lacks upgrade ";

    // Why this Jetty's HTTP/1 connection cannot be extended, or null where it can. Asked once: only the first
    // failure to link a class says what was missing.
    private static final @Nullable String UNUSABLE = probe();

    private final Server server;
    private final FirmshakeHandler handler;

    private Installation(Server server, FirmshakeHandler handler) {
        this.server = server;
        this.handler = handler;
    }

    static void install(Server server, FirmshakeHandler handler, Supplier<@Nullable Handshakes> handshakes) {
        if (server.isRunning()) {
            throw new IllegalStateException("Firmshake has to be installed before the server is started");
        }
        if (server.getDescendant(FirmshakeHandler.class) != null) {
            throw new IllegalStateException("Firmshake is installed in this server already");
        }
        boolean anyConnector = false;
        for (Connector connector : server.getConnectors()) {
            anyConnector |= connector.getConnectionFactory(HttpConnectionFactory.class) != null;
        }
        if (!anyConnector) {
            throw new IllegalStateException(
                    "this server has no HTTP/1.1 connector: add connectors first, then install");
        }
        handler.setHandler(server.getHandler());
        server.setHandler(handler);
        Request.Handler replaced = server.getErrorHandler();
        server.setErrorHandler(new FirmshakeErrorHandler(replaced, handshakes));
        if (replaced != null) {
            server.addBean(replaced); // else the server would no longer start and stop it
        }
        if (UNUSABLE == null) {
            for (Connector connector : server.getConnectors()) {
                replaceFactory(connector, handshakes);
            }
        }
        server.addEventListener(new Installation(server, handler));
    }

    private static void replaceFactory(Connector connector, Supplier<@Nullable Handshakes> handshakes) {
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        if (http == null
                || http.getClass() != HttpConnectionFactory.class
                || !(connector instanceof AbstractConnector editable)) {
            return;
        }
        // In its place: the PROXY protocol and TLS go on with what stands behind them.
        Set<ConnectionFactory> factories = new LinkedHashSet<>();
        for (ConnectionFactory factory : connector.getConnectionFactories()) {
            factories.add(factory == http ? new RepairingConnectionFactory(http, handshakes) : factory);
        }
        String first = editable.getDefaultProtocol();
        editable.setConnectionFactories(factories);
        editable.setDefaultProtocol(first);
    }

    private static @Nullable String probe() {
        try {
            RepairingConnectionFactory.probe();
            return null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return e.toString(); // names a member or a class of Jetty: nothing was received yet
        }
    }

    /** What this server's handler will not see or repair, a sentence each. */
    static List<String> gaps(Server server) {
        List<String> gaps = new ArrayList<>();
        if (!(server.getErrorHandler() instanceof FirmshakeErrorHandler)) {
            gaps.add(EARLY + "are neither explained nor repaired: the server's error handler is not the one that"
                    + " FirmshakeHandler.install(server) sets");
        }
        if (UNUSABLE != null) {
            gaps.add(EARLY + "are explained but not repaired: this Jetty's HTTP/1 connection cannot be extended: "
                    + UNUSABLE);
            return gaps;
        }
        for (Connector connector : server.getConnectors()) {
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null && !(http instanceof RepairingConnectionFactory)) {
                gaps.add(EARLY + "are not repaired on " + connector + ": "
                        + (http.getClass() == HttpConnectionFactory.class
                                ? "it was not there when FirmshakeHandler.install(server) was called"
                                : "it has a connection factory of its own, "
                                        + http.getClass().getName()));
            }
        }
        return gaps;
    }

    /** What stands in the way of a handler that is no longer there would explain nothing and repair in silence. */
    @Override
    public void lifeCycleStarting(LifeCycle started) {
        if (!server.getDescendants(FirmshakeHandler.class).contains(handler)) {
            throw new IllegalStateException("Firmshake was installed, but its handler has been replaced since:"
                    + " call FirmshakeHandler.install(server) after server.setHandler(handler)");
        }
    }

    /** Later, when handlers are stopped, connectors have closed every connection. */
    @Override
    public void lifeCycleStopping(LifeCycle stopped) {
        handler.sayGoodbye();
    }
}
