package io.github.firmshake.handshake;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings in force: those that are configured, and over them those given from outside, as system properties
 * {@code firmshake.NAME} or environment variables {@code FIRMSHAKE_NAME}. A property wins over a variable. Computed by
 * {@link #of}, a pure function. Immutable.
 *
 * @param enabled whether Firmshake is on; where it is not, no other setting is read
 * @param settings the settings in force; the defaults where Firmshake is off
 * @param outside where each setting from outside comes from, such as {@code repair=off (FIRMSHAKE_REPAIR)}
 * @param remarks lines about names and values from outside that are ignored
 */
public record Configuration(boolean enabled, Settings settings, List<String> outside, List<Remark> remarks) {

    private static final String ENABLED = "enabled";
    private static final Set<String> PATHS = Set.of("heartbeatPath", "scriptPath");
    private static final String PROPERTY = "firmshake.";
    private static final String VARIABLE = "FIRMSHAKE_";

    /** One line for the log at start. */
    public record Remark(Level level, String text) {}

    public Configuration {
        outside = List.copyOf(outside);
        remarks = List.copyOf(remarks);
    }

    /** A setting from outside, and the name by which it was given there. */
    private record Given(String source, String value) {}

    /**
     * Reads the settings. A name from outside that is unknown is a remark at WARNING. A value from outside that is bad is a
     * remark at ERROR, and the configured value stays.
     *
     * @param configured names and values from the container's own configuration
     * @param properties the system properties
     * @param environment the environment variables
     * @throws IllegalArgumentException for a configured name or value that is bad, as {@link Settings#parse} throws it; not
     *     where Firmshake is switched off
     */
    public static Configuration of(
            Map<String, String> configured, Map<?, ?> properties, Map<String, String> environment) {
        List<Remark> remarks = new ArrayList<>();
        Map<String, Given> outside = outside(properties, environment, remarks);
        Map<String, String> values = merged(configured, outside);
        if (isOff(values)) {
            return new Configuration(false, Settings.parse(Map.of()), sources(outside), remarks);
        }
        try {
            return new Configuration(true, Settings.parse(values), sources(outside), remarks);
        } catch (IllegalArgumentException e) {
            // Each value is good by itself: only two paths can be bad together.
            if (outside.keySet().removeAll(PATHS)) {
                remarks.add(new Remark(Level.ERROR, "paths from outside are ignored: " + e.getMessage()));
            }
            return new Configuration(true, Settings.parse(merged(configured, outside)), sources(outside), remarks);
        }
    }

    /** The same with this process's own properties and variables. */
    public static Configuration of(Map<String, String> configured) {
        return of(configured, System.getProperties(), System.getenv());
    }

    /**
     * Whether Firmshake is switched off, for this process's own properties and variables. Reads no other setting, so that
     * nothing configured can keep it from being switched off.
     */
    public static boolean isSwitchedOff(Map<String, String> configured) {
        List<Remark> unread = new ArrayList<>();
        return isOff(merged(configured, outside(System.getProperties(), System.getenv(), unread)));
    }

    private static boolean isOff(Map<String, String> values) {
        return values.getOrDefault(ENABLED, "").trim().equalsIgnoreCase("false");
    }

    private static Map<String, String> merged(Map<String, String> configured, Map<String, Given> outside) {
        Map<String, String> values = new LinkedHashMap<>(configured);
        outside.forEach((name, given) -> values.put(name, given.value()));
        return values;
    }

    private static List<String> sources(Map<String, Given> outside) {
        return outside.entrySet().stream()
                .map(entry ->
                        entry.getKey() + "=" + Shown.onOneLine(entry.getValue().value()) + " ("
                                + entry.getValue().source() + ")")
                .toList();
    }

    /** The end of the start line: where settings come from, if not from the configuration. */
    public String origin() {
        return outside.isEmpty() ? "" : "; from outside: " + String.join(", ", outside);
    }

    /** The one line of an adapter that is switched off. */
    public String offLine(String adapter) {
        return adapter + " is off (enabled=false): it examines and serves nothing" + origin();
    }

    // A property that is bad leaves a variable of the same setting in place.
    private static Map<String, Given> outside(
            Map<?, ?> properties, Map<String, String> environment, List<Remark> remarks) {
        Map<String, Given> outside = new TreeMap<>(usable(variables(environment, remarks), remarks));
        outside.putAll(usable(properties(properties, remarks), remarks));
        return outside;
    }

    private static Map<String, Given> variables(Map<String, String> environment, List<Remark> remarks) {
        Map<String, String> names = new LinkedHashMap<>();
        Settings.defaults().keySet().forEach(name -> names.put(variable(name), name));
        Map<String, Given> given = new TreeMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (variable.startsWith(VARIABLE)) {
                String name = names.get(variable);
                if (name == null) {
                    remarks.add(unknown("environment variable", variable, camelCase(variable)));
                } else {
                    given.put(name, new Given(variable, value));
                }
            }
        });
        return given;
    }

    private static Map<String, Given> properties(Map<?, ?> properties, List<Remark> remarks) {
        Map<String, String> own = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key instanceof String name && name.startsWith(PROPERTY) && value instanceof String text) {
                own.put(name, text);
            }
        });
        Map<String, Given> given = new TreeMap<>();
        own.forEach((property, value) -> {
            String name = property.substring(PROPERTY.length());
            if (Settings.defaults().containsKey(name)) {
                given.put(name, new Given("-D" + property, value));
            } else {
                remarks.add(unknown("system property", property, name));
            }
        });
        return given;
    }

    private static Remark unknown(String kind, String given, String name) {
        return new Remark(Level.WARNING, kind + " " + given + " names no setting" + Settings.nearest(name));
    }

    private static Map<String, Given> usable(Map<String, Given> given, List<Remark> remarks) {
        Map<String, Given> usable = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            try {
                Settings.check(name, value.value());
                usable.put(name, value);
            } catch (IllegalArgumentException e) {
                remarks.add(new Remark(Level.ERROR, value.source() + " is ignored: " + e.getMessage()));
            }
        });
        return usable;
    }

    // HEARTBEAT_PATH for heartbeatPath.
    private static String variable(String name) {
        StringBuilder variable = new StringBuilder(VARIABLE);
        for (char c : name.toCharArray()) {
            variable.append(Character.isUpperCase(c) ? "_" + c : String.valueOf(Character.toUpperCase(c)));
        }
        return variable.toString();
    }

    // heartbeatPath for FIRMSHAKE_HEARTBEAT_PATH.
    private static String camelCase(String variable) {
        String[] words =
                variable.substring(VARIABLE.length()).toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].isEmpty() ? "" : Character.toUpperCase(words[i].charAt(0)) + words[i].substring(1));
        }
        return name.toString();
    }
}
