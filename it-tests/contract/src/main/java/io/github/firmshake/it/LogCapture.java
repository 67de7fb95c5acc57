package io.github.firmshake.it;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The lines Firmshake wrote, each as {@code LEVEL message}, in the order written. A test takes each of them; one that is
 * left is a line too many. Thread-safe.
 */
public final class LogCapture {

    private final BlockingQueue<String> handshakes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> floods = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> recoveries = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> configuration = new LinkedBlockingQueue<>();

    /** Takes a line of the logger {@code io.github.firmshake.handshake} or {@code .config}. */
    public void add(String logger, Level level, String message) {
        queue(logger, message).add(level + " " + message);
    }

    // Some come by themselves, while another test is under way.
    private BlockingQueue<String> queue(String logger, String message) {
        return switch (logger) {
            case "io.github.firmshake.handshake" -> {
                boolean recovery = message.contains(": recovered");
                yield recovery ? recoveries : message.contains(" /flood") ? floods : handshakes;
            }
            case "io.github.firmshake.config" -> configuration;
            default -> throw new IllegalArgumentException("no logger of Firmshake: " + logger);
        };
    }

    /** The next line about a handshake. It may be written after the client has its answer, so this waits. */
    public String nextHandshake() {
        return next(handshakes);
    }

    /** The next line about a path that begins with {@code /flood}. */
    public String nextOfFlood() {
        return next(floods);
    }

    /** Takes the lines about such paths that nobody took. */
    public List<String> restOfFlood() {
        return rest(floods);
    }

    /** Takes the lines of recovered paths that nobody took. */
    public List<String> restOfRecoveries() {
        return rest(recoveries);
    }

    /** The next line that a path recovered. */
    public String nextRecovery() {
        return next(recoveries);
    }

    /** The next line about configuration. */
    public String nextConfiguration() {
        return next(configuration);
    }

    /** Takes the lines about handshakes that nobody took. */
    public List<String> restOfHandshakes() {
        return rest(handshakes);
    }

    /** Takes the lines about configuration that nobody took. */
    public List<String> restOfConfiguration() {
        return rest(configuration);
    }

    private static List<String> rest(BlockingQueue<String> lines) {
        List<String> rest = new ArrayList<>();
        lines.drainTo(rest);
        return rest;
    }

    private static String next(BlockingQueue<String> lines) {
        try {
            String line = lines.poll(60, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no line was written within 60 s");
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
