package io.github.firmshake.filter;

/**
 * What can only be had from Undertow's exchange. Its API is public, but not on the class path of an application; where it
 * is not as expected, the request passes as it came.
 */
final class Undertow {

    private static final String SERVLET_CONTEXT = "io.undertow.servlet.handlers.ServletRequestContext";
    private static final String HTTP_STRING = "io.undertow.util.HttpString";

    private Undertow() {}

    /** Puts the current exchange into canonical form; its connection then survives the upgrade. */
    static void upgrade() {
        try {
            Object exchange = exchange();
            Object headers = Reflection.call(exchange, "getRequestHeaders");
            Class<?> name = type(HTTP_STRING);
            var put = headers.getClass().getMethod("put", name, String.class);
            put.invoke(headers, httpString("Upgrade"), "websocket");
            put.invoke(headers, httpString("Connection"), "Upgrade");
            exchange.getClass().getMethod("setPersistent", boolean.class).invoke(exchange, true);
            setHttp11(exchange);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Undertow answers the damaged head, and the line says what it answered.
        }
    }

    /** Undertow would answer an HTTP/1.0 request with an HTTP/1.0 status line, which downgrades pooled connections. */
    static void answerAsHttp11() {
        try {
            setHttp11(exchange());
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The refusal still closes the connection.
        }
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
