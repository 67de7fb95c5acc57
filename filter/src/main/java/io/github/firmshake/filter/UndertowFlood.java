package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.ByteBudget;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the client of the dedicated endpoint sends on Undertow, by its bytes: Undertow answers Pings, and joins the
 * parts of a message, before an endpoint is told. Called by the thread that reads the connection.
 */
final class UndertowFlood implements InvocationHandler {

    private static final String CONDUIT = "org.xnio.conduits.StreamSourceConduit";

    private final Object source;
    private final Runnable exceeded;
    private final ByteBudget budget = new ByteBudget(System.nanoTime());
    private boolean closing;

    private UndertowFlood(Object source, Runnable exceeded) {
        this.source = source;
        this.exceeded = exceeded;
    }

    /** Calls back once, when a session's client has sent too much. Has no effect on another container. */
    static void watch(Session session, Runnable exceeded) {
        if (!session.getClass().getName().startsWith("io.undertow.")) {
            return;
        }
        try {
            Object channel = Reflection.call(session, "getWebSocketChannel");
            Object reader = Reflection.call(Reflection.get(channel, "channel"), "getSourceChannel");
            Class<?> type = Class.forName(CONDUIT, false, reader.getClass().getClassLoader());
            Object counting = Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    new UndertowFlood(Reflection.call(reader, "getConduit"), exceeded));
            reader.getClass().getMethod("setConduit", type).invoke(reader, counting);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A version that looks different: its Pings are not bounded.
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean reads = method.getName().equals("read");
        int start = reads && arguments[0] instanceof Buffer buffer ? buffer.position() : 0;
        Object result;
        try {
            result = method.invoke(source, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause(); // a connection's own
        }
        if (reads && result instanceof Integer bytes && bytes > 0 && isTooMuch(bytes)) {
            // Read all the same: a connection that is closed with bytes unread is reset, and the Close lost.
            ((Buffer) arguments[0]).position(start);
            return 0;
        }
        return result;
    }

    private boolean isTooMuch(int bytes) {
        if (!closing && !budget.take(bytes, System.nanoTime())) {
            closing = true;
            exceeded.run();
        }
        return closing;
    }
}
