package io.github.firmshake.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of the tests' class path in a process of its own: it has environment variables and logging of its own. */
public final class Program implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 180;

    private final Process process;
    private final StringBuffer output = new StringBuffer();

    private Program(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one.
     *
     * @param main its main class
     * @param variables environment variables besides this process's own
     * @param properties system properties, such as {@code -Dname=value}
     */
    public static Program start(
            Class<?> main, Map<String, String> variables, List<String> properties, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(properties);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        return new Program(builder.start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its output so far. */
    public String output() {
        return output.toString();
    }

    /** Waits until it has written what a regular expression finds, and returns that, or its first group. */
    public String await(String regex) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            boolean alive = process.isAlive();
            Matcher found = pattern.matcher(output());
            if (found.find()) {
                return found.group(found.groupCount());
            }
            if (!alive) {
                break;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no " + regex + " in:\n" + output());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("still there:\n" + output(), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
