package io.github.firmshake.jetty;

import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.IncomingFrames;
import org.eclipse.jetty.websocket.core.OutgoingFrames;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.util.DemandChain;

/**
 * Sees every WebSocket connection that a server opens, whatever API the application uses, and has its session pinged. A
 * connector tells its connections' listeners, and the handshake is left as it is; what a connection does not show is its
 * session, a private member. All that depends on it is here. Thread-safe.
 */
final class ApplicationSessions implements Connection.Listener {

    private final Field session;
    private final Server server;
    private final Pings pings;

    private ApplicationSessions(Field session, Server server, Pings pings) {
        this.session = session;
        this.server = server;
        this.pings = pings;
    }

    /**
     * Begins to listen.
     *
     * @throws ReflectiveOperationException where this Jetty looks different inside, and so do the others
     */
    static ApplicationSessions in(Server server, Pings pings) throws ReflectiveOperationException {
        Field session = WebSocketConnection.class.getDeclaredField("coreSession");
        session.setAccessible(true);
        if (session.getType() != WebSocketCoreSession.class) {
            throw new NoSuchFieldException(session.toString());
        }
        // What is used below and might not be there, though it is public.
        WebSocketConnection.class.getMethod("onIdleExpired", TimeoutException.class);
        ExtensionStack.class.getMethod("setLastDemand", DemandChain.class);
        ExtensionStack.class.getMethod("initialize", IncomingFrames.class, OutgoingFrames.class, CoreSession.class);
        ApplicationSessions sessions = new ApplicationSessions(session, server, pings);
        for (Connector connector : server.getConnectors()) {
            connector.addEventListener(sessions);
        }
        return sessions;
    }

    /** Listens no more. */
    void stop() {
        for (Connector connector : server.getConnectors()) {
            connector.removeEventListener(this);
        }
    }

    // Before the session itself is opened, and before any frame is read.
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof WebSocketConnection webSocket
                && session(webSocket) instanceof WebSocketCoreSession it) {
            if (!(it.getHandler() instanceof HeartbeatSession)) {
                Executor executor = server.getThreadPool();
                new ApplicationSession(webSocket, it, executor).watchBy(pings);
            }
        }
    }

    private Object session(WebSocketConnection connection) {
        try {
            return session.get(connection);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }
}
