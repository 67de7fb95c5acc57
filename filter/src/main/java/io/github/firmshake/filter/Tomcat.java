package io.github.firmshake.filter;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;

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
}
