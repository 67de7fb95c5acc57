package io.github.firmshake.filter;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings as given: context-params named {@code firmshake.NAME}, and over them the filter's init-params. */
final class Parameters {

    private static final String PREFIX = "firmshake.";

    private Parameters() {}

    static Map<String, String> of(FilterConfig config) {
        Map<String, String> own = new LinkedHashMap<>();
        for (String name : Collections.list(config.getInitParameterNames())) {
            own.put(name, config.getInitParameter(name));
        }
        return of(config.getServletContext(), own);
    }

    static Map<String, String> of(ServletContext context, Map<String, String> own) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : Collections.list(context.getInitParameterNames())) {
            if (name.startsWith(PREFIX)) {
                given.put(name.substring(PREFIX.length()), context.getInitParameter(name));
            }
        }
        given.putAll(own);
        return given;
    }
}
