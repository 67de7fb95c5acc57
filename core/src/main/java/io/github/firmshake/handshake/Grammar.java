package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the header fields a handshake consists of. Each production stands above the code that reads it;
 * departures are named where they are.
 */
final class Grammar {

    // token = 1*tchar (RFC 9110 5.6.2)
    private static final String TCHAR = "!#$%&'*+-.^_`|~";

    // 16 bytes in base64 are 24 characters; the last before the padding carries four pad bits, which are zero
    // (RFC 4648 3.5), so it is one of A, Q, g, w. Every client's encoder produces this form.
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

    // Host = uri-host [ ":" port ] (RFC 9110 7.2, RFC 3986 3.2.2)
    private static final Pattern HOST =
            Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~!$&'()*+;=%-]+)(?::\\d{0,5})?");

    private Grammar() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && tokenEnd(text, 0) == text.length();
    }

    static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    static boolean isHost(String text) {
        return HOST.matcher(text).matches();
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
        int close = text.indexOf('"', from + 1);
        boolean quotedToken = close > from && isToken(text.substring(from + 1, close));
        return quotedToken ? close + 1 : from;
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
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || TCHAR.indexOf(c) >= 0;
    }
}
