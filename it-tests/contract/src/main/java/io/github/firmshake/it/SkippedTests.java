package io.github.firmshake.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prints what {@link RequiredTool} noted: the last words of {@code mvn verify}. */
public final class SkippedTests {
    private SkippedTests() {}

    /** Takes the file of notes as its only argument; says so where nothing was skipped. */
    public static void main(String[] args) throws IOException {
        Path notes = Path.of(args[0]);
        if (!Files.exists(notes)) {
            System.out.println("No test was skipped for lack of a tool or of a download.");
            return;
        }
        TreeMap<String, TreeSet<String>> testsByTool = new TreeMap<>();
        for (String line : Files.readAllLines(notes)) {
            String[] words = line.split(" ");
            testsByTool.computeIfAbsent(words[0], tool -> new TreeSet<>()).add(words[1]);
        }
        System.out.println("SKIPPED for lack of a tool (it-tests/setup.sh installs them on Debian) or of a download:");
        testsByTool.forEach((tool, tests) -> System.out.println("  " + tool + ": " + String.join(", ", tests)));
    }
}
