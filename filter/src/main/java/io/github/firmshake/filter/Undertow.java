package io.github.firmshake.filter;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What can only be had from Undertow's exchange. Its API is public, but not on the class path of an application; where it
 * is not as expected, the request passes as it came.
 */
final class Undertow {

    private static final String SERVLET_CONTEXT = "io.undertow.servlet.handlers.ServletRequestContext";
    private static final String HTTP_STRING = "io.undertow.util.HttpString";
    private static final String COMMIT = "io.undertow.server.ResponseCommitListener";
    private static final String WRAPPER = "io.undertow.server.ConduitWrapper";
    private static final String FACTORY = "io.undertow.util.ConduitFactory";

    private Undertow() {}

    @FunctionalInterface
    private interface Listener {
        @Nullable
        Object on(Object[] arguments) throws ReflectiveOperationException;
    }

    /** Puts the current exchange into canonical form; its connection then survives the upgrade, and nothing else. */
    static void upgrade() {
        try {
            Object exchange = exchange();
            Object headers = Reflection.call(exchange, "getRequestHeaders");
            Class<?> name = type(HTTP_STRING);
            Method put = headers.getClass().getMethod("put", name, String.class);
            put.invoke(headers, httpString("Upgrade"), "websocket");
            put.invoke(headers, httpString("Connection"), "Upgrade");
            setHttp11(exchange);
            if (!(boolean) Reflection.call(exchange, "isPersistent")) {
                setPersistent(exchange, true);
                listen(exchange, "addResponseCommitListener", COMMIT, arguments -> {
                    boolean switched =
                            Reflection.call(exchange, "getStatusCode").equals(101);
                    setPersistent(exchange, switched); // any other answer closes, as the client asked
                    return null;
                });
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Undertow answers the damaged head, and the line says what it answered.
        }
    }

    /**
     * Has the current exchange answered with an HTTP/1.1 status line and then closed. Undertow would answer an HTTP/1.0
     * request with an HTTP/1.0 status line, which downgrades pooled connections; does not close for
     * {@code Connection: Upgrade, close}; and where it closes by itself makes {@code close} of that, the last thing before
     * the head is written.
     */
    static void refuse() {
        try {
            Object exchange = exchange();
            setHttp11(exchange);
            setPersistent(exchange, false);
            Object headers = Reflection.call(exchange, "getResponseHeaders");
            Class<?> name = type(HTTP_STRING);
            Method get = headers.getClass().getMethod("getFirst", name);
            Method put = headers.getClass().getMethod("put", name, String.class);
            listen(exchange, "addResponseWrapper", WRAPPER, arguments -> {
                Object connection = get.invoke(headers, httpString("Connection"));
                Object conduit = type(FACTORY).getMethod("create").invoke(arguments[0]);
                put.invoke(headers, httpString("Connection"), connection);
                return conduit;
            });
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The refusal says close, and the client closes.
        }
    }

    /** Closes the connection of the current exchange, whose body would be waited for. */
    static void close() {
        try {
            Reflection.call(Reflection.call(exchange(), "getConnection"), "close");
        } catch (ReflectiveOperationException | RuntimeException e) {
            // It is closed when the body has come, or the idle timeout.
        }
    }

    private static void listen(Object exchange, String method, String name, Listener listener)
            throws ReflectiveOperationException {
        Class<?> type = type(name);
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> listener.on(arguments));
        exchange.getClass().getMethod(method, type).invoke(exchange, proxy);
    }

    private static void setPersistent(Object exchange, boolean persistent) throws ReflectiveOperationException {
        exchange.getClass().getMethod("setPersistent", boolean.class).invoke(exchange, persistent);
    }

    private static void setHttp11(Object exchange) throws ReflectiveOperationException {
        exchange.getClass().getMethod("setProtocol", type(HTTP_STRING)).invoke(exchange, httpString("HTTP/1.1"));
    }

    private static Object exchange() throws ReflectiveOperationException {
        Object current = type(SERVLET_CONTEXT).getMethod("requireCurrent").invoke(null);
        return Reflection.call(current, "getExchange");
    }

    private static Object httpString(String value) throws ReflectiveOperationException {
        return type(HTTP_STRING).getConstructor(String.class).newInstance(value);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
    }
}
