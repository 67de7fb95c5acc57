package io.github.firmshake.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser's script under Node's test runner, with a browser and a clock written by hand. */
class ScriptIT {

    private static final Path TESTS = Path.of("target", "js").toAbsolutePath();
    private static final Pattern SUMMARY = Pattern.compile("\\W+(tests|pass|fail|cancelled|skipped|todo) (\\d+)");

    private static Path node;

    @BeforeAll
    static void install() throws Exception {
        node = RequiredTool.need("node", ScriptIT.class);
        Path npm = RequiredTool.need("npm", ScriptIT.class);
        // npm writes this file when it has installed everything; the lock file is copied here when it has changed.
        Path installed = TESTS.resolve("node_modules/.package-lock.json");
        Path lock = TESTS.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        run(
                Map.of("npm_config_cache", TESTS.resolveSibling("npm").toString()),
                npm.toString(),
                "ci",
                "--ignore-scripts");
    }

    @Test
    void behavesAsWritten() throws Exception {
        test("source", Path.of("..", "..", "core", "src", "main", "js").toRealPath());
    }

    @Test
    void behavesAsServed(@TempDir Path served) throws Exception {
        for (String name : List.of("firmshake.js", "firmshake.d.ts")) {
            try (InputStream in = ScriptIT.class.getResourceAsStream("/io/github/firmshake/web/" + name)) {
                assertThat(in).as(name).isNotNull();
                Files.copy(in, served.resolve(name));
            }
        }
        test("served", served);
    }

    private static void test(String form, Path directory) throws Exception {
        Map<String, Integer> all = new LinkedHashMap<>();
        for (String file : files()) {
            // Not all by one node --test: that reads their results from pipes, and on a busy machine takes a piece of
            // one
            // for a broken one (nodejs/node#64061).
            String output = run(Map.of("FIRMSHAKE_WEB", directory.toString()), node.toString(), file);
            Map<String, Integer> summary = new LinkedHashMap<>();
            output.lines()
                    .map(SUMMARY::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> summary.put(line.group(1), Integer.valueOf(line.group(2))));
            assertThat(summary).as(file).containsEntry("fail", 0).containsEntry("cancelled", 0);
            assertThat(summary).as(file).containsEntry("skipped", 0).doesNotContainEntry("pass", 0);
            summary.forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        assertThat(all.get("pass")).isPositive().isEqualTo(all.get("tests"));
        System.out.println("node, " + form + ": " + all);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }

    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(TESTS.toFile());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor())
                .as(() -> String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }
}
