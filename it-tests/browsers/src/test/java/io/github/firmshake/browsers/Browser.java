package io.github.firmshake.browsers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.firmshake.it.NodeModules;
import io.github.firmshake.it.RequiredTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A browser with one page, controlled through {@code driver.js}. */
final class Browser implements Witness {

    private static final Path DRIVER = Path.of("target", "js").toAbsolutePath();

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final String version;

    private Browser(Process process) {
        this.process = process;
        answers = process.inputReader();
        commands = process.outputWriter();
        version = answer();
    }

    /** Fetches what the driver needs. */
    static void install(Class<?> test) throws IOException, InterruptedException {
        RequiredTool.need("node", test);
        NodeModules.install(DRIVER, test);
    }

    /**
     * Starts one.
     *
     * @param place what makes the driver's process: in a network namespace, or just so
     * @param kind puppeteer's name for it
     * @param directory where it may write: its home
     */
    static Browser start(
            Function<List<String>, ProcessBuilder> place,
            String kind,
            Path program,
            List<String> arguments,
            Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("node", "driver.js", kind, program.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = place.apply(command).directory(DRIVER.toFile());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TMPDIR", directory.toString());
        return new Browser(builder.redirectErrorStream(true).start());
    }

    String version() {
        return version;
    }

    /** Loads a page of the chat, and waits until its socket is open. */
    void open(String page, String visitor, String options) throws InterruptedException {
        order(
                "open",
                "http://" + Network.SERVER_ADDRESS + ":" + ChatServer.PORT + "/" + page + "?name=" + visitor + options);
        await("open", 0);
    }

    String evaluate(String expression) {
        return order("evaluate", expression);
    }

    @Override
    public List<Event> events() {
        return evaluate("window.events?.join('\\n') ?? ''")
                .lines()
                .map(Event::parse)
                .toList();
    }

    /** Says something in the chat, and waits until it comes back over the connection that the page has now. */
    void assertTalks(String text) throws InterruptedException {
        long now = System.currentTimeMillis();
        evaluate("ws.send('" + text + "')");
        await("message " + text, now);
    }

    /** Sends a command of the driver's, and returns what it says. */
    String order(String name, String argument) {
        try {
            // For an expression: a plus sign is none there, so it is no space here.
            commands.write(name + " " + URLEncoder.encode(argument, UTF_8).replace("+", "%20") + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return answer();
    }

    private String answer() {
        List<String> noise = new ArrayList<>();
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("ok ")) {
                    return URLDecoder.decode(line.substring(3), UTF_8);
                }
                if (line.startsWith("failed ")) {
                    throw new AssertionError(URLDecoder.decode(line.substring(7), UTF_8));
                }
                noise.add(line);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the browser's driver has ended: " + noise);
    }

    /** The driver closes the browser when nobody can tell it anything any more. */
    void close() throws IOException, InterruptedException {
        commands.close();
        process.waitFor(30, TimeUnit.SECONDS);
    }
}
