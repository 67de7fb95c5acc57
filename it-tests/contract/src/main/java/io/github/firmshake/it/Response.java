package io.github.firmshake.it;

import java.util.List;

/**
 * An answer as it came over the wire.
 *
 * @param statusLine the first line
 * @param fields field lines in their order, as received
 * @param body the body, decoded as UTF-8
 */
public record Response(String statusLine, List<String> fields, String body) {

    static Response parse(String head) {
        List<String> lines = head.lines().toList();
        return new Response(lines.get(0), lines.subList(1, lines.size()), "");
    }

    Response withBody(String newBody) {
        return new Response(statusLine, fields, newBody);
    }

    /** The status, such as 101. */
    public int status() {
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    /** Whether a field line of that name is there. */
    public boolean has(String name) {
        return !values(name).isEmpty();
    }

    /** The values of all field lines of that name, in any case. */
    public List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(field -> field.substring(name.length() + 1).strip())
                .toList();
    }

    /** The value of the one field line of that name. */
    public String value(String name) {
        List<String> values = values(name);
        if (values.size() != 1) {
            throw new AssertionError("expected one field line " + name + " in " + fields);
        }
        return values.get(0);
    }
}
