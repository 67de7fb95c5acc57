package io.github.firmshake.it;

import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A handshake with one thing wrong, or with nothing wrong that may look so, as {@code malformed.txt} in core's test resources has them.
 *
 * @param name its name
 * @param verdict what the rules say of it
 * @param codes the rules it breaks, in the order of the RFC
 * @param leads the code that leads the log line; null where nothing is wrong
 * @param request the request as text
 */
public record Malformed(String name, Verdict verdict, List<ReasonCode> codes, ReasonCode leads, String request) {

    /** All of them. */
    public static List<Malformed> rows() {
        List<Malformed> rows = new ArrayList<>();
        String[] sections = Resources.text("malformed.txt").split("(?m)^### ");
        for (String section : Arrays.copyOfRange(sections, 1, sections.length)) {
            rows.add(parse(section));
        }
        return List.copyOf(rows);
    }

    /** The one of that name. */
    public static Malformed row(String name) {
        return rows().stream().filter(row -> row.name.equals(name)).findFirst().orElseThrow();
    }

    private static Malformed parse(String section) {
        String[] parts = section.split("\n\n", 2);
        List<String> lines = parts[0].lines().toList();
        Map<String, String> said = new HashMap<>();
        lines.stream().skip(1).forEach(line -> said.put(line.split(": ")[0], line.split(": ")[1]));
        List<ReasonCode> codes = Stream.of(said.getOrDefault("codes", "").split(", "))
                .filter(code -> !code.isEmpty())
                .map(ReasonCode::valueOf)
                .toList();
        ReasonCode leads = codes.isEmpty() ? null : ReasonCode.valueOf(said.get("leads"));
        return new Malformed(lines.get(0), Verdict.valueOf(said.get("verdict")), codes, leads, parts[1]);
    }

    @Override
    public String toString() {
        return name;
    }
}
