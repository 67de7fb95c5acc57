package io.github.firmshake.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page of capabilities, made of what the contract has shown in one build: {@link Results}. The same results give the
 * same page, whatever order tests ran in.
 */
final class CapabilityPage {

    /** The columns: whoever runs the contract, server by server. */
    static final List<String> COLUMNS = List.of(
            "filter, Tomcat 10.1",
            "valve, Tomcat 10.1",
            "filter, Tomcat 11",
            "valve, Tomcat 11",
            "filter, Jetty 12.0",
            "handler, Jetty 12.0",
            "filter, Jetty 12.1",
            "handler, Jetty 12.1",
            "filter, Undertow 2.3");

    /** The columns of the second table: servers as they are downloaded, with the dropin jar in an application. */
    static final List<String> SERVERS =
            List.of("WildFly 38", "Payara Micro 6", "GlassFish 7", "Open Liberty 26", "TomEE 9");

    private static final String INTRODUCTION = """
            # What each container can do

            Written by the build from tests that passed: one [contract](../../it-tests/contract), run unchanged on every
            server through every adapter, with requests sent as text over real sockets. The [filter](../install/war.md) sits in
            the application, the [valve](../install/tomcat-valve.md) and the [handler](../install/jetty.md), which the Jetty
            module installs, in the server.

            `yes` means that everything the contract tries was done, `k of n` that so much of it was; a number in brackets
            leads to the reason, and to what it concerns, below the tables.

            """;

    private static final String OF_SERVERS = """

            ## Jakarta EE servers

            The filter's dropin jar in an application on servers as they are [downloaded](../../it-tests/servers); the contract
            needs to start its servers within the test, so fewer things are tried on these.
            [Other servers](../install/other-servers.md) says what is different there.

            """;

    private enum Table {
        CONTRACT(COLUMNS, Capability.values()),
        OTHERS(SERVERS, ServerCapability.values());

        private final List<String> names;
        private final List<Row> rows;

        Table(List<String> names, Row[] rows) {
            this.names = names;
            this.rows = List.of(rows);
        }
    }

    /** Of one column: for each capability, every subject with the reason why not, empty where it was done. */
    private record Column(Map<String, Map<String, String>> results) {
        Map<String, String> of(Row row) {
            return results.getOrDefault(row.name(), Map.of());
        }
    }

    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private CapabilityPage() {}

    /**
     * Reads the results of one build; what other builds left is not looked at.
     *
     * @param directory where they are; need not exist
     * @param run the build
     */
    static CapabilityPage of(Path directory, String run) throws IOException {
        CapabilityPage page = new CapabilityPage();
        Map<String, Column> found = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".tsv")).toList()) {
                    List<String> lines = Files.readAllLines(file);
                    if (lines.get(0).equals(run)) {
                        String name = file.getFileName().toString().replaceFirst("\\.tsv$", "");
                        found.put(name, column(lines.subList(1, lines.size())));
                    }
                }
            }
        }
        for (Table table : Table.values()) {
            for (String name : table.names) {
                Column column = found.remove(name);
                if (column != null) {
                    page.columns.put(name, column);
                }
            }
        }
        if (!found.isEmpty()) {
            throw new IllegalStateException("results of " + found.keySet() + ", which " + CapabilityPage.class.getName()
                    + " has no column for");
        }
        return page;
    }

    private static Column column(List<String> lines) {
        Map<String, Map<String, String>> results = new TreeMap<>();
        for (String line : lines) {
            String[] parts = line.split("\t", 3);
            results.computeIfAbsent(parts[0], row -> new TreeMap<>())
                    .merge(parts[1], parts[2], (a, b) -> a.isEmpty() ? b : a);
        }
        return new Column(results);
    }

    /** The columns that have not run what their table is made of, or not all of it. */
    List<String> missing() {
        return Stream.of(Table.values())
                .flatMap(table -> table.names.stream()
                        .filter(name -> !columns.containsKey(name)
                                || columns.get(name).results().size() < table.rows.size()))
                .toList();
    }

    /** The page. */
    String render() {
        notes.clear();
        StringBuilder page = new StringBuilder(INTRODUCTION);
        append(page, Table.CONTRACT);
        page.append(OF_SERVERS);
        append(page, Table.OTHERS);
        page.append('\n');
        for (int i = 0; i < notes.size(); i++) {
            page.append(i + 1).append(". ").append(notes.get(i)).append('\n');
        }
        return page.toString();
    }

    private void append(StringBuilder page, Table table) {
        List<String> names = table.names.stream().filter(columns::containsKey).toList();
        List<Column> shown = names.stream().map(columns::get).toList();
        appendRow(page, "", names);
        page.append("|---|").append("---|".repeat(names.size())).append('\n');
        for (Row row : table.rows) {
            if (row.hasRowsOfSubjects()) {
                for (String subject : subjects(row, shown)) {
                    appendRow(page, row.title() + " `" + subject + "`", cells(row, subject, shown));
                }
            } else {
                int tried = tried(row, shown);
                appendRow(page, row.title() + (tried == 1 ? "" : tried(tried)), cells(row, shown));
            }
        }
    }

    private static void appendRow(StringBuilder page, String title, List<String> cells) {
        page.append("| ")
                .append(title)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }

    private static TreeSet<String> subjects(Row row, List<Column> shown) {
        return shown.stream()
                .flatMap(column -> column.of(row).keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<String> cells(Row row, List<Column> shown) {
        return shown.stream()
                .map(column -> cell(column.of(row), tried(row, shown)))
                .toList();
    }

    private List<String> cells(Row row, String subject, List<Column> shown) {
        return shown.stream()
                .map(column -> column.of(row).get(subject))
                .map(reason -> cell(reason == null ? Map.of() : Map.of(subject, reason), 1))
                .toList();
    }

    // The most that was tried of it in any column.
    private static int tried(Row row, List<Column> shown) {
        return shown.stream().mapToInt(column -> column.of(row).size()).max().orElse(0);
    }

    private static String tried(int number) {
        return " (" + number + " tried)";
    }

    private String cell(Map<String, String> reasons, int tried) {
        if (reasons.isEmpty()) {
            return "not run";
        }
        long done = reasons.values().stream().filter(String::isEmpty).count();
        String yes = reasons.size() == tried ? "yes" : "yes" + tried(reasons.size());
        String count = done == reasons.size() ? yes : done == 0 ? "no" : done + " of " + reasons.size();
        return count
                + notesOn(reasons).stream()
                        .map(note -> " [" + number(note) + "]")
                        .collect(Collectors.joining());
    }

    // One note for each reason, with the subjects that it concerns where others were done.
    private static List<String> notesOn(Map<String, String> reasons) {
        Map<String, List<String>> subjects = new TreeMap<>();
        reasons.forEach((subject, reason) -> {
            if (!reason.isEmpty()) {
                subjects.computeIfAbsent(reason, key -> new ArrayList<>()).add(subject);
            }
        });
        return subjects.entrySet().stream()
                .map(reason -> reason.getValue().size() == reasons.size()
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
