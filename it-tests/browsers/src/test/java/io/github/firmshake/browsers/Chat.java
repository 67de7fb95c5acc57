package io.github.firmshake.browsers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The chat's process in the server's namespace, and what it writes. */
final class Chat implements Witness {

    private final Process process;
    private final Path output;

    private Chat(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Chat start(Network network, Path directory) throws Exception {
        Path output = directory.resolve("chat.txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChatServer.class.getName(),
                directory.resolve("tomcat").toString(),
                Path.of(Chat.class.getResource("/webapp").toURI()).toString());
        Process process = network.inServer(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Chat chat = new Chat(process, output);
        try {
            chat.await("started", 0);
            return chat;
        } catch (AssertionError e) {
            chat.close();
            throw e;
        }
    }

    @Override
    public List<Event> events() {
        if (!process.isAlive()) {
            throw new AssertionError("the chat has ended: " + console());
        }
        // The rest is log lines.
        return console()
                .lines()
                .filter(line -> line.matches("\\d{13} .*"))
                .map(Event::parse)
                .toList();
    }

    String console() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The process stands still; its kernel goes on and acknowledges what comes in. */
    void stop() throws Exception {
        signal("STOP");
    }

    /** The process goes on where it was. */
    void resume() throws Exception {
        signal("CONT");
    }

    // The shell's own kill: a bare Debian has no program of that name.
    private void signal(String name) throws Exception {
        Command.run("sh", "-c", "kill -" + name + " " + process.pid());
    }

    void close() throws InterruptedException {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
}
