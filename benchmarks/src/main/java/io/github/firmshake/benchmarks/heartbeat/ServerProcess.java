package io.github.firmshake.benchmarks.heartbeat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, and the questions that it answers. */
final class ServerProcess implements AutoCloseable {

    /** What is in use after a collection, in bytes. */
    record Memory(long heap, long direct) {}

    private final Variant variant;
    private final Process process;
    private final BufferedReader answers;
    private final OutputStream questions;
    private final int port;

    /** Starts it, and returns once it listens. */
    ServerProcess(Variant variant, int connections) throws IOException {
        this.variant = variant;
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerMain.class.getName(),
                        variant.label(),
                        Integer.toString(connections))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        questions = process.getOutputStream();
        port = Integer.parseInt(answer("port")[1]);
    }

    Variant variant() {
        return variant;
    }

    int port() {
        return port;
    }

    /** Collects garbage and says what is left. */
    Memory memory() throws IOException {
        String[] words = ask("memory");
        return new Memory(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    /** Processor time so far, in nanoseconds. */
    long cpu() throws IOException {
        return Long.parseLong(ask("cpu")[1]);
    }

    private String[] ask(String question) throws IOException {
        questions.write((question + '\n').getBytes(StandardCharsets.US_ASCII));
        questions.flush();
        return answer(question);
    }

    // Logs of containers go to standard error; what else is on standard output is passed over.
    private String[] answer(String kind) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(kind + ' ')) {
            line = answers.readLine();
        }
        if (line == null) {
            throw new LoadFailure(variant.label() + ": the server has ended");
        }
        return line.split(" ");
    }

    /** Ends it; by force if it takes more than ten seconds. */
    @Override
    public void close() throws IOException {
        try {
            questions.close(); // the end of its standard input is the end of it
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
