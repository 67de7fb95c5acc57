package io.github.firmshake.filter;

import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session of an application on Undertow. What comes in is counted in front of the session's own listener, one event for
 * each frame, and handed on as it is: the one handler for Pongs that a session may have stays free for the application.
 */
final class UndertowSession implements Pinged, InvocationHandler {

    private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";
    private static final String LISTENER = "org.xnio.ChannelListener";
    private static final String EXECUTOR = "org.xnio.XnioExecutor";

    // The way from a connection to its session, and its timer of idleness.
    private static final String[][] PRIVATE_MEMBERS = {
        {"io.undertow.server.protocol.http.HttpServerConnection", Undertow.UPGRADE_LISTENER},
        {"io.undertow.server.protocol.framed.AbstractFramedChannel$FrameReadListener", "this$0"},
        {"io.undertow.server.protocol.framed.AbstractFramedChannel", "idleTimeoutConduit"},
        {"io.undertow.conduits.IdleTimeoutConduit", "expireTime"},
        {"io.undertow.websockets.jsr.FrameHandler", "session"}
    };

    private final Session session;
    private final Object listener;
    private final Object idleTimer;
    private final long listeningMillis;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile long ourLast = System.currentTimeMillis();
    private final AtomicLong excuses = new AtomicLong();
    private volatile boolean reading = true;

    private UndertowSession(Session session, Object listener, Object idleTimer, long listeningMillis) {
        this.session = session;
        this.listener = listener;
        this.idleTimer = idleTimer;
        this.listeningMillis = listeningMillis;
    }

    /**
     * Looks whether sessions can be seen.
     *
     * @throws ReflectiveOperationException where this Undertow looks different inside
     */
    static void check(ServletContext context) throws ReflectiveOperationException {
        Object container = context.getAttribute(CONTAINER);
        if (container == null) {
            return; // nor will there be sessions
        }
        for (String[] member : PRIVATE_MEMBERS) {
            Class.forName(member[0], false, container.getClass().getClassLoader())
                    .getDeclaredField(member[1])
                    .setAccessible(true);
        }
    }

    /**
     * The session that a connection was upgraded to; empty for what is none of Jakarta WebSocket's.
     *
     * @param listeningMillis how long after a Ping the connection's thread has to be free to read once, for silence to
     *     count
     */
    static Optional<Pinged> on(Object connection, long listeningMillis) {
        try {
            Object reader = Reflection.call(Reflection.call(connection, "getSourceChannel"), "getReadListener");
            Object channel = Reflection.get(reader, "this$0");
            Object listeners = Reflection.call(channel, "getReceiveSetter");
            Object listener = Reflection.call(listeners, "get");
            if (!(Reflection.get(listener, "session") instanceof Session session)) {
                return Optional.empty();
            }
            Object idleTimer = Reflection.get(channel, "idleTimeoutConduit");
            UndertowSession pinged = new UndertowSession(session, listener, idleTimer, listeningMillis);
            Class<?> type = type(channel, LISTENER);
            Object counting = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, pinged);
            listeners.getClass().getMethod("set", type).invoke(listeners, counting);
            return Optional.of(pinged);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Class<?> type(Object channel, String name) throws ClassNotFoundException {
        return Class.forName(name, false, channel.getClass().getClassLoader());
    }

    // What Undertow calls where something has come in.
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("handleEvent")) {
            received.incrementAndGet();
        }
        try {
            return method.invoke(listener, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause(); // Undertow's own
        } finally {
            ourLast = System.currentTimeMillis();
        }
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public long framesReceived() {
        return received.get();
    }

    /**
     * While the thread that reads is at work, on this session or on another, the client's silence proves nothing. Endpoints
     * work on it too, unless told otherwise.
     */
    @Override
    public long signsOfLife() {
        return received.get() + (reading ? excuses.get() : excuses.incrementAndGet());
    }

    /**
     * Undertow does not count what it sends, but its timer of idleness moves with every byte: where it has moved since our
     * last Ping and the last frame that came in, the application has sent something.
     */
    @Override
    public long framesSent() {
        long limit = session.getMaxIdleTimeout();
        try {
            if (limit > 0 && (long) Reflection.get(idleTimer, "expireTime") - limit > ourLast) {
                ourLast = System.currentTimeMillis();
                sent.incrementAndGet();
            }
        } catch (ReflectiveOperationException e) {
            // checked at start
        }
        return sent.get();
    }

    @Override
    public long idleLimitNanos() {
        return TimeUnit.MILLISECONDS.toNanos(session.getMaxIdleTimeout());
    }

    @Override
    public void ping(byte[] payload) throws IOException {
        listen();
        session.getAsyncRemote().sendPing(ByteBuffer.wrap(payload));
        sent.incrementAndGet();
        ourLast = System.currentTimeMillis();
    }

    // Not at once: the thread may get to other work while the Pong is on its way.
    private void listen() {
        reading = false;
        try {
            inThreadAfter(session, listeningMillis, () -> reading = true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            reading = true; // a version that looks different, or a server that stops
        }
    }

    @Override
    public void close(int code, String reason) {
        closeSoon(session);
        try {
            session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
        } catch (IOException | IllegalStateException e) {
            // The connection is lost already.
        }
    }

    @Override
    public void stop() {
        // Its container closes it.
    }

    /**
     * Closes the connection of a session in two seconds, by when a Close that is sent now is answered, or will not be:
     * Undertow waits for that for ever. Has no effect on another container.
     */
    static void closeSoon(Session session) {
        if (!session.getClass().getName().startsWith("io.undertow.")) {
            return;
        }
        try {
            inThreadAfter(session, 2_000, () -> {
                try {
                    Reflection.call(session, "forceClose");
                } catch (ReflectiveOperationException e) {
                    // a version that looks different
                }
            });
        } catch (ReflectiveOperationException | RuntimeException e) {
            // a version that looks different, or a server that stops
        }
    }

    private static void inThreadAfter(Session session, long millis, Runnable task) throws ReflectiveOperationException {
        Object channel = Reflection.call(session, "getWebSocketChannel");
        type(channel, EXECUTOR)
                .getMethod("executeAfter", Runnable.class, long.class, TimeUnit.class)
                .invoke(Reflection.call(channel, "getIoThread"), task, millis, TimeUnit.MILLISECONDS);
    }
}
