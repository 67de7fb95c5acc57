package io.github.firmshake.filter;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What can only be had from Tomcat by reflection, since its classes are not on the class path of an application. Tested
 * on 10.1 and 11; where a member is not there, nothing breaks and the feature is missing.
 */
final class Tomcat {

    private static final String WS_FILTER = "org.apache.tomcat.websocket.server.WsFilter";

    private Tomcat() {}

    /** Where this filter stands, from the order of filter mappings. */
    static Place placeOf(FilterConfig config) {
        ServletContext context = config.getServletContext();
        try {
            // ApplicationContextFacade -> ApplicationContext -> StandardContext
            Object standardContext = Reflection.get(Reflection.get(context, "context"), "context");
            for (Object mapping : (Object[]) Reflection.call(standardContext, "findFilterMaps")) {
                String name = (String) Reflection.call(mapping, "getFilterName");
                if (name.equals(config.getFilterName())) {
                    return hasWsFilter(standardContext) ? Place.FIRST : Place.ALONE;
                }
                if (isWsFilter(standardContext, name)) {
                    return Place.BEHIND;
                }
            }
            return Place.UNKNOWN;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Place.UNKNOWN;
        }
    }

    private static boolean hasWsFilter(Object standardContext) throws ReflectiveOperationException {
        for (Object mapping : (Object[]) Reflection.call(standardContext, "findFilterMaps")) {
            if (isWsFilter(standardContext, (String) Reflection.call(mapping, "getFilterName"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWsFilter(Object standardContext, String filterName) throws ReflectiveOperationException {
        Object definition = standardContext
                .getClass()
                .getMethod("findFilterDef", String.class)
                .invoke(standardContext, filterName);
        return definition != null && WS_FILTER.equals(Reflection.call(definition, "getFilterClass"));
    }

    /** Whether the application has a WebSocket endpoint at a path, relative to its context. */
    static boolean hasEndpoint(ServletContext context, String path) {
        Object container = context.getAttribute("jakarta.websocket.server.ServerContainer");
        try {
            return container != null
                    && container
                                    .getClass()
                                    .getMethod("findMapping", String.class)
                                    .invoke(container, path)
                            != null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Closes a connection that was upgraded. The streams only note that they are closed; what closes the socket is the
     * next event on it, and from a client that is gone none comes. While Tomcat calls us for this connection it looks at
     * the streams itself when we return.
     */
    static void close(ServletInputStream in, ServletOutputStream out) {
        try {
            in.close();
            out.close();
        } catch (IOException | RuntimeException e) {
            // Closed for writing: lost already.
        }
        try {
            Object socket = Reflection.get(out, "socketWrapper");
            if (!isLockedHere(socket)) {
                stop(socket);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A Tomcat that looks different inside: the socket stays until its other side says something.
        }
    }

    private static boolean isLockedHere(Object socket) throws ReflectiveOperationException {
        try {
            return Reflection.call(socket, "getLock") instanceof ReentrantLock lock && lock.isHeldByCurrentThread();
        } catch (NoSuchMethodException e) {
            return Thread.holdsLock(socket); // Tomcat 10.0, in TomEE 9
        }
    }

    // On this thread: Tomcat's pool may answer an event with a new thread. On JDK 17 a thread keeps the access control
    // context of its creator for all its life, and with ours the class loader of an undeployed application.
    private static void stop(Object socket) throws ReflectiveOperationException {
        for (Method method : socket.getClass().getMethods()) {
            if (method.getName().equals("processSocket")) { // (SocketEvent, boolean dispatch)
                for (Object event : method.getParameterTypes()[0].getEnumConstants()) {
                    if (event.toString().equals("STOP")) {
                        method.invoke(socket, event, false);
                    }
                }
            }
        }
    }
}
