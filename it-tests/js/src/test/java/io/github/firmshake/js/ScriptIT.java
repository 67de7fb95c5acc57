package io.github.firmshake.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List<String> command = new ArrayList<>(List.of(node.toString(), "--test"));
        // By name: what --test finds by itself differs between the releases of Node.
        try (Stream<Path> files = Files.list(TESTS)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .forEach(command::add);
        }
        String output = run(Map.of("FIRMSHAKE_WEB", directory.toString()), command.toArray(String[]::new));
        List<String> summary = output.lines()
                .map(SUMMARY::matcher)
                .filter(line -> line.matches())
                .map(line -> line.group(1) + " " + line.group(2))
                .toList();
        System.out.println("node --test, " + form + ": " + String.join(", ", summary));
        assertThat(summary).contains("fail 0", "cancelled 0", "skipped 0").doesNotContain("tests 0", "pass 0");
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
