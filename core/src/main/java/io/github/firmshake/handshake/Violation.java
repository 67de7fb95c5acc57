package io.github.firmshake.handshake;

import java.util.List;
import java.util.stream.Stream;

/**
 * One rule that a request breaks, as parts; texts are made from it elsewhere.
 *
 * @param code the reason
 * @param header the header field, or the part of the request line ({@code request method}, {@code HTTP version})
 * @param received the value of every field line, at most 8 of at most 75 characters each; empty: the field is missing,
 *     one empty string: it is there and empty. A value that could be a secret is replaced by its length in brackets
 * @param expected what the rule wants: a literal without spaces, or a description
 */
public record Violation(ReasonCode code, String header, List<String> received, String expected) {

    private static final int MAX_LINES = 8;
    private static final int MAX_LENGTH = 75;

    public Violation {
        Stream<String> lines = received.stream().limit(MAX_LINES).map(Violation::cut);
        int more = received.size() - MAX_LINES;
        received = (more > 0 ? Stream.concat(lines, Stream.of("(and " + more + " more)")) : lines).toList();
    }

    /** The RFC and section that demand it. */
    public String section() {
        return code.section();
    }

    private static String cut(String value) {
        return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "...";
    }

    /** Stands in for values that are secrets, or may be: keys, subprotocols. */
    static List<String> withheld(List<String> values) {
        return values.stream()
                .map(value -> value.isEmpty() ? "" : "(" + value.length() + " characters)")
                .toList();
    }
}
