package io.github.firmshake.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.EnumSet;
import java.util.Map;

/**
 * Registers {@link FirmshakeFilter} in front of every other filter, the container's own WebSocket filter included.
 * Settings are context-params named {@code firmshake.NAME}.
 *
 * <pre>{@code
 * <listener>
 *   <listener-class>io.github.firmshake.filter.FirmshakeListener</listener-class>
 * </listener>
 * }</pre>
 *
 * <p>A filter of that class which is declared already is adopted, not doubled; its init-params win over context-params.
 */
public final class FirmshakeListener implements ServletContextListener {

    private static final String NAME = "firmshake";

    /** Created by the container. */
    public FirmshakeListener() {}

    /**
     * Registers the filter, and the heartbeat's endpoint where the container has to serve it. What is wrong with settings
     * is thrown when the container initializes the filter.
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        deploy(context, register(context).getInitParameters());
    }

    static void deploy(ServletContext context, Map<String, String> initParameters) {
        // Without the attribute the classes of Jakarta WebSocket may lack too.
        if (context.getAttribute("jakarta.websocket.server.ServerContainer") != null) {
            JakartaHeartbeat.deploy(context, initParameters);
        }
    }

    static FilterRegistration register(ServletContext context) {
        for (FilterRegistration declared : context.getFilterRegistrations().values()) {
            if (FirmshakeFilter.class.getName().equals(declared.getClassName())) {
                adopt(declared);
                return declared;
            }
        }
        FilterRegistration.Dynamic filter = context.addFilter(NAME, FirmshakeFilter.class);
        if (filter == null) {
            throw new IllegalStateException("a filter named \"" + NAME + "\" of another class is declared in "
                    + context.getContextPath() + ": Firmshake needs that name");
        }
        adopt(filter);
        return filter;
    }

    private static void adopt(FilterRegistration filter) {
        if (filter instanceof FilterRegistration.Dynamic dynamic) {
            // A filter without it breaks every asynchronous servlet behind it.
            dynamic.setAsyncSupported(true);
        }
        if (filter.getUrlPatternMappings().isEmpty()
                && filter.getServletNameMappings().isEmpty()) {
            // Not "after": the container's WebSocket filter is registered already when listeners run.
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        }
    }
}
