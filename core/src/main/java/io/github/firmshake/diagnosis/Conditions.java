package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads the conditions of the fingerprint file, whose head explains each of them. */
final class Conditions {

    /** The words that start a condition, in the order in which the file explains them. */
    static final List<String> KEYWORDS =
            List.of("header", "no-header", "lines", "list", "spelled", "names", "version", "upgrade", "connection");

    private static final Pattern VERSION = Pattern.compile("\\d(\\.\\d)?");

    private enum Upgrade {
        ABSENT,
        WEBSOCKET,
        OTHER
    }

    private enum Connection {
        ABSENT,
        CLOSE,
        KEEP_ALIVE,
        UPGRADE,
        OTHER
    }

    private enum NameCase {
        AS_SENT,
        LOWER_CASE,
        GO_CASE,
        OTHER,
        UNKNOWN
    }

    private Conditions() {}

    /**
     * Reads one condition.
     *
     * @throws IllegalArgumentException saying what was wrong and what was expected
     */
    static Condition parse(String keyword, String arguments) {
        return switch (keyword) {
            case "header" -> header(arguments);
            case "no-header" -> {
                Condition header = header(arguments);
                yield request -> !header.holds(request);
            }
            case "lines" -> lines(counted(arguments));
            case "list" -> members(counted(arguments));
            case "spelled" -> spelled(arguments);
            case "names" -> {
                Set<NameCase> words = words(NameCase.class, arguments);
                yield request -> words.contains(nameCase(request));
            }
            case "version" -> version(List.of(arguments.split("\\s+")));
            case "upgrade" -> {
                Set<Upgrade> words = words(Upgrade.class, arguments);
                yield request -> words.contains(upgrade(request));
            }
            default -> {
                Set<Connection> words = words(Connection.class, arguments);
                yield request -> words.contains(connection(request));
            }
        };
    }

    /** Reads one word of an enumeration, which the file writes in lower case with hyphens. */
    static <E extends Enum<E>> E word(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\", expected one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Conditions::word)
                                .collect(Collectors.joining(", "))));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> Set<E> words(Class<E> type, String words) {
        return Arrays.stream(words.split("\\s+"))
                .map(word -> word(type, word))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
    }

    private static Condition header(String arguments) {
        String[] parts = arguments.split("\\s+~\\s+", 2);
        String name = parts[0];
        if (parts.length == 1) {
            return name.endsWith("*") ? anyHeader(name.substring(0, name.length() - 1)) : request -> request.has(name);
        }
        Pattern pattern = pattern(parts[1]);
        return request -> request.values(name).stream()
                .anyMatch(value -> pattern.matcher(value).find());
    }

    private static Condition anyHeader(String prefix) {
        return request -> request.fields().stream()
                .anyMatch(field -> field.name().regionMatches(true, 0, prefix, 0, prefix.length()));
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + regex + "\", expected a regular expression: " + e.getDescription(), e);
        }
    }

    private record Counted(String name, int atLeast) {}

    private static Counted counted(String arguments) {
        String[] parts = arguments.split("\\s+");
        if (parts.length != 2 || !parts[1].matches("[1-9]\\d?")) {
            throw new IllegalArgumentException("\"" + arguments + "\", expected a header name and a number");
        }
        return new Counted(parts[0], Integer.parseInt(parts[1]));
    }

    private static Condition lines(Counted counted) {
        return request -> isEnough(request.values(counted.name()), counted);
    }

    private static Condition members(Counted counted) {
        return request -> isEnough(request.members(counted.name()), counted);
    }

    private static boolean isEnough(Collection<String> values, Counted counted) {
        return values.size() >= counted.atLeast();
    }

    private static Condition spelled(String name) {
        return request -> request.namesKeepCase()
                && request.fields().stream().anyMatch(field -> field.name().equals(name));
    }

    private static Condition version(List<String> versions) {
        for (String version : versions) {
            if (!VERSION.matcher(version).matches()) {
                throw new IllegalArgumentException("\"" + version + "\", expected a version such as 1.0");
            }
        }
        return request -> versions.contains(request.version().substring("HTTP/".length()));
    }

    private static Upgrade upgrade(RequestHead request) {
        List<String> members = request.members("Upgrade");
        if (members.isEmpty()) {
            return Upgrade.ABSENT;
        }
        return members.contains("websocket") ? Upgrade.WEBSOCKET : Upgrade.OTHER;
    }

    private static Connection connection(RequestHead request) {
        List<String> options = request.members("Connection"); // no Set.copyOf: equal hash codes make it quadratic
        if (options.isEmpty()) {
            return Connection.ABSENT;
        }
        if (options.contains("upgrade")) {
            return Connection.UPGRADE;
        }
        if (options.stream().allMatch("close"::equals)) {
            return Connection.CLOSE;
        }
        return options.stream().allMatch("keep-alive"::equals) ? Connection.KEEP_ALIVE : Connection.OTHER;
    }

    private static NameCase nameCase(RequestHead request) {
        if (!request.namesKeepCase()) {
            return NameCase.UNKNOWN;
        }
        List<String> names =
                request.fields().stream().map(RequestHead.Field::name).toList();
        if (names.stream().allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)))) {
            return NameCase.LOWER_CASE;
        }
        if (names.stream().anyMatch(name -> name.startsWith("Sec-Websocket-"))) {
            return NameCase.GO_CASE;
        }
        return names.stream().anyMatch(name -> name.startsWith("Sec-WebSocket-")) ? NameCase.AS_SENT : NameCase.OTHER;
    }
}
