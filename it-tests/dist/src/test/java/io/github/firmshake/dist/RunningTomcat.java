package io.github.firmshake.dist;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** A server started by the distribution's own script. {@link #close} ends it and sees to it that nothing is left. */
final class RunningTomcat implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // Port 0 lets the system choose, and this line says what it chose.
    private static final Pattern CHOSEN_PORT =
            Pattern.compile("Starting ProtocolHandler \\[\"http-nio-.*-auto-\\d+-(\\d+)\"]");

    private final TomcatBase base;
    private final Process process;
    private final Thread killer;
    private final int port;

    private RunningTomcat(TomcatBase base, Process process) throws InterruptedException {
        this.base = base;
        this.process = process;
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        await("Server startup in");
        Matcher chosen = CHOSEN_PORT.matcher(console());
        if (!chosen.find()) {
            throw new AssertionError("no port in " + console());
        }
        port = Integer.parseInt(chosen.group(1));
    }

    static RunningTomcat start(TomcatBase base) throws IOException, InterruptedException {
        // Through sh: the zip does not keep the script's executable bit.
        String script = base.distribution().home().resolve("bin/catalina.sh").toString();
        ProcessBuilder builder = new ProcessBuilder("sh", script, "run")
                .redirectErrorStream(true)
                .redirectOutput(base.directory().resolve("logs/catalina.out").toFile());
        builder.environment().keySet().removeIf(name -> name.matches("CATALINA_.*|J(AVA|RE|DK|PDA|SSE)_.*"));
        builder.environment().putAll(base.environment());
        Process process = builder.start();
        try {
            return new RunningTomcat(base, process);
        } catch (InterruptedException | RuntimeException | Error e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid(); // the script ends in exec: its process is Java's
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port);
    }

    /** Sends a request, its empty line left out, on a connection of its own. */
    Response exchange(String head) throws IOException {
        try (RawClient client = connect()) {
            return client.exchange(head + "\n\n");
        }
    }

    /** Shakes hands with one of the echo endpoints and has it echo something. */
    Response assertEchoes(String head) throws IOException {
        try (RawClient client = connect()) {
            Response answer = client.exchange(head + "\n\n");
            Assertions.assertThat(answer.status()).as(head).isEqualTo(101);
            Frame text = new Frame(1, "in order");
            client.send(text);
            Assertions.assertThat(client.readFrame()).isEqualTo(text);
            return answer;
        }
    }

    /** What the server wrote to its standard output. */
    String console() {
        return read(base.directory().resolve("logs/catalina.out"));
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

    /** Waits for a text on the console, and then for the log files, which are written behind. */
    String await(String text) throws InterruptedException {
        return await(console -> console.contains(text), text);
    }

    private String await(Predicate<String> wanted, String name) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            boolean alive = process.isAlive();
            String console = console();
            if (wanted.test(console)) {
                return console;
            }
            if (!alive) {
                throw new AssertionError("the server ended without \"" + name + "\":\n" + console);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no \"" + name + "\" within " + PATIENCE + ":\n" + console());
    }

    /** Waits for the nth line with this text on the console. */
    void await(String text, int count) throws InterruptedException {
        await(
                console -> console.lines().filter(line -> line.contains(text)).count() >= count,
                count + " times " + text);
    }

    /** Ends the server with the signal that its own script sends, which lets it shut down in order. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the server does not end when asked to", e);
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(killer);
        }
        Assertions.assertThat(console()).contains("Destroying ProtocolHandler");
        Assertions.assertThat(children).noneMatch(ProcessHandle::isAlive);
        Assertions.assertThatIOException()
                .as("nobody listens any more")
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
