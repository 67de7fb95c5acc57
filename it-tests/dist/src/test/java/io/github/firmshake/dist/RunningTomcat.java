package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Tomcat started by the distribution's own script. */
final class RunningTomcat extends RunningServer {

    private static final Pattern CHOSEN_PORT =
            Pattern.compile("Starting ProtocolHandler \\[\"http-nio-.*-auto-\\d+-(\\d+)\"]");

    private final TomcatBase base;

    private RunningTomcat(TomcatBase base, Process process) throws InterruptedException {
        super(process, console(base), "Server startup in", CHOSEN_PORT, "Destroying ProtocolHandler");
        this.base = base;
    }

    static RunningTomcat start(TomcatBase base, Map<String, String> variables)
            throws IOException, InterruptedException {
        return new RunningTomcat(base, process(base, variables));
    }

    /** Starts a server that is to end by itself, and returns what it wrote. */
    static String startInVain(TomcatBase base) throws IOException, InterruptedException {
        return awaitEnd(process(base, Map.of()), console(base));
    }

    private static Process process(TomcatBase base, Map<String, String> variables) throws IOException {
        // Through sh: the zip does not keep the script's executable bit. It ends in exec: its process is Java's.
        String script = base.distribution().home().resolve("bin/catalina.sh").toString();
        ProcessBuilder builder = new ProcessBuilder("sh", script, "run")
                .redirectErrorStream(true)
                .redirectOutput(console(base).toFile());
        builder.environment().keySet().removeIf(name -> name.matches("CATALINA_.*|J(AVA|RE|DK|PDA|SSE)_.*"));
        builder.environment().putAll(base.environment());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static Path console(TomcatBase base) {
        return base.directory().resolve("logs/catalina.out");
    }

    /** Waits for a text in the log files of that name, which are written behind, and returns its lines. */
    List<String> awaitLogged(String file, String text) throws IOException, InterruptedException {
        return awaitLogged(file, text, 1);
    }

    /** Waits for as many lines with a text in the log files of that name, and returns them. */
    List<String> awaitLogged(String file, String text, int count) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (logged(file, text).size() < count && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        return logged(file, text);
    }

    /** Tomcat has warned of nothing that an application left behind. */
    void assertNothingWasLeft() {
        // It names its own background thread too, where that is at work in the application when it stops.
        assertThat(console().lines().filter(line -> !line.contains("thread named [Catalina-utility-")))
                .noneMatch(line -> line.contains("but has failed to stop it"))
                .noneMatch(line -> line.contains("but failed to remove it"));
    }

    /** Every line of the log files that holds the text, in the order written. */
    List<String> logged(String file, String text) throws IOException {
        try (Stream<Path> logs = Files.list(base.directory().resolve("logs"))) {
            return logs.filter(log -> log.getFileName().toString().matches(file + "\\..*log"))
                    .flatMap(log -> read(log).lines())
                    .filter(line -> line.contains(text))
                    .toList();
        }
    }
}
