package io.github.firmshake.handshake;

import io.github.firmshake.handshake.HeartbeatSettings.PingSessions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings, with the same names and defaults in every adapter. Immutable; defaults stand here and
 * nowhere else.
 *
 * @param onInvalid what is done with a handshake that is not valid and not repaired
 * @param repair how far a repair may go
 * @param webSocketPaths paths that are WebSocket only
 * @param allowedOrigins origins checked here; empty: the application decides
 * @param heartbeat the heartbeat's
 * @param explainToClient how much a refusal's body says
 * @param logLimitPerMinute log lines a minute in all; 0: no limit
 * @param privacy what of paths and addresses may be shown
 */
public record Settings(
        OnInvalid onInvalid,
        RepairLevel repair,
        PathPatterns webSocketPaths,
        Origins allowedOrigins,
        HeartbeatSettings heartbeat,
        ExplainToClient explainToClient,
        int logLimitPerMinute,
        Privacy privacy) {

    /** The setting {@code onInvalid}. */
    public enum OnInvalid {
        /** Log, let the container answer. */
        REPORT,
        /** Answer ourselves, and close. */
        REJECT
    }

    /** The setting {@code explainToClient}. */
    public enum ExplainToClient {
        /** No body. */
        NONE,
        /** The reason code and a sentence. */
        CODE,
        /** Hop, evidence and fix too, which name the operator's topology. */
        FULL
    }

    // A line a second at the most, which no log rotation minds; one half of it belongs to WARN.
    private static final Map<String, String> DEFAULTS = defaults(
            "enabled", "true",
            "onInvalid", "report",
            "repair", "safe",
            "webSocketPaths", "",
            "allowedOrigins", "",
            "heartbeatPath", "/firmshake/heartbeat",
            "heartbeatOrigins", "same-origin",
            "heartbeatMaxSessions", "auto",
            "scriptPath", "/firmshake/firmshake.js",
            "pingSessions", "heartbeat",
            // Engine.IO and SockJS ask as often: below the 55 and 60 s of common proxies with one beat lost.
            "pingIntervalSeconds", "25",
            // As Engine.IO and python-websockets wait: a phone that changes networks answers within.
            "pongTimeoutSeconds", "20",
            "explainToClient", "code",
            "logLimitPerMinute", "60",
            "logPaths", "masked",
            "logPeer", "full");

    /** Names and defaults in the order of the reference page. */
    public static Map<String, String> defaults() {
        return DEFAULTS;
    }

    /**
     * Reads settings; what is not named has its default.
     *
     * @throws IllegalArgumentException for an unknown name or a bad value, naming the setting, the value, what is
     *     allowed, and the nearest known name
     */
    public static Settings parse(Map<String, String> given) {
        given.forEach((name, value) -> {
            if (!DEFAULTS.containsKey(name)) {
                throw new IllegalArgumentException("unknown setting " + name + "=\"" + value + "\"" + nearest(name)
                        + "; known: " + String.join(", ", DEFAULTS.keySet()));
            }
        });
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        values.putAll(given);
        read(values, "enabled", Settings::bool); // Configuration acts on it
        return new Settings(
                read(values, "onInvalid", value -> choice(OnInvalid.class, value)),
                read(values, "repair", value -> choice(RepairLevel.class, value)),
                read(values, "webSocketPaths", PathPatterns::parse),
                read(values, "allowedOrigins", Origins::parse),
                heartbeat(values),
                read(values, "explainToClient", value -> choice(ExplainToClient.class, value)),
                read(values, "logLimitPerMinute", number(0, 999_999)),
                new Privacy(
                        read(values, "logPaths", value -> choice(Privacy.LogPaths.class, value)),
                        read(values, "logPeer", value -> choice(Privacy.LogPeer.class, value))));
    }

    private static HeartbeatSettings heartbeat(Map<String, String> values) {
        HeartbeatSettings settings = new HeartbeatSettings(
                read(values, "heartbeatPath", Settings::path),
                read(values, "heartbeatOrigins", Origins::parse),
                read(values, "heartbeatMaxSessions", Settings::sessions),
                read(values, "scriptPath", Settings::path),
                read(values, "pingSessions", value -> choice(PingSessions.class, value)),
                read(values, "pingIntervalSeconds", number(0, 86_400)),
                read(values, "pongTimeoutSeconds", number(1, 86_400)));
        String path = settings.heartbeatPath();
        if (!path.isEmpty() && path.equals(settings.scriptPath())) {
            throw new IllegalArgumentException(
                    "setting scriptPath=\"" + path + "\": heartbeatPath is the same, expected two different paths");
        }
        return settings;
    }

    /**
     * The settings for handshakes at {@link HeartbeatSettings#heartbeatPath()}: origins are that endpoint's own, and what
     * is not valid is refused, since nobody else is there to answer.
     */
    public Settings atHeartbeatPath() {
        return new Settings(
                OnInvalid.REJECT,
                repair,
                webSocketPaths,
                heartbeat.heartbeatOrigins(),
                heartbeat,
                explainToClient,
                logLimitPerMinute,
                privacy);
    }

    /** What an operator may not expect of this combination, said once at start; empty where there is nothing. */
    public Optional<String> warning() {
        boolean checked = !allowedOrigins.toString().isEmpty();
        return checked && onInvalid == OnInvalid.REPORT
                ? Optional.of("allowedOrigins is reported but not enforced with onInvalid=report; "
                        + "onInvalid=reject refuses other origins")
                : Optional.empty();
    }

    /** Every setting with its value, for the start line. */
    @Override
    public String toString() {
        return "onInvalid=" + lower(onInvalid) + " repair=" + lower(repair) + " webSocketPaths=\"" + webSocketPaths
                + "\" allowedOrigins=\"" + allowedOrigins + "\" " + heartbeat + " explainToClient="
                + lower(explainToClient)
                + " logLimitPerMinute=" + logLimitPerMinute
                + " logPaths=" + lower(privacy.paths()) + " logPeer=" + lower(privacy.peer());
    }

    /** Members of a list separated by commas or white space. */
    static List<String> members(String list) {
        return Arrays.stream(list.split("[,\\s]+"))
                .filter(member -> !member.isEmpty())
                .toList();
    }

    private static <T> T read(Map<String, String> values, String name, Function<String, T> reader) {
        String value = values.get(name);
        try {
            return reader.apply(value.trim());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "setting " + name + "=\"" + Shown.onOneLine(value) + "\": " + e.getMessage(), e);
        }
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String value) {
        for (E constant : type.getEnumConstants()) {
            if (lower(constant).equals(value.toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new IllegalArgumentException("expected "
                + Arrays.stream(type.getEnumConstants()).map(Settings::lower).collect(Collectors.joining(", ")));
    }

    private static Function<String, Integer> number(int least, int most) {
        return value -> {
            int number = value.matches("\\d{1,6}") ? Integer.parseInt(value) : -1;
            if (number < least || number > most) {
                throw new IllegalArgumentException("expected a whole number from " + least + " to " + most);
            }
            return number;
        };
    }

    private static Boolean bool(String value) {
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return Boolean.valueOf(value);
        }
        throw new IllegalArgumentException("expected true, false");
    }

    /**
     * Checks one value by itself.
     *
     * @throws IllegalArgumentException as {@link #parse} throws it
     */
    static void check(String name, String value) {
        // Each of these two may not be the other one's default.
        Map<String, String> one = new LinkedHashMap<>(Map.of("heartbeatPath", "", "scriptPath", ""));
        one.put(name, value);
        parse(one);
    }

    private static int sessions(String value) {
        if (value.equalsIgnoreCase("auto")) {
            return HeartbeatSettings.sessionsIn(Runtime.getRuntime().maxMemory());
        }
        try {
            return number(1, 999_999).apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected auto or" + e.getMessage().substring("expected".length()), e);
        }
    }

    private static String path(String value) {
        if (value.isEmpty() || value.matches("/[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]")) {
            return value;
        }
        throw new IllegalArgumentException(
                "\"" + value + "\" is no path, expected such as /firmshake/x, or nothing to switch it off");
    }

    /** A question such as {@code , did you mean repair?}, or the empty string where no known name is near. */
    static String nearest(String name) {
        Optional<String> nearest =
                DEFAULTS.keySet().stream().min(Comparator.comparingInt(known -> distance(name, known)));
        return nearest.filter(known -> distance(name, known) <= Math.max(2, known.length() / 3))
                .map(known -> ", did you mean " + known + "?")
                .orElse("");
    }

    // Edit distance with transpositions of neighbours, so that "repiar" is one step from "repair".
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = same(a, i, b, j);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && same(a, i, b, j - 1) && same(a, i - 1, b, j)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private static boolean same(String a, int i, String b, int j) {
        return Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> defaults(String... namesAndValues) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            defaults.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return java.util.Collections.unmodifiableMap(defaults);
    }
}
