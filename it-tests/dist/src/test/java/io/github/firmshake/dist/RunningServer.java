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
import org.assertj.core.api.Assertions;

/** A server in a process of its own. {@link #close} ends it and sees to it that nothing is left. */
abstract class RunningServer implements AutoCloseable {

    /** How long a busy machine may take. */
    private static final String FOLDER =
            Path.of("../..").toAbsolutePath().normalize().toString();

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Thread killer;
    private final Path output;
    private final String ended;
    private final int port;

    /**
     * Waits until a server has started, and ends it if it does not.
     *
     * @param process its process
     * @param output where its standard output goes
     * @param started what it writes last when it starts
     * @param chosenPort what it writes of its port, a group; port 0 lets the system choose
     * @param ended what it writes when it ends in order
     */
    RunningServer(Process process, Path output, String started, Pattern chosenPort, String ended)
            throws InterruptedException {
        this.process = process;
        this.output = output;
        this.ended = ended;
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            await(started);
            Matcher chosen = chosenPort.matcher(console());
            if (!chosen.find()) {
                throw new AssertionError("no port in " + console());
            }
            port = Integer.parseInt(chosen.group(1));
        } catch (InterruptedException | RuntimeException | Error e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    /** Waits for the end of a server that is not to start, and returns what it wrote. */
    static String awaitEnd(Process process, Path output) throws InterruptedException {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still there after " + PATIENCE + ":\n" + read(output));
            }
            return read(output);
        } finally {
            process.destroyForcibly();
        }
    }

    final int port() {
        return port;
    }

    final long pid() {
        return process.pid();
    }

    final RawClient connect() throws IOException {
        return RawClient.connect(port);
    }

    /** Sends a request, its empty line left out, on a connection of its own. */
    final Response exchange(String head) throws IOException {
        try (RawClient client = connect()) {
            return client.exchange(head + "\n\n");
        }
    }

    /** Shakes hands with one of the echo endpoints and has it echo something. */
    final Response assertEchoes(String head) throws IOException {
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
    final String console() {
        return read(output);
    }

    /** The same without the folder that the project is in, which many call like the project. */
    final String consoleWithoutFolder() {
        return console().replace(FOLDER, "");
    }

    /** Waits for a text on the console. */
    final String await(String text) throws InterruptedException {
        return await(console -> console.contains(text), text);
    }

    /** Waits for the nth line with this text on the console. */
    final void await(String text, int count) throws InterruptedException {
        await(
                console -> console.lines().filter(line -> line.contains(text)).count() >= count,
                count + " times " + text);
    }

    /** Waits for a text on the console, and returns every line there that holds it. */
    final List<String> awaitLines(String text) throws InterruptedException {
        await(text);
        return lines(text);
    }

    /** Waits for as many lines with a text on the console, and returns them. */
    final List<String> awaitLines(String text, int count) throws InterruptedException {
        await(text, count);
        return lines(text);
    }

    /** Every line on the console that holds the text, in the order written. */
    final List<String> lines(String text) {
        return console().lines().filter(line -> line.contains(text)).toList();
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

    /** Ends the server with the signal that its own script sends, which lets it shut down in order. */
    @Override
    public final void close() {
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
        Assertions.assertThat(console()).contains(ended);
        Assertions.assertThat(children).allSatisfy(RunningServer::assertEnds);
        Assertions.assertThatIOException()
                .as("nobody listens any more")
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }

    // A child may take a moment longer than its parent.
    private static void assertEnds(ProcessHandle child) {
        Assertions.assertThat(child.onExit()).succeedsWithin(PATIENCE);
    }

    /** The lines of a file that are complete: who writes may be in the middle of the next. */
    static String read(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
