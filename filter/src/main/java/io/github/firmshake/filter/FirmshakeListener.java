package io.github.firmshake.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
                startNow(context, declared, FirmshakeFilter::settings);
                return declared;
            }
        }
        FirmshakeFilter filter = new FirmshakeFilter();
        FilterRegistration.Dynamic registration = context.addFilter(NAME, filter);
        if (registration == null) {
            throw new IllegalStateException("a filter named \"" + NAME + "\" of another class is declared in "
                    + context.getContextPath() + ": Firmshake needs that name");
        }
        adopt(registration);
        startNow(context, registration, filter::init);
        return registration;
    }

    @FunctionalInterface
    private interface Start {
        void with(FilterConfig config) throws ServletException;
    }

    // A bad setting fails the deployment, not the first request.
    private static void startNow(ServletContext context, FilterRegistration filter, Start start) {
        if (!Host.of(context).startsFiltersLate()) {
            return;
        }
        try {
            start.with(new DeclaredConfig(filter.getName(), context, filter.getInitParameters()));
        } catch (ServletException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void adopt(FilterRegistration filter) {
        if (filter instanceof FilterRegistration.Dynamic dynamic) {
            // A filter without it breaks every asynchronous servlet behind it.
            dynamic.setAsyncSupported(true);
        }
        if (isEmpty(filter.getUrlPatternMappings()) && isEmpty(filter.getServletNameMappings())) {
            // Not "after": the container's WebSocket filter is registered already when listeners run.
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        }
    }

    // Open Liberty gives null where there are none.
    private static boolean isEmpty(@Nullable Collection<String> mappings) {
        return mappings == null || mappings.isEmpty();
    }
}
