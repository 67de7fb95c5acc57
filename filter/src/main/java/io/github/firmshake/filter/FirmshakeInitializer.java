package io.github.firmshake.filter;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link FirmshakeListener} does, for the dropin jar, which names it as a service. Containers run initializers
 * in every application; they read no web fragment where the application's web.xml says {@code metadata-complete="true"}
 * (Jakarta Servlet 6.0 section 8.2.1).
 */
public final class FirmshakeInitializer implements ServletContainerInitializer {

    /** Created by the container. */
    public FirmshakeInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        FilterRegistration filter = FirmshakeListener.register(context);
        if (filter != null && Host.of(context) != Host.TOMCAT) {
            context.addListener(new EndpointDeployer(filter.getName(), filter.getInitParameters()));
        }
    }

    /**
     * Deploys the heartbeat's endpoint when the container's WebSocket support is there. It is no FirmshakeListener: one that
     * was added by a program may not register filters (Jakarta Servlet 6.0 section 4.4).
     */
    private record EndpointDeployer(String filter, Map<String, String> initParameters)
            implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            if (filter.equals(FirmshakeListener.NAME)) { // else somebody has chosen its place
                Host.of(context).putFirst(context, filter); // initializers behind ours may have registered others
            }
            FirmshakeListener.deploy(context, initParameters);
        }
    }
}
