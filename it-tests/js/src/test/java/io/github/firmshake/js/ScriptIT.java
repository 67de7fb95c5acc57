package io.github.firmshake.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.NodeModules;
import io.github.firmshake.it.RequiredTool;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser's script under Node's test runner, with a browser and a clock written by hand. */
class ScriptIT {

    private static final Path TESTS = Path.of("target", "js").toAbsolutePath();
    private static final Path SOURCE =
            Path.of("..", "..", "core", "src", "main", "js").toAbsolutePath().normalize();
    private static final Pattern SUMMARY = Pattern.compile("\\W+(tests|pass|fail|cancelled|skipped|todo) (\\d+)");

    private static Path node;

    @BeforeAll
    static void install() throws Exception {
        node = RequiredTool.need("node", ScriptIT.class);
        NodeModules.install(TESTS, ScriptIT.class);
    }

    @Test
    void behavesAsWritten() throws Exception {
        test("source", SOURCE);
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
        ProcessBuilder builder = new ProcessBuilder(command).directory(TESTS.toFile());
        builder.environment().put("FIRMSHAKE_SOURCE", SOURCE.toString());
        builder.environment().put("FIRMSHAKE_WEB", directory.toString());
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        List<String> summary = output.lines()
                .map(SUMMARY::matcher)
                .filter(line -> line.matches())
                .map(line -> line.group(1) + " " + line.group(2))
                .toList();
        System.out.println("node --test, " + form + ": " + String.join(", ", summary));
        assertThat(summary).contains("fail 0", "cancelled 0", "skipped 0").doesNotContain("tests 0", "pass 0");
    }
}
