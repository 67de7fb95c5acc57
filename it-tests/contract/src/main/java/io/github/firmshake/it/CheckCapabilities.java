package io.github.firmshake.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds docs/reference/container-matrix.md to what tests have shown in this build, at the end of it. */
public final class CheckCapabilities {

    private static final String WRITE = "mvn verify -Dtests.matrix=write -am -pl it-tests/tomcat-10.1,"
            + "it-tests/tomcat-11,it-tests/jetty-12.0,it-tests/jetty-12.1,it-tests/undertow,it-tests/servers,it-tests/summary";

    private static final Pattern MODULE = Pattern.compile("MavenProject: [^ ,\\]]+");

    private CheckCapabilities() {}

    /**
     * Compares the page, or writes it. Where not every container has run the contract, which is so in a build of some
     * modules only, it does neither and says that.
     *
     * @param args the folder of results; the build that they have to be of; the page; {@code check} or {@code write}; the
     *     modules of this build; all modules there are
     */
    public static void main(String[] args) throws IOException {
        boolean nothingMayBeSkipped = "true".equals(System.getenv("CI")) && isWhole(args[4], args[5]);
        System.out.println(outcome(
                CapabilityPage.of(Path.of(args[0]), args[1]),
                Path.of(args[2]),
                args[3].equals("write"),
                nothingMayBeSkipped));
    }

    /** Whether two of Maven's lists name the same modules; their order differs. */
    static boolean isWhole(String modules, String allModules) {
        return modules(modules).equals(modules(allModules));
    }

    private static Set<String> modules(String list) {
        return MODULE.matcher(list).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    static String outcome(CapabilityPage shown, Path page, boolean write, boolean nothingMayBeSkipped)
            throws IOException {
        String name = "docs/reference/" + page.getFileName();
        List<String> missing = shown.missing();
        if (!missing.isEmpty()) {
            String why = name + " was not " + (write ? "written" : "compared")
                    + ": the contract, or a part of it, was not run in this build by " + String.join("; ", missing);
            if (write || nothingMayBeSkipped) {
                throw new IllegalStateException(why);
            }
            return why;
        }
        String rendered = shown.render();
        if (write) {
            Files.writeString(page, rendered);
            return "Wrote " + name + ".";
        }
        String committed = Files.exists(page) ? Files.readString(page) : "";
        if (!committed.equals(rendered)) {
            throw new IllegalStateException(name + " differs from what the contract has shown.\n"
                    + firstDifference(committed, rendered) + "\nIf that is right, commit what this writes: " + WRITE);
        }
        return name + " says what the contract has shown on " + CapabilityPage.COLUMNS.size()
                + " combinations of server and adapter, and tests on " + CapabilityPage.SERVERS.size() + " servers.";
    }

    private static String firstDifference(String committed, String rendered) {
        List<String> there = committed.lines().toList();
        List<String> shown = rendered.lines().toList();
        int line = 0;
        while (line < Math.min(there.size(), shown.size()) && there.get(line).equals(shown.get(line))) {
            line++;
        }
        return "line " + (line + 1) + " of the page: " + line(there, line) + "\nthe contract has shown: "
                + line(shown, line);
    }

    private static String line(List<String> lines, int number) {
        return number < lines.size() ? lines.get(number) : "(nothing)";
    }
}
