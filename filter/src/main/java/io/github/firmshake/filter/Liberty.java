package io.github.firmshake.filter;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;

/** Reaches into Open Liberty by reflection; where a member is not there, Liberty answers as it would. */
final class Liberty {

    private Liberty() {}

    /**
     * Makes the 101 of a request that has been upgraded, and not yet answered, the one that HTTP/1.1 with
     * {@code Connection: Upgrade} would have got. Liberty decides on the version, {@code Keep-Alive} and {@code Close} by
     * the head that was received, below every wrapper.
     */
    static void upgraded(ServletRequest request) {
        try {
            Object response = response(request);
            setHttp11(response);
            Object connection = Reflection.get(response, "isc");
            connection.getClass().getMethod("setPersistent", boolean.class).invoke(connection, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A Liberty that looks different inside.
        }
    }

    /** Has a request answered with an HTTP/1.1 status line. Not for bodies of unknown length: they would be in chunks. */
    static void answerAsHttp11(ServletRequest request) {
        try {
            setHttp11(response(request));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A Liberty that looks different inside.
        }
    }

    private static Object response(ServletRequest request) throws ReflectiveOperationException {
        ServletRequest own = request;
        while (own instanceof ServletRequestWrapper wrapper) {
            own = wrapper.getRequest();
        }
        Object connection = Reflection.call(Reflection.get(own, "_request"), "getHttpInboundConnection");
        return Reflection.call(connection, "getResponse");
    }

    private static void setHttp11(Object response) throws ReflectiveOperationException {
        response.getClass().getMethod("setVersion", String.class).invoke(response, "HTTP/1.1");
    }
}
