package io.github.firmshake.filter;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can only be had from Undertow's exchange. Its API is public, but not on the class path of an application; where it
 * is not as expected, the request passes as it came.
 */
final class Undertow {

    private static final String SERVLET_CONTEXT = "io.undertow.servlet.handlers.ServletRequestContext";
    private static final String HTTP_STRING = "io.undertow.util.HttpString";
    private static final String WRAPPER = "io.undertow.server.ConduitWrapper";
    private static final String FACTORY = "io.undertow.util.ConduitFactory";
    private static final String COMPLETION = "io.undertow.server.ExchangeCompletionListener";
    private static final String NEXT = "io.undertow.server.ExchangeCompletionListener$NextListener";
    private static final String UPGRADE = "io.undertow.server.HttpUpgradeListener";

    /** A private member of an HTTP/1.x connection. */
    static final String UPGRADE_LISTENER = "upgradeListener";

    private final Object exchange;

    private Undertow(HttpServletRequest request) throws ReflectiveOperationException {
        // The context's class is Undertow's own, so its loader knows Undertow; an application's need not.
        ClassLoader servlets = request.getServletContext().getClass().getClassLoader();
        Object current = Class.forName(SERVLET_CONTEXT, true, servlets)
                .getMethod("requireCurrent")
                .invoke(null);
        exchange = Reflection.call(current, "getExchange");
    }

    @FunctionalInterface
    private interface Listener {
        @Nullable
        Object on(Object[] arguments) throws ReflectiveOperationException;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws ReflectiveOperationException;
    }

    @FunctionalInterface
    private interface Use {
        void of(Undertow undertow) throws ReflectiveOperationException;
    }

    /**
     * Puts the exchange of a request into canonical form. Its connection then survives the upgrade; any other answer is
     * framed, and closes or not, as the client's own version and Connection want it.
     */
    static void upgrade(HttpServletRequest request) {
        with(request, undertow -> {
            Object protocol = undertow.get("getProtocol");
            Object persistent = undertow.get("isPersistent");
            undertow.putHeader("getRequestHeaders", "Upgrade", "websocket");
            undertow.putHeader("getRequestHeaders", "Connection", "Upgrade");
            undertow.setHttp11();
            undertow.setPersistent(true);
            undertow.aroundFraming(
                    () -> {
                        if (!undertow.get("getStatusCode").equals(101)) {
                            undertow.setProtocol(protocol);
                            undertow.setPersistent(persistent);
                        }
                    },
                    undertow::setHttp11);
        });
    }

    /**
     * Has a request that came as HTTP/1.0 answered with an HTTP/1.1 status line. Undertow would write an HTTP/1.0 one, and
     * a proxy that sees it on a pooled connection speaks HTTP/1.0 there from then on. The body is framed for HTTP/1.0 all
     * the same, and the application sees the version that was sent.
     */
    static void answerAsHttp11(HttpServletRequest request) {
        with(request, undertow -> undertow.aroundFraming(() -> {}, undertow::setHttp11));
    }

    /**
     * Has a request answered with an HTTP/1.1 status line and then closed. Undertow does not close for
     * {@code Connection: Upgrade, close}; where it closes by itself it makes {@code close} of that; and what it held back
     * because another request had come behind this one, it forgets when it closes.
     */
    static void refuse(HttpServletRequest request) {
        with(request, undertow -> {
            undertow.setPersistent(false);
            Object[] connection = new Object[1];
            undertow.aroundFraming(() -> connection[0] = undertow.header("getResponseHeaders", "Connection"), () -> {
                undertow.putHeader("getResponseHeaders", "Connection", connection[0]);
                undertow.setHttp11();
            });
            undertow.whenComplete(undertow::flushPipeline);
        });
    }

    /** Closes the connection of a request, whose body would be waited for. */
    static void close(HttpServletRequest request) {
        with(request, undertow -> Reflection.call(undertow.get("getConnection"), "close"));
    }

    /** Hands a connection over that is being upgraded, once its new protocol has it. */
    static void whenUpgraded(HttpServletRequest request, Consumer<Object> taker) {
        with(request, undertow -> {
            if (!undertow.get("isUpgrade").equals(true)) {
                return;
            }
            Object own = Reflection.get(undertow.get("getConnection"), UPGRADE_LISTENER);
            Method upgrade = undertow.type(UPGRADE).getMethods()[0]; // it has one
            undertow.listen("upgradeChannel", UPGRADE, arguments -> {
                upgrade.invoke(own, arguments);
                taker.accept(arguments[0]);
                return null;
            });
        });
    }

    /** The address at the other end of a request's connection, whatever its fields say; null if it cannot be had. */
    static @Nullable String peer(HttpServletRequest request) {
        try {
            Object connection = new Undertow(request).get("getConnection");
            return Reflection.call(connection, "getPeerAddress") instanceof InetSocketAddress peer
                    ? peer.getAddress().getHostAddress()
                    : null; // such as a socket of the file system
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static void with(HttpServletRequest request, Use use) {
        try {
            use.of(new Undertow(request));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Undertow does what it does without us, and the line says what it answered.
        }
    }

    // When the answer begins, Undertow decides how a body is framed and whether the connection closes; then it writes
    // the head.
    private void aroundFraming(Step before, Step behind) throws ReflectiveOperationException {
        Method create = type(FACTORY).getMethod("create");
        listen("addResponseWrapper", WRAPPER, arguments -> {
            attempt(before);
            Object conduit = create.invoke(arguments[0]);
            attempt(behind);
            return conduit;
        });
    }

    private void whenComplete(Step step) throws ReflectiveOperationException {
        Method proceed = type(NEXT).getMethod("proceed");
        listen("addExchangeCompleteListener", COMPLETION, arguments -> {
            attempt(step);
            return proceed.invoke(arguments[1]);
        });
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The answer goes out as Undertow makes it.
        }
    }

    private void listen(String method, String name, Listener listener) throws ReflectiveOperationException {
        Class<?> type = type(name);
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                    try {
                        return listener.on(arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause(); // Undertow's own
                    }
                });
        exchange.getClass().getMethod(method, type).invoke(exchange, proxy);
    }

    private void flushPipeline() throws ReflectiveOperationException {
        Object buffer = Reflection.call(get("getConnection"), "getPipelineBuffer");
        if (buffer != null) {
            Reflection.call(buffer, "flushPipelinedData");
        }
    }

    private Object get(String method) throws ReflectiveOperationException {
        return Reflection.call(exchange, method);
    }

    private Object header(String headers, String name) throws ReflectiveOperationException {
        Object map = get(headers);
        return map.getClass().getMethod("getFirst", type(HTTP_STRING)).invoke(map, httpString(name));
    }

    private void putHeader(String headers, String name, Object value) throws ReflectiveOperationException {
        Object map = get(headers);
        map.getClass().getMethod("put", type(HTTP_STRING), String.class).invoke(map, httpString(name), value);
    }

    private void setPersistent(Object persistent) throws ReflectiveOperationException {
        exchange.getClass().getMethod("setPersistent", boolean.class).invoke(exchange, persistent);
    }

    private void setHttp11() throws ReflectiveOperationException {
        setProtocol(httpString("HTTP/1.1"));
    }

    private void setProtocol(Object protocol) throws ReflectiveOperationException {
        exchange.getClass().getMethod("setProtocol", type(HTTP_STRING)).invoke(exchange, protocol);
    }

    private Object httpString(String value) throws ReflectiveOperationException {
        return type(HTTP_STRING).getConstructor(String.class).newInstance(value);
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, exchange.getClass().getClassLoader());
    }
}
