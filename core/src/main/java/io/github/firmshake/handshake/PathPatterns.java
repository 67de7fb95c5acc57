package io.github.firmshake.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servlet URL patterns (Jakarta Servlet 6.0 section 12.2): {@code /chat}, {@code /chat/*}, {@code *.ws}, {@code /*}.
 * Immutable.
 */
public final class PathPatterns {

    public static final PathPatterns NONE = new PathPatterns(List.of());

    private final List<String> patterns;

    private PathPatterns(List<String> patterns) {
        this.patterns = patterns;
    }

    /**
     * Reads patterns separated by commas or white space.
     *
     * @throws IllegalArgumentException naming the pattern that is none
     */
    public static PathPatterns parse(String list) {
        List<String> patterns = Settings.members(list);
        for (String pattern : patterns) {
            boolean extension = pattern.startsWith("*.") && pattern.length() > 2 && pattern.indexOf('/') < 0;
            boolean path = pattern.startsWith("/")
                    && (pattern.indexOf('*') < 0 || pattern.indexOf("/*") == pattern.length() - 2);
            if (!extension && !path) {
                throw new IllegalArgumentException(
                        "\"" + pattern + "\" is no servlet URL pattern, expected such as /chat, /chat/* or *.ws");
            }
        }
        return new PathPatterns(patterns);
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether a path, relative to the context, decoded and without parameters, matches one of them. */
    public boolean matches(String path) {
        return matching(path) != null;
    }

    /** The pattern that a path matches, or null. */
    public @Nullable String matching(String path) {
        for (String pattern : patterns) {
            if (matches(pattern, path)) {
                return pattern;
            }
        }
        return null;
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.startsWith("*.")) {
            return path.endsWith(pattern.substring(1));
        }
        if (pattern.endsWith("/*")) {
            String prefix = pattern.substring(0, pattern.length() - 2);
            return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
        }
        return path.equals(pattern);
    }

    /** The list as {@link #parse} reads it. */
    @Override
    public String toString() {
        return String.join(" ", patterns);
    }
}
