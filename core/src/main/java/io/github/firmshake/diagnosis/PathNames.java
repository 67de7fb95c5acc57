package io.github.firmshake.diagnosis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name under which the log counts a path: the mapping that the adapter knows, else the first segment behind the
 * context. A client can invent any number of segments: 64 are told apart, 16 of them from one network, and paths to which
 * nothing is mapped count as one. Thread-safe.
 */
final class PathNames {

    static final String NOTHING_THERE = "(nothing mapped)";
    static final String OTHERS = "(other paths)";
    static final int MAX_SEGMENTS = 64;
    private static final int SEGMENTS_OF_A_NETWORK = 16;
    private static final int MAX_LENGTH = 75;

    // The network that brought each segment, the least recently seen first.
    private final Map<String, String> segments = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_SEGMENTS;
        }
    };

    /**
     * The pattern of one request's path.
     *
     * @param mapping what the adapter knows to be mapped there, or null
     * @param context the path of its context, which is no segment of its own
     * @param path the path
     * @param network where it came from
     * @param nothingThere whether the answer shows that nothing is mapped there
     */
    synchronized String of(
            @Nullable String mapping, String context, String path, String network, boolean nothingThere) {
        if (mapping != null) {
            return mapping;
        }
        if (nothingThere) {
            return NOTHING_THERE;
        }
        String segment = firstSegment(context, path);
        if (segments.get(segment) == null) {
            if (Collections.frequency(segments.values(), network) >= SEGMENTS_OF_A_NETWORK) {
                return OTHERS;
            }
            segments.put(segment, network);
        }
        return segment;
    }

    private static String firstSegment(String context, String path) {
        int start = path.startsWith(context) ? context.length() : 0;
        int end = path.indexOf('/', start + 1);
        return path.substring(0, Math.min(end < 0 ? path.length() : end, start + MAX_LENGTH));
    }
}
