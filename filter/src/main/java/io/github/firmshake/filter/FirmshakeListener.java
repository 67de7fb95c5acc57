package io.github.firmshake.filter;

import io.github.firmshake.handshake.Configuration;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.lang.System.Logger.Level;
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

    static final String NAME = "firmshake";

    /** Created by the container. */
    public FirmshakeListener() {}

    /**
     * Registers the filter, and the heartbeat's endpoint where the container has to serve it. What is wrong with settings
     * is thrown when the container initializes the filter.
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        FilterRegistration filter = register(context);
        if (filter != null) {
            deploy(context, filter.getInitParameters());
        }
    }

    static void deploy(ServletContext context, Map<String, String> initParameters) {
        // Without the attribute the classes of Jakarta WebSocket may lack too.
        if (context.getAttribute("jakarta.websocket.server.ServerContainer") != null) {
            JakartaHeartbeat.deploy(context, initParameters);
        }
    }

    /** Registers the filter; null where Firmshake is switched off. */
    static @Nullable FilterRegistration register(ServletContext context) {
        for (FilterRegistration declared : context.getFilterRegistrations().values()) {
            if (FirmshakeFilter.class.getName().equals(declared.getClassName())) {
                if (isOff(context, declared.getInitParameters())) {
                    supportAsync(declared); // its requests pass through the filter all the same
                    return null;
                }
                adopt(declared);
                startNow(context, declared, FirmshakeFilter::configuration);
                return declared;
            }
        }
        if (isOff(context, Map.of())) {
            return null;
        }
        FirmshakeFilter filter = new FirmshakeFilter();
        FilterRegistration.Dynamic registration = context.addFilter(NAME, filter);
        if (registration == null) {
            throw new IllegalStateException("a filter named \"" + NAME + "\" of another class is declared in "
                    + context.getContextPath() + ": Firmshake needs that name");
        }
        adopt(registration);
        Host.of(context).putFirst(context, NAME);
        startNow(context, registration, filter::init);
        return registration;
    }

    private static boolean isOff(ServletContext context, Map<String, String> initParameters) {
        Map<String, String> configured = Parameters.of(context, initParameters);
        if (!Configuration.isSwitchedOff(configured)) {
            return false;
        }
        String where = "Firmshake in context \"" + context.getContextPath() + '"';
        FirmshakeFilter.sayOnce(
                context, Level.INFO, Configuration.of(configured).offLine(where));
        return true;
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

    // A filter without it breaks every asynchronous servlet behind it.
    private static void supportAsync(FilterRegistration filter) {
        if (filter instanceof FilterRegistration.Dynamic dynamic) {
            dynamic.setAsyncSupported(true);
        }
    }

    private static void adopt(FilterRegistration filter) {
        supportAsync(filter);
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
