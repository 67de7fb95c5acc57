package io.github.firmshake.handshake;

import java.util.List;
import java.util.Set;

/**
 * The printable form of a received Host or Origin: scheme, host and port. User information can be a password, and a path,
 * query or fragment can hold a token; three dots stand for them.
 */
public final class Shown {

    private static final int MAX_SCHEME = 24;
    private static final Set<String> FORWARDED = Set.of("by", "for", "host", "proto");

    private Shown() {}

    /**
     * Cuts everything but scheme, host and port out of a value, well-formed or not. The character behind them stays: it
     * tells an operator what is wrong.
     *
     * <p>An at sign behind a slash or a question mark leaves open which part is the password. Of such a value only the
     * length is shown.
     */
    public static String hostAndPort(String value) {
        int start = authorityStart(value);
        int end = authorityEnd(value, start);
        if (value.indexOf('@', end) >= 0) {
            return "(" + value.length() + " characters)";
        }
        int host = Math.max(start, value.lastIndexOf('@', end) + 1);
        int cut = Grammar.shownHostEnd(value, host, end);
        boolean whole = value.length() <= cut + 1;
        return value.substring(0, start)
                + (host > start ? "...@" : "")
                + (whole ? value.substring(host) : value.substring(host, cut + 1) + "...");
    }

    /** A configured value with its control characters as {@code \xNN}, so that it cannot end a line of the log. */
    static String onOneLine(String value) {
        StringBuilder out = new StringBuilder(value.length());
        value.chars().forEach(c -> out.append(Character.isISOControl(c) ? String.format("\\x%02X", c) : (char) c));
        return out.toString();
    }

    static List<String> hostsAndPorts(List<String> values) {
        return values.stream().map(Shown::hostAndPort).toList();
    }

    /** Whether a list, such as X-Forwarded-Host, holds hosts and ports alone and may be printed as it is. */
    public static boolean areHosts(String list) {
        return Grammar.members(List.of(list)).stream().allMatch(Grammar::isOriginHost);
    }

    /** Whether a Forwarded field (RFC 7239) holds the four registered parameters with a host or a word each. */
    public static boolean areForwardedHosts(String list) {
        return Grammar.members(List.of(list.replace(';', ','))).stream().allMatch(Shown::isForwardedPair);
    }

    private static boolean isForwardedPair(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !FORWARDED.contains(pair.substring(0, equals))) {
            return false;
        }
        String value = pair.substring(equals + 1);
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Grammar.isOriginHost(quoted ? value.substring(1, value.length() - 1) : value);
    }

    // URI = scheme ":" "//" authority ... (RFC 3986 3); a scheme may be missing here, and is no place for a secret.
    private static int authorityStart(String value) {
        int scheme = Grammar.schemeEnd(value);
        if (scheme > 0 && scheme <= MAX_SCHEME && value.startsWith("://", scheme)) {
            return scheme + 3;
        }
        return value.startsWith("//") ? 2 : 0;
    }

    private static int authorityEnd(String value, int start) {
        int at = start;
        while (at < value.length() && isVisible(value.charAt(at)) && "/?#\\;,".indexOf(value.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static boolean isVisible(char c) {
        return c > ' ' && c < 0x7F;
    }
}
