package io.github.firmshake.handshake;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of paths and addresses that may be shown, in the log, Flight Recorder, JMX, listeners and refusals alike.
 * Decisions are made with the true values. Immutable.
 *
 * @param paths the setting {@code logPaths}
 * @param peer the setting {@code logPeer}
 */
public record Privacy(LogPaths paths, LogPeer peer) {

    /** The setting {@code logPaths}. */
    public enum LogPaths {
        /** Segments that look like a secret or an identity are replaced by their length. */
        MASKED,
        /** Paths are shown as they came. */
        FULL
    }

    /** The setting {@code logPeer}. */
    public enum LogPeer {
        /** Addresses are shown as they came. */
        FULL,
        /** The last octet, or the last 80 bits, of every address is left out. */
        MASKED,
        /** No address is shown. */
        OFF
    }

    /** Everything is shown. */
    public static final Privacy NONE = new Privacy(LogPaths.FULL, LogPeer.FULL);

    // RFC 7239, and what proxies call the same
    private static final Set<String> FORWARDED_ADDRESSES =
            Set.of("forwarded", "x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip");

    private static final int LEAST_HEX = 16;
    private static final int LEAST_BASE64 = 20;

    /** A path, its doubtful segments replaced by their length: {@code /ws/{36}}. */
    public String path(String path) {
        if (paths == LogPaths.FULL) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                String segment = path.substring(start, i);
                out.append(isDoubtful(segment) ? "{" + segment.length() + "}" : segment);
                out.append(i < path.length() ? "/" : "");
                start = i + 1;
            }
        }
        return out.toString();
    }

    /** An address, or null where none may be shown. */
    public @Nullable String peer(@Nullable String address) {
        if (address == null || peer == LogPeer.OFF) {
            return null;
        }
        return peer == LogPeer.FULL ? address : Addresses.masked(address);
    }

    /** The value of a field, the addresses in it shown as {@link #peer} shows them; null where it may not be shown. */
    public @Nullable String value(String name, String value) {
        if (peer == LogPeer.FULL || !FORWARDED_ADDRESSES.contains(RequestHead.lower(name))) {
            return value;
        }
        return peer == LogPeer.OFF ? null : Addresses.allMasked(value);
    }

    // A browser percent-encodes what is no letter, digit or one of a few signs: padding, for example.
    private static boolean isDoubtful(String segment) {
        String text = decoded(segment);
        if (isJwt(text)) {
            return true;
        }
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isTokenCharacter(text.charAt(i))) {
                boolean whole = start == 0 && text.chars().skip(i).allMatch(c -> c == '=');
                if (isToken(text.substring(start, i), whole)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static String decoded(String segment) {
        StringBuilder out = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            int code = segment.charAt(i) == '%' && i + 2 < segment.length() ? byteAt(segment, i + 1) : -1;
            out.append(code < 0 ? segment.charAt(i) : (char) code);
            i += code < 0 ? 0 : 2;
        }
        return out.toString();
    }

    // Negative where these are no two hexadecimal digits.
    private static int byteAt(String text, int index) {
        int high = Character.digit(text.charAt(index), 16);
        int low = Character.digit(text.charAt(index + 1), 16);
        return high * 16 | low;
    }

    // Long words are no tokens, unless nothing else stands in the segment. A UUID is a token in base64url, too.
    private static boolean isToken(String text, boolean whole) {
        return (whole || text.chars().anyMatch(Character::isDigit))
                && (text.length() >= LEAST_BASE64
                        || (text.length() >= LEAST_HEX && text.chars().allMatch(c -> Character.digit(c, 16) >= 0)));
    }

    // Of base64 and of base64url.
    private static boolean isTokenCharacter(int c) {
        return c == '+' || c == '/' || isBase64UrlCharacter(c);
    }

    private static boolean isBase64UrlCharacter(int c) {
        return c == '-' || c == '_' || (c < 0x7F && Character.isLetterOrDigit(c));
    }

    // Three parts in base64url, or five where it is encrypted; the first is JSON, which begins with {" (RFC 7519 3.1).
    private static boolean isJwt(String text) {
        return text.startsWith("eyJ")
                && text.indexOf('.') > 0
                && text.chars().allMatch(c -> c == '.' || isBase64UrlCharacter(c));
    }
}
