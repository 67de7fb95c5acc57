package io.github.firmshake.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven over its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 180;
    private static final Pattern PAGE = Pattern.compile("\"(ws://[^\"]*/devtools/page/[^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
    private static final Pattern TEXT = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Process process;
    private final Map<Integer, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private WebSocket devTools;

    private Chromium(Process process) {
        this.process = process;
    }

    /** Starts one, or ends the test that asks where there is none to start. */
    static Chromium start(Path profile, Class<?> test) throws Exception {
        File log = profile.resolve("log.txt").toFile();
        Process process = new ProcessBuilder(
                        RequiredTool.need("chromium", test).toString(),
                        "--headless",
                        "--no-sandbox", // it refuses to run as root with one
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        // Else the page of the test before stays connected behind the present one, and is counted.
                        "--disable-features=BackForwardCache",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        Chromium chromium = new Chromium(process);
        try {
            chromium.devTools = chromium.connect(profile.resolve("DevToolsActivePort"), log);
            return chromium;
        } catch (Exception | AssertionError e) {
            chromium.close();
            throw e;
        }
    }

    private WebSocket connect(Path portFile, File log) throws Exception {
        Instant end = Instant.now().plusSeconds(PATIENCE_SECONDS);
        while (!Files.exists(portFile) || Files.readAllLines(portFile).size() < 2) {
            assertThat(process.isAlive()).as(Files.readString(log.toPath())).isTrue();
            assertThat(Instant.now()).as("the time for Chromium to start").isBefore(end);
            Thread.sleep(50);
        }
        HttpClient client = HttpClient.newHttpClient();
        URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(portFile).get(0) + "/json/list");
        Matcher page = pages(client, list);
        while (!page.find()) { // it answers before it has opened one
            assertThat(Instant.now()).as("the time for a page").isBefore(end);
            Thread.sleep(50);
            page = pages(client, list);
        }
        return client.newWebSocketBuilder()
                .buildAsync(URI.create(page.group(1)), new Answers())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static Matcher pages(HttpClient client, URI list) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(list).build();
        return PAGE.matcher(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                Matcher id = ID.matcher(parts);
                if (id.find()) {
                    asked.get(Integer.valueOf(id.group(1))).complete(parts.toString());
                }
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private String ask(String method, String parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        asked.put(id, answer);
        String message = "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}";
        devTools.sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Opens an address in the page. */
    void open(String address) throws Exception {
        assertThat(ask("Page.navigate", "\"url\":" + quoted(address))).doesNotContain("errorText");
    }

    private String evaluate(String expression) throws Exception {
        return ask("Runtime.evaluate", "\"expression\":" + quoted("String(" + expression + ")"));
    }

    /** The value of an expression in the page, as text. */
    String value(String expression) throws Exception {
        String answer = evaluate(expression);
        Matcher text = TEXT.matcher(answer);
        assertThat(text.find() && !answer.contains("exceptionDetails"))
                .as(answer)
                .isTrue();
        return text.group(1);
    }

    /** Waits until an expression in the page is true, and returns how long that took. */
    Duration await(String condition, Duration patience) throws Exception {
        Instant begin = Instant.now();
        // A page that is just being replaced by the next answers with an error.
        while (!evaluate("!!(" + condition + ")").contains("\"value\":\"true\"")) {
            if (Instant.now().isAfter(begin.plus(patience))) {
                throw new AssertionError("not within " + patience + ": " + condition + "; the page says: "
                        + evaluate("document.body?.innerText"));
            }
            Thread.sleep(20);
        }
        return Duration.between(begin, Instant.now());
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** Ends it first, as it starts again what has ended, and then the processes that it has started. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }
}
