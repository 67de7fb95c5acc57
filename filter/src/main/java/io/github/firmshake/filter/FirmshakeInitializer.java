package io.github.firmshake.filter;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
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
        FirmshakeListener.register(context);
        // Its turn comes when the container's WebSocket support is there.
        context.addListener(FirmshakeListener.class);
    }
}
