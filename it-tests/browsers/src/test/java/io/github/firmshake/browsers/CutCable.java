package io.github.firmshake.browsers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every browser's page with the script does when everything between it and the server is dropped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CutCable {

    /** The script's options here, and what follows from them. */
    static final int INTERVAL = 2000;

    static final int TIMEOUT = 3000;
    static final String OPTIONS = "&interval=" + INTERVAL + "&timeout=" + TIMEOUT + "&maxDelay=2000";

    /** How late a busy machine may be. Without the script, nobody would tell a page within that time either. */
    static final int SLACK = 10_000;

    /** Timers may fire a little early, by the clock that pages see. */
    static final int GRAIN = 50;

    static final int SERVER_INTERVAL = 1000 * ChatServer.PING_INTERVAL_SECONDS;
    static final int SERVER_TIMEOUT = 1000 * ChatServer.PONG_TIMEOUT_SECONDS;

    private final String kind;
    private final String program;
    private final List<String> arguments;

    Network network;
    Chat chat;
    Browser browser;
    String visitor;

    CutCable(String kind, String program, String... arguments) {
        this.kind = kind;
        this.program = program;
        this.arguments = List.of(arguments);
    }

    @BeforeAll
    void makeNetwork(@TempDir Path directory) throws Exception {
        RequiredTool.need(program, getClass());
        Browser.install(getClass());
        network = Network.create(getClass());
        chat = Chat.start(network, directory);
    }

    @BeforeEach
    void startBrowser(@TempDir Path home, TestInfo test) throws Exception {
        visitor = test.getTestMethod().orElseThrow().getName();
        browser = Browser.start(network::inClient, kind, RequiredTool.need(program, getClass()), arguments, home);
    }

    @AfterEach
    void closeBrowser() throws Exception {
        network.restore();
        chat.resume();
        if (browser != null) {
            browser.close();
        }
        network.endClients();
    }

    @AfterAll
    void removeNetwork() throws Exception {
        if (chat != null) {
            chat.close();
        }
        if (network != null) {
            network.close();
        }
    }

    /** How long after the link is back a page may take to be connected again, in milliseconds. */
    abstract long mostToReopen();

    @Test
    void aPageWithTheScriptNoticesACutCableAndComesBack() throws Exception {
        openAndSettle("heartbeat.html", OPTIONS);

        long cut = System.currentTimeMillis();
        network.cut();
        long noticed = assertNoticed(cut, INTERVAL, TIMEOUT, SLACK);
        chat.await("leave " + visitor + " 1011 ping timeout", cut);

        assertComesBack(cut, noticed);
    }

    /** Opens a page, and waits until it has shown that it talks and pings. */
    final void openAndSettle(String page, String options) throws InterruptedException {
        browser.open(page, visitor, options);
        browser.assertTalks("before");
        browser.await("alive", System.currentTimeMillis());
    }

    /** Returns when the page noticed: in time, and by the script, not by what the kernel or the server say. */
    final long assertNoticed(long since, int interval, int timeout, int slack) throws InterruptedException {
        Event dead = browser.await("dead", since);
        Event suspect = last("suspect", dead.at());
        Event lastSign = last("alive", suspect.at());
        assertThat(dead.at() - lastSign.at())
                .as("from the last sign of life to the end of patience")
                .isBetween(interval * 9L / 10 + timeout - GRAIN, (long) interval + timeout + slack);
        assertThat(browser.whatSince(suspect.at()))
                .startsWith("suspect", "dead", "close 4000 heartbeat", "reconnecting");
        return dead.at() - since;
    }

    private Event last(String what, long before) {
        return browser.events().stream()
                .filter(event -> event.what().equals(what) && event.at() < before)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Restores the link, and waits until the page has noticed that. */
    final void assertComesBack(long cut, long noticed) throws Exception {
        assertThat(browser.whatSince(cut)).doesNotContain("open");
        long restored = System.currentTimeMillis();
        network.restore();
        Event open = browser.await("open", restored);
        report("noticed after %.1f s, connected again %.1f s after the link was back", noticed, open.at() - restored);
        assertThat(open.at() - restored).as("from the link to the connection").isLessThanOrEqualTo(mostToReopen());
        browser.assertTalks("after");
        assertThat(browser.whatSince(open.at())).doesNotContain("suspect", "dead", "error");
    }

    /** Prints a line; times are in milliseconds. */
    final void report(String format, Object... times) {
        Object[] seconds = List.of(times).stream()
                .map(time -> ((Number) time).longValue() / 1000.0)
                .toArray();
        System.out.println(browser.version() + ", " + visitor + ": " + String.format(format, seconds));
    }
}
