package io.github.firmshake.filter;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat's HTTP/1.1 connector decided on a head, before any filter or valve could repair it. Its members are
 * private; where they are not as expected, nothing breaks and lenient clients take the 101 as it is.
 */
public final class TomcatConnector {

    private TomcatConnector() {}

    /**
     * Makes the 101 of a request that has been upgraded, and not yet answered, the one that HTTP/1.1 with
     * {@code Connection: Upgrade} would have got. Without it the connector adds {@code Connection: close}, also where it
     * takes no more requests on a connection, or {@code keep-alive}, and strict clients, the JDK's among them, refuse a
     * 101 with either. Called after the upgrade, so that no other response is ever kept alive against the client's wish.
     *
     * @param coyoteRequest an {@code org.apache.coyote.Request}
     */
    public static void answerAsHttp11(Object coyoteRequest) {
        try {
            Object headers = Reflection.call(coyoteRequest, "getMimeHeaders");
            // Rather than removed: access logs show it.
            Object connection =
                    headers.getClass().getMethod("setValue", String.class).invoke(headers, "Connection");
            connection.getClass().getMethod("setString", String.class).invoke(connection, "Upgrade");
            Object processor = Reflection.get(coyoteRequest, "hook");
            Reflection.set(processor, "keepAlive", true);
            Reflection.set(processor, "http11", true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A Tomcat that looks different inside.
        }
    }

    /** The same for a servlet request, as far as it is Tomcat's. */
    static void answerAsHttp11(ServletRequest request) {
        try {
            answerAsHttp11(coyoteRequest(request));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another container.
        }
    }

    /**
     * Closes the connection of a request that has been answered, although its body has not come yet: Tomcat would wait for
     * it until its timeout, even where the answer said {@code Connection: close}.
     */
    static void leaveBody(ServletRequest request) {
        try {
            Object coyoteRequest = coyoteRequest(request);
            Class<?> code = Class.forName(
                    "org.apache.coyote.ActionCode",
                    true,
                    coyoteRequest.getClass().getClassLoader());
            coyoteRequest
                    .getClass()
                    .getMethod("action", code, Object.class)
                    .invoke(
                            coyoteRequest,
                            code.getField("DISABLE_SWALLOW_INPUT").get(null),
                            null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A Tomcat that looks different inside: it closes the connection later.
        }
    }

    private static Object coyoteRequest(ServletRequest request) throws ReflectiveOperationException {
        ServletRequest facade = request;
        while (facade instanceof ServletRequestWrapper wrapper) {
            facade = wrapper.getRequest();
        }
        return Reflection.call(Reflection.get(facade, "request"), "getCoyoteRequest");
    }

    /**
     * The handler that takes over the connection of a request which was upgraded, or null where there is none.
     *
     * @param coyoteRequest an {@code org.apache.coyote.Request}
     */
    public static @Nullable Object upgradeHandler(Object coyoteRequest) {
        try {
            Object token = Reflection.call(Reflection.get(coyoteRequest, "hook"), "getUpgradeToken");
            return Reflection.get(token, "httpUpgradeHandler");
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
