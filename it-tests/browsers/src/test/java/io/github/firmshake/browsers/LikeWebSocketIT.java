package io.github.firmshake.browsers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HeartbeatSocket in Chromium, case by case beside the browser's own WebSocket: HeartbeatSocket passes every case that
 * WebSocket passes, except those listed below.
 */
class LikeWebSocketIT {

    /** Each with its reason. A case that is here and passes fails the test as well. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("the class is called WebSocket", "its name is HeartbeatSocket"),
            Map.entry("an object is an instance of window.WebSocket", "it uses a WebSocket, and does not extend it"),
            Map.entry("event open: is trusted", "only a browser can make trusted events"),
            Map.entry("event message: is trusted", "only a browser can make trusted events"),
            Map.entry("event error: is trusted", "only a browser can make trusted events"),
            Map.entry("event close: is trusted", "only a browser can make trusted events"),
            Map.entry("readyState in onclose when the connection breaks", "CONNECTING says that it reconnects"),
            Map.entry("readyState in onclose when the handshake fails", "CONNECTING says that it reconnects"),
            Map.entry("after a broken connection nothing is told", "it reconnects"),
            Map.entry("the server receives what the page sends, and no more", "it receives pings too"),
            Map.entry("a handshake that takes 6 s opens", "an attempt ends after connectTimeout, 5 s unless set"));

    private RawServer server;
    private Browser browser;

    @BeforeEach
    void startServer() throws Exception {
        Browser.install(LikeWebSocketIT.class);
        server = new RawServer();
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        server.close();
    }

    @Test
    void passesWhatTheBrowsersOwnPasses(@TempDir Path home) throws Exception {
        start(home);
        Map<String, String> own = run("native");
        Map<String, String> ours = run("HeartbeatSocket");

        TreeSet<String> worse = new TreeSet<>(ours.keySet());
        worse.removeAll(own.keySet());
        int cases = Integer.parseInt(browser.evaluate("import('./like-websocket.js').then(all => all.cases.size)"));
        System.out.printf(
                "%s: of %d cases WebSocket passes %d, HeartbeatSocket %d, %d are exceptions%n",
                browser.version(), cases, cases - own.size(), cases - ours.size(), EXCEPTIONS.size());
        own.forEach((name, fault) -> System.out.println("  WebSocket: " + name + ": " + fault));
        assertThat(cases).isGreaterThan(200);
        assertThat(own.size()).as("cases that the browser's own fails").isLessThan(cases / 20);
        assertThat(worse).as(ours.toString()).isEqualTo(new TreeSet<>(EXCEPTIONS.keySet()));
    }

    @Test
    void standsInForWebSocket(@TempDir Path home) throws Exception {
        start(home);
        String answer = browser.evaluate("new Promise(resolve => { window.WebSocket = HeartbeatSocket;"
                + " const ws = new WebSocket('ws://' + location.host + '/echo'); ws.onopen = () => ws.send('x');"
                + " ws.onmessage = ({ data }) => resolve(data + (ws instanceof WebSocket)); })");
        assertThat(answer).isEqualTo("xtrue");
    }

    /** The page connects in its own close handler, too, as pages for WebSocket do. */
    @ParameterizedTest
    @CsvSource({"0", "1000"})
    void aPageWithReconnectCodeOfItsOwnHasOneConnectionAfterFiveDrops(int delay, @TempDir Path home) throws Exception {
        start(home);
        String counts = browser.evaluate("(async () => {"
                + " const url = 'ws://' + location.host + '/room?name=own';"
                + " const pause = time => new Promise(done => setTimeout(done, time));"
                + " let ws; const connect = () => { ws = new HeartbeatSocket(url); ws.onerror = () => ws.close();"
                + " ws.onclose = () => " + (delay == 0 ? "connect()" : "setTimeout(connect, " + delay + ")") + "; };"
                + " connect();"
                + " const counts = [];"
                + " for (let drop = 0; drop <= 5; drop++) {"
                + "   await pause(3500);"
                + "   counts.push(await new Promise(done => { ws.addEventListener('message', event => done(event.data),"
                + "     { once: true }); ws.send('how many are here?'); }));"
                + "   ws.send('drop all');"
                + " }"
                + " return counts.join(); })()");
        System.out.println(browser.version() + ": connections of a page that reconnects by itself after " + delay
                + " ms, drop by drop: " + counts);
        assertThat(counts).isEqualTo("1,1,1,1,1,1");
    }

    @Test
    void thePagesFirstShowIsNoReasonToPing(@TempDir Path home) throws Exception {
        start(home);
        String pings = browser.evaluate("new Promise(resolve => {"
                + " const ws = new HeartbeatSocket('ws://' + location.host + '/count');"
                + " ws.onalive = () => {"
                + "   ws.onalive = null;"
                + "   dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));"
                + "   ws.send('how many?');"
                + " };"
                + " ws.onmessage = ({ data }) => resolve(data); })");
        assertThat(pings).as("the ping after open, and the question").isEqualTo("2");
    }

    private void start(Path home) throws Exception {
        Path chromium = RequiredTool.need("chromium", LikeWebSocketIT.class);
        // Chromium does not start its sandbox as root.
        browser = Browser.start(ProcessBuilder::new, "chrome", chromium, List.of("--no-sandbox"), home);
        browser.order("open", server.address() + "like.html");
    }

    /** Returns the faults by case. */
    private Map<String, String> run(String name) {
        String results = browser.evaluate("run(" + name + ").then(results =>"
                + " results.filter(([, fault]) => fault).map(result => result.join('\\t')).join('\\n'))");
        Map<String, String> faults = new TreeMap<>();
        results.lines().map(line -> line.split("\t", 2)).forEach(parts -> faults.put(parts[0], parts[1]));
        return faults;
    }
}
