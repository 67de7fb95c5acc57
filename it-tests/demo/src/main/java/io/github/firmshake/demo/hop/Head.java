package io.github.firmshake.demo.hop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The head of one HTTP/1 message: its start line and its field lines, each as received but for the line end.
 *
 * @param startLine request line or status line
 * @param fields the field lines in their order
 */
record Head(String startLine, List<String> fields) {

    /** More than Tomcat takes (8 KiB), so that Tomcat's own limit is the one that is met first in its answers. */
    static final int MOST_BYTES = 16 * 1024;

    /** The head is larger than {@link #MOST_BYTES}. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }

    Head {
        fields = List.copyOf(fields);
    }

    /** Reads one head and not a byte more; null where the stream ends before the head does. */
    static Head read(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int left = MOST_BYTES;
        while (true) {
            String line = readLine(in, left);
            if (line == null) {
                return null;
            }
            left -= line.length() + 2;
            if (!line.isEmpty()) {
                lines.add(line);
            } else if (!lines.isEmpty()) { // RFC 9112 2.2: empty lines before the start line are ignored
                return new Head(lines.get(0), lines.subList(1, lines.size()));
            }
        }
    }

    private static String readLine(InputStream in, int most) throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.length() >= most) {
                throw new TooLargeException();
            }
            line.append((char) next);
        }
        int end = line.length() - 1;
        if (end >= 0 && line.charAt(end) == '\r') {
            line.setLength(end);
        }
        return line.toString();
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(startLine).append("\r\n");
        fields.forEach(field -> text.append(field).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The status of a response, or 0 where the start line is no status line. */
    int status() {
        return startLine.matches("HTTP/1\\.[01] \\d{3}( .*)?") ? Integer.parseInt(startLine.substring(9, 12)) : 0;
    }

    boolean has(String name) {
        return fields.stream().anyMatch(field -> isNamed(field, name));
    }

    /** The value of the first field of that name, or an empty text. */
    String value(String name) {
        return fields.stream()
                .filter(field -> isNamed(field, name))
                .map(field -> field.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }

    Head withStartLine(String line) {
        return new Head(line, fields);
    }

    Head with(String field) {
        List<String> more = new ArrayList<>(fields);
        more.add(field);
        return new Head(startLine, more);
    }

    Head without(String name) {
        return new Head(
                startLine,
                fields.stream().filter(field -> !isNamed(field, name)).toList());
    }

    Head mapFields(UnaryOperator<String> change) {
        return new Head(startLine, fields.stream().map(change).toList());
    }

    static boolean isNamed(String field, String name) {
        return field.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
    }
}
