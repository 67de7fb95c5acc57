package io.github.firmshake.filter;

import jakarta.servlet.ServletContext;
import java.util.List;

/** What a filter can see of Jetty, by reflection: a web application is not shown its classes. */
final class Jetty {

    private static final String MAPPINGS = "org.eclipse.jetty.websocket.core.server.WebSocketMappings";

    private Jetty() {}

    /**
     * Whether an endpoint lives at a path, Jakarta's or Jetty's own kind. Jetty takes a second one there without a word.
     */
    static boolean hasEndpoint(ServletContext context, String path) {
        Object mappings = context.getAttribute(MAPPINGS);
        if (mappings == null) {
            return false;
        }
        try {
            for (String kind : List.of("UriTemplatePathSpec", "ServletPathSpec")) {
                Object wanted =
                        load(mappings, kind).getConstructor(String.class).newInstance(path);
                Object found = mappings.getClass()
                        .getMethod("getWebSocketNegotiator", load(mappings, "PathSpec"))
                        .invoke(mappings, wanted);
                if (found != null) {
                    return true;
                }
            }
            return false;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false; // a version that looks different
        }
    }

    private static Class<?> load(Object mappings, String name) throws ClassNotFoundException {
        return Class.forName(
                "org.eclipse.jetty.http.pathmap." + name,
                false,
                mappings.getClass().getClassLoader());
    }
}
