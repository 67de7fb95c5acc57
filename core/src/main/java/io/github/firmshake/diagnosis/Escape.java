package io.github.firmshake.diagnosis;

import java.nio.charset.StandardCharsets;

/**
 * Makes received text fit to be printed: whatever is no printable ASCII becomes {@code \xNN}, quotes and backslashes are
 * escaped, and it is cut. What comes out can neither end a line nor a quoted value.
 */
final class Escape {

    static final int MAX_LENGTH = 75;

    private Escape() {}

    /** The text in quotes. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** The text with spaces escaped too, for places where a space separates. */
    static String word(String text) {
        return escaped(text).replace(" ", "\\x20");
    }

    static String escaped(String text) {
        return escaped(text, MAX_LENGTH);
    }

    /** The text uncut, for what the user of a command line wrote there. */
    static String whole(String text) {
        return escaped(text, text.length());
    }

    private static String escaped(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        StringBuilder out = new StringBuilder(end + 8);
        for (int i = 0; i < end; i++) {
            append(out, text.charAt(i));
        }
        return end == text.length() ? out.toString() : out.append("...").toString();
    }

    private static void append(StringBuilder out, char c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (c >= ' ' && c < 0x7F) {
            out.append(c);
        } else if (c <= 0xFF) { // containers decode field values as ISO 8859-1: one character is one byte
            hex(out, c);
        } else {
            for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                hex(out, b & 0xFF);
            }
        }
    }

    private static void hex(StringBuilder out, int b) {
        out.append("\\x").append(Character.toUpperCase(Character.forDigit(b >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
    }
}
