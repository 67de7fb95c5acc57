package io.github.firmshake.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A server in a process of its own. {@link #close} ends it and sees to it that nothing is left. */
final class RunningServer implements AutoCloseable {

    /** How long a busy machine may take. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A question that a server may need time for. */
    @FunctionalInterface
    interface Question {
        boolean isSo() throws IOException, InterruptedException;
    }

    private final Server server;
    private final Path base;
    private final Process process;
    private final Thread killer;
    private final int port;

    private RunningServer(Server server, Path base, Process process, int port) throws Exception {
        this.server = server;
        this.base = base;
        this.process = process;
        this.port = port;
        killer = new Thread(this::endForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            await(server.started(), () -> log().contains(server.started()));
        } catch (Exception | Error e) {
            endForcibly();
            throw e;
        }
    }

    /** Starts a server and has it deploy applications. */
    static RunningServer start(Server server, List<War> wars) throws Exception {
        return start(server, wars, wars.stream().map(War::name).toArray(String[]::new));
    }

    /** The same where not all of them start. */
    static RunningServer start(Server server, List<War> wars, String... serving) throws Exception {
        Path home = server.redeploys()
                ? server.download().folder(ServersIT.class)
                : server.download().file(ServersIT.class);
        Path base = Bases.fresh(server.name());
        int port = Server.freePort();
        ProcessBuilder builder = server.prepare(home, base, port);
        builder.environment().keySet().removeIf(name -> name.matches("JDK_JAVA_OPTIONS|JAVA_TOOL_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        for (War war : wars) {
            if (server.redeploys()) {
                war.in(server.applications(base));
            } else {
                builder.command()
                        .addAll(List.of("--deploy", war.in(base.resolve("wars")).toString()));
            }
        }
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(base.resolve("console.txt").toFile())
                .start();
        process.getOutputStream().close();
        RunningServer running = new RunningServer(server, base, process, port);
        try {
            for (String name : serving) {
                running.await(name + " deployed", () -> running.serves(name));
            }
            return running;
        } catch (Exception | Error e) {
            running.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** Adds an application to those that are there. */
    void deploy(War war) throws IOException {
        Path ready = war.in(base.resolve("wars"));
        Files.move(ready, server.applications(base).resolve(war.name() + ".war"));
    }

    /** Takes an application away. */
    void undeploy(String name) throws IOException {
        Files.delete(server.applications(base).resolve(name + ".war"));
    }

    /** Whether an application answers. */
    boolean serves(String name) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange("GET /" + name + "/index.html HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
                    .body()
                    .contains(War.PAGE);
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    /** What the server has written so far, to its console and elsewhere. */
    String log() throws IOException {
        StringBuilder log = new StringBuilder();
        List<Path> files = new ArrayList<>(List.of(base.resolve("console.txt")));
        files.addAll(server.logs(base));
        for (Path file : files) {
            if (Files.exists(file)) {
                log.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return log.toString();
    }

    /** Waits for a line with all of these. */
    String awaitLine(String... parts) throws Exception {
        String name = "a line with " + List.of(parts);
        await(name, () -> lines(parts).findAny().isPresent());
        return lines(parts).findFirst().orElseThrow();
    }

    private Stream<String> lines(String... parts) throws IOException {
        return log().lines().filter(line -> Stream.of(parts).allMatch(line::contains));
    }

    void await(String name, Question question) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            boolean alive = process.isAlive();
            if (question.isSo()) {
                return;
            }
            if (!alive) {
                throw new AssertionError("the server ended without " + name + ":\n" + log());
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no " + name + " within " + PATIENCE + ":\n" + log());
    }

    /** What a program of the JDK says of the server's process. */
    String jcmd(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(
                List.of(Path.of(Server.java()).resolveSibling("jcmd").toString(), String.valueOf(java().pid())));
        whole.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(output).isZero();
        return output;
    }

    // Scripts and launchers stay its parents.
    private ProcessHandle java() {
        ProcessHandle last = process.toHandle();
        for (List<ProcessHandle> children = last.children().toList(); !children.isEmpty(); ) {
            last = children.get(0);
            children = last.children().toList();
        }
        return last;
    }

    private void endForcibly() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends the server with the signal that its own script sends, which lets it shut down in order. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        java().destroy();
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(server + " does not end when asked to", e);
        } finally {
            endForcibly();
            Runtime.getRuntime().removeShutdownHook(killer);
        }
        assertThat(children).allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(PATIENCE));
    }
}
