package io.github.firmshake.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import java.util.List;

/** The order of filters on Undertow. Its API is public, but not on the class path of an application. */
final class UndertowFilters {

    private UndertowFilters() {}

    /**
     * Puts a filter in front of all that are there. Undertow puts one that is not "after" behind those that were so before,
     * such as Spring Security's.
     */
    static void putFirst(ServletContext context, String filter) {
        try {
            if (!isFirst(context, filter)) {
                Object application = application(context);
                application
                        .getClass()
                        .getMethod(
                                "insertFilterUrlMapping", int.class, String.class, String.class, DispatcherType.class)
                        .invoke(application, 0, filter, "/*", DispatcherType.REQUEST);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // It stays where it is, and the start line does not say where.
        }
    }

    /** Where a filter stands. */
    static Place placeOf(ServletContext context, String filter) {
        try {
            return isFirst(context, filter) ? Place.FRONT : Place.BEHIND_OTHERS;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Place.UNKNOWN;
        }
    }

    private static boolean isFirst(ServletContext context, String filter) throws ReflectiveOperationException {
        List<?> mappings = (List<?>) Reflection.call(application(context), "getFilterMappings");
        return !mappings.isEmpty() && filter.equals(Reflection.call(mappings.get(0), "getFilterName"));
    }

    private static Object application(ServletContext context) throws ReflectiveOperationException {
        Object deployment = Reflection.call(context, "getDeployment");
        return deployment
                .getClass()
                .getClassLoader()
                .loadClass("io.undertow.servlet.api.Deployment")
                .getMethod("getDeploymentInfo")
                .invoke(deployment);
    }
}
