package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the header fields a handshake consists of. Each production stands above the code that reads it;
 * departures are named where they are.
 */
final class Grammar {

    // token = 1*tchar (RFC 9110 5.6.2)
    private static final String TCHAR = "!#$%&'*+-.^_`|~";

    private static final String UNRESERVED = "-._~"; // and letters and digits, RFC 3986 2.3
    private static final String SUB_DELIMS_AND_ESCAPES = "!$&'()*+;=%"; // "," is left out: it separates members

    private static final String TEMPLATE = "{}<>$";

    private static final int KEY_LENGTH = 24;
    private static final int MAX_PORT_DIGITS = 5;

    private Grammar() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && tokenEnd(text, 0) == text.length();
    }

    /**
     * 16 bytes in base64 are 24 characters. The last before the padding carries four pad bits, which are zero (RFC 4648
     * 3.5), so it is one of A, Q, g, w. Every client's encoder produces this form.
     */
    static boolean isKey(String text) {
        if (text.length() != KEY_LENGTH || !text.endsWith("==")) {
            return false;
        }
        int last = KEY_LENGTH - 3;
        for (int i = 0; i < last; i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return "AQgw".indexOf(text.charAt(last)) >= 0;
    }

    /** Host = uri-host [ ":" port ] (RFC 9110 7.2, RFC 3986 3.2.2). */
    static boolean isHost(String text) {
        int end = hostEnd(text, 0, UNRESERVED + SUB_DELIMS_AND_ESCAPES);
        return end > 0 && portEnd(text, end) == text.length();
    }

    /** host [ ":" port ] of a serialized-origin (RFC 6454 7): no sub-delims, no escapes, no empty port. */
    static boolean isOriginHost(String text) {
        int end = hostEnd(text, 0, UNRESERVED);
        int port = portEnd(text, end);
        return end > 0 && port == text.length() && port != end + 1;
    }

    /**
     * The end of the part that may be printed, of a host between {@code from} and {@code to}. It is behind the port, or
     * before the colon where no port follows. Templates that a proxy did not fill in count as hosts.
     */
    static int shownHostEnd(String text, int from, int to) {
        int end = hostEnd(text, from, UNRESERVED + TEMPLATE);
        int port = portEnd(text, end);
        return port == to && port != end + 1 ? port : end;
    }

    /** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 3.1): where it ends, 0 where there is none. */
    static int schemeEnd(String text) {
        if (text.isEmpty() || !isLetter(text.charAt(0))) {
            return 0;
        }
        int at = 1;
        while (at < text.length() && (isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }

    // uri-host = IP-literal / reg-name
    private static int hostEnd(String text, int from, String regName) {
        int at = from;
        if (at < text.length() && text.charAt(at) == '[') {
            at++;
            while (at < text.length() && (isHex(text.charAt(at)) || ":.".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            boolean closed = at > from + 1 && at < text.length() && text.charAt(at) == ']';
            return closed ? at + 1 : from;
        }
        while (at < text.length() && (isLetterOrDigit(text.charAt(at)) || regName.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }

    // port = *DIGIT, of which five are enough
    private static int portEnd(String text, int from) {
        if (from == text.length() || text.charAt(from) != ':') {
            return from;
        }
        int at = from + 1;
        while (at < text.length() && at <= from + MAX_PORT_DIGITS && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /**
     * Members of {@code #element} over all field lines (RFC 9110 5.6.1), lower-cased; empty members are dropped, as
     * recipients must.
     */
    static List<String> members(List<String> values) {
        List<String> members = new ArrayList<>();
        for (String value : values) {
            for (String member : value.split(",")) {
                String trimmed = trim(member);
                if (!trimmed.isEmpty()) {
                    members.add(trimmed.toLowerCase(Locale.ROOT));
                }
            }
        }
        return members;
    }

    /** Content-Length = 1*DIGIT (RFC 9110 8.6), all of them zero. */
    static boolean isZero(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        return at > 0 && at == text.length();
    }

    /** Removes optional white space: OWS = *( SP / HTAB ) (RFC 9110 5.6.3). */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /**
     * Looks for the first fault in an offer of extensions (RFC 6455 9.1), empty members allowed:
     *
     * <pre>
     * extension-list  = 1#extension
     * extension       = extension-token *( ";" extension-param )
     * extension-param = token [ "=" (token / quoted-string) ]
     * </pre>
     *
     * @return what was expected and at which character, counted from 1, or null where there is no fault
     */
    static @Nullable String faultInExtensions(String text) {
        int at = 0;
        while (true) {
            at = skipSpace(text, at);
            if (at == text.length()) {
                return null;
            }
            if (text.charAt(at) == ',') {
                at++;
                continue;
            }
            int end = tokenEnd(text, at);
            if (end == at) {
                return expected("a token", at);
            }
            at = skipSpace(text, end);
            while (at < text.length() && text.charAt(at) == ';') {
                at = skipSpace(text, at + 1);
                end = tokenEnd(text, at);
                if (end == at) {
                    return expected("a parameter name", at);
                }
                at = skipSpace(text, end);
                if (at < text.length() && text.charAt(at) == '=') {
                    at = skipSpace(text, at + 1);
                    end = parameterValueEnd(text, at);
                    if (end == at) {
                        return expected("a token or a quoted token", at);
                    }
                    at = skipSpace(text, end);
                }
            }
            if (at < text.length() && text.charAt(at) != ',') {
                return expected("\";\" or \",\"", at);
            }
        }
    }

    // A quoted value has to be a token once it is unquoted (RFC 6455 9.1).
    private static int parameterValueEnd(String text, int from) {
        if (from == text.length() || text.charAt(from) != '"') {
            return tokenEnd(text, from);
        }
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++; // quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text ) (RFC 9110 5.6.4)
            }
            if (at == text.length() || !isTokenCharacter(text.charAt(at))) {
                return from;
            }
            at++;
        }
        return at < text.length() && at > from + 1 ? at + 1 : from;
    }

    private static String expected(String what, int at) {
        return what + " at character " + (at + 1);
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isTokenCharacter(char c) {
        return isLetterOrDigit(c) || TCHAR.indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return isDigit(c) || isLetter(c);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isHex(char c) {
        return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
