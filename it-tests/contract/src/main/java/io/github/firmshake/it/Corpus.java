package io.github.firmshake.it;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A request head that a real proxy sent to its back end, as recorded in core's test resources.
 *
 * @param name the name of its file, without {@code .http}
 * @param valid whether it is a handshake as it should be
 * @param request the head as text
 */
public record Corpus(String name, boolean valid, String request) {

    private static final Pattern ENTRY =
            Pattern.compile("\"name\": \"([^\"]+)\".*?\"valid\": (true|false)", Pattern.DOTALL);

    /** All of them. */
    public static List<Corpus> files() {
        return ENTRY.matcher(Resources.text("corpus/index.json"))
                .results()
                .map(Corpus::of)
                .toList();
    }

    /** The one of that name. */
    public static Corpus file(String name) {
        return files().stream()
                .filter(file -> file.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Corpus of(MatchResult entry) {
        String name = entry.group(1);
        return new Corpus(name, Boolean.parseBoolean(entry.group(2)), Resources.text("corpus/" + name + ".http"));
    }

    @Override
    public String toString() {
        return name;
    }
}
