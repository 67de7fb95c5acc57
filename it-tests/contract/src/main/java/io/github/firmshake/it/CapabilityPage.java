package io.github.firmshake.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds docs/reference/container-matrix.md to what the contract has shown on every container: {@link Results}. */
public final class CapabilityPage {

    private static final String INTRODUCTION = """
            # What each container can do

            Written by the build from what the contract has shown in this very version: the same tests, run on every server
            and through every adapter. `k of n` counts the requests that were tried; a number in brackets leads to the
            reason below the table, and to what was left out for it.

            """;

    /** Of one container: for each capability, every subject with the reason why not, empty where it was done. */
    private static final class Column {
        private final Map<Capability, Map<String, String>> results = new EnumMap<>(Capability.class);
    }

    private final Map<String, Column> columns = new TreeMap<>(Comparator.comparing(CapabilityPage::serverFirst));
    private final List<String> notes = new ArrayList<>();

    private CapabilityPage() {}

    /**
     * Compares, or writes.
     *
     * @param args the folder of results, the page, and {@code check} or {@code write}
     */
    public static void main(String[] args) throws IOException {
        Path results = Path.of(args[0]);
        Path page = Path.of(args[1]);
        if (!Files.isDirectory(results)) {
            String absent = "The page of capabilities was not compared: no container has run the contract.";
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(absent);
            }
            System.out.println(absent);
            return;
        }
        String rendered = render(results);
        if (args[2].equals("write")) {
            Files.writeString(page, rendered);
            System.out.println("Wrote " + page.getFileName() + ".");
        } else if (!Files.exists(page) || !Files.readString(page).equals(rendered)) {
            throw new IllegalStateException("docs/reference/" + page.getFileName() + " says something else than the"
                    + " contract has shown. If the new page is right: mvn verify -Dfirmshake.matrix=write, and commit"
                    + " it. It would be:\n" + rendered);
        }
    }

    static String render(Path results) throws IOException {
        CapabilityPage page = new CapabilityPage();
        try (Stream<Path> files = Files.list(results)) {
            for (Path file : files.toList()) {
                page.read(file);
            }
        }
        return page.render();
    }

    private static String serverFirst(String column) {
        String[] adapterAndServer = column.split(", ");
        return adapterAndServer[1] + " " + adapterAndServer[0];
    }

    private void read(Path file) throws IOException {
        Column column = new Column();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("\t", 3);
            column.results
                    .computeIfAbsent(Capability.valueOf(parts[0]), capability -> new TreeMap<>())
                    .merge(parts[1], parts[2], (a, b) -> a.isEmpty() ? b : a);
        }
        columns.put(file.getFileName().toString().replaceFirst("\\.tsv$", ""), column);
    }

    private String render() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("| |");
        columns.keySet().forEach(name -> page.append(' ').append(name).append(" |"));
        page.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (Capability capability : Capability.values()) {
            page.append("| ").append(capability.title()).append(" |");
            columns.values()
                    .forEach(column -> page.append(' ')
                            .append(cell(column.results.getOrDefault(capability, Map.of())))
                            .append(" |"));
            page.append('\n');
        }
        page.append('\n');
        for (int i = 0; i < notes.size(); i++) {
            page.append(i + 1).append(". ").append(notes.get(i)).append('\n');
        }
        return page.toString();
    }

    private String cell(Map<String, String> subjects) {
        if (subjects.isEmpty()) {
            return "not run";
        }
        long done = subjects.values().stream().filter(String::isEmpty).count();
        String count = subjects.size() == 1 ? done == 1 ? "yes" : "no" : done + " of " + subjects.size();
        return count
                + notesOn(subjects).stream()
                        .map(note -> " [" + number(note) + "]")
                        .collect(Collectors.joining());
    }

    // One note for each reason, with the subjects that it concerns where others were done.
    private static List<String> notesOn(Map<String, String> subjects) {
        Map<String, List<String>> reasons = new TreeMap<>();
        subjects.forEach((subject, reason) -> {
            if (!reason.isEmpty()) {
                reasons.computeIfAbsent(reason, key -> new ArrayList<>()).add(subject);
            }
        });
        return reasons.entrySet().stream()
                .map(reason -> reason.getValue().size() == subjects.size()
                        ? reason.getKey()
                        : reason.getKey() + ": `" + String.join("`, `", reason.getValue()) + "`")
                .toList();
    }

    private int number(String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
        return notes.indexOf(note) + 1;
    }
}
