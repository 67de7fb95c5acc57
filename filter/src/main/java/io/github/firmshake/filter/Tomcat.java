package io.github.firmshake.filter;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.reflect.Field;

/**
 * What can only be had from Tomcat by reflection, since its classes are not on the class path of an application. Tested
 * on 10.1 and 11; where a member is not there, nothing breaks and the feature is missing.
 */
final class Tomcat {

    private static final String WS_FILTER = "org.apache.tomcat.websocket.server.WsFilter";

    private Tomcat() {}

    static boolean isServing(ServletContext context) {
        return context.getClass().getName().startsWith("org.apache.catalina.");
    }

    /** Where this filter stands, from the order of filter mappings. */
    static Place placeOf(FilterConfig config) {
        ServletContext context = config.getServletContext();
        if (!isServing(context)) {
            return Place.UNKNOWN;
        }
        try {
            // ApplicationContextFacade -> ApplicationContext -> StandardContext
            Object standardContext = get(get(context, "context"), "context");
            for (Object mapping : (Object[]) call(standardContext, "findFilterMaps")) {
                String name = (String) call(mapping, "getFilterName");
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

    /**
     * Makes the 101 of an upgraded request the one that HTTP/1.1 with {@code Connection: Upgrade} would have got. The
     * connector decided on the damaged head, before any filter, to add {@code Connection: close} or
     * {@code keep-alive}; strict clients, the JDK's among them, refuse a 101 with either. Called after the upgrade, so
     * that no other response is ever kept alive against the client's wish.
     */
    static void answerAsHttp11(ServletRequest request) {
        try {
            ServletRequest facade = request;
            while (facade instanceof ServletRequestWrapper wrapper) {
                facade = wrapper.getRequest();
            }
            Object coyoteRequest = call(get(facade, "request"), "getCoyoteRequest");
            Object headers = call(coyoteRequest, "getMimeHeaders");
            headers.getClass().getMethod("removeHeader", String.class).invoke(headers, "Connection");
            Object processor = get(coyoteRequest, "hook");
            field(processor, "keepAlive").set(processor, true);
            field(processor, "http11").set(processor, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another container, or a Tomcat that looks different inside: lenient clients take its 101 as it is.
        }
    }

    private static boolean hasWsFilter(Object standardContext) throws ReflectiveOperationException {
        for (Object mapping : (Object[]) call(standardContext, "findFilterMaps")) {
            if (isWsFilter(standardContext, (String) call(mapping, "getFilterName"))) {
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
        return definition != null && WS_FILTER.equals(call(definition, "getFilterClass"));
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    private static Object get(Object target, String name) throws ReflectiveOperationException {
        return field(target, name).get(target);
    }

    private static Field field(Object target, String name) throws ReflectiveOperationException {
        for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(target.getClass().getName() + "." + name);
    }
}
