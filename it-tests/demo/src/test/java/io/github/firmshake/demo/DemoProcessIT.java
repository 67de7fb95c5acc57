package io.github.firmshake.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own: how it ends. */
class DemoProcessIT {

    @TempDir
    private Path temporary;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there, only be killed")
    void endsWithOneLineAndLeavesNothingBehind() throws Exception {
        // Below those that systems choose themselves, and hardly the same as another run's at the same time.
        int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
        Process process = demo("--port", String.valueOf(port));
        try (BufferedReader out = process.inputReader()) {
            for (String line = ""; !line.equals("Ctrl-C ends the demo."); line = out.readLine()) {
                assertThat(line).as("a line before the end").isNotNull();
            }
            process.toHandle().destroy(); // Process.destroy would close the stream as well
            assertThat(out.lines()).containsExactly("", "The demo has ended.");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.getFileName().toString().contains("firmshake")))
                    .isEmpty();
        }
    }

    @Test
    void saysInOneLineWhyItDidNotStart() throws Exception {
        Process process = demo("--port", "80");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.lines())
                    .containsExactly("The demo did not start: arguments are \"--port 80\","
                            + " expected none, or --port and 1024 to 65532");
        }
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private Process demo(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
