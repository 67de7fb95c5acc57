package io.github.firmshake.browsers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Chromium with its cable cut, and what only its developer tools can bring about: hidden and frozen pages. */
class ChromiumIT extends CutCable {

    // When a page has been hidden for this long, Chromium lets timers that timers have armed fire once a minute. Five
    // minutes in real life.
    private static final String THROTTLE_SOON = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/2";

    // A hidden page's timers fire at full seconds.
    private static final int HIDDEN_GRAIN = 1000;

    // No timer of a page that is only hidden is so late.
    private static final int THROTTLED = 8000;

    // With the script's defaults a page rests for 22.5 s: in a shorter test only a probe can notice anything.
    private static final String AT_REST = "&maxDelay=2000";

    // The connect timeout of an attempt that was under way, and the delay after it.
    private static final int TO_REOPEN = 5000 + 2000;

    private static final int PROBE_TIMEOUT = 5000;

    // Chromium's own keepalive asks 45 s after the last packet, and would tell even a page without the script.
    private static final int KEEPALIVE = 45_000;

    ChromiumIT() {
        // It does not start its sandbox as root. It loads nothing here but our own pages.
        super("chrome", "chromium", "--no-sandbox", THROTTLE_SOON);
    }

    @Override
    long mostToReopen() {
        return TO_REOPEN + SLACK;
    }

    @Test
    void aPageWithoutTheScriptGoesOnBelievingInItsSocket() throws Exception {
        browser.open("plain.html", visitor, "");
        browser.assertTalks("before");

        long cut = System.currentTimeMillis();
        network.cutBetweenFrames();
        chat.await("leave " + visitor + " 1011 ping timeout", cut);
        network.awaitServerForgets();
        network.restore();

        // Longer than a page with the script takes to notice and to come back.
        long end = System.currentTimeMillis() + INTERVAL + TIMEOUT + TO_REOPEN + 2000;
        while (System.currentTimeMillis() < end) {
            assertThat(browser.evaluate("ws.readyState")).isEqualTo("1");
            Thread.sleep(500);
        }
        assertThat(browser.evaluate("fetch('plain.html').then(answer => answer.status)"))
                .as("the way is free")
                .isEqualTo("200");
        assertThat(browser.whatSince(cut)).isEmpty();
        assertThat(System.currentTimeMillis() - cut).isLessThan(KEEPALIVE);
        report("still believes in its socket %.1f s after the cut", System.currentTimeMillis() - cut);

        browser.evaluate("ws.send('is anybody there?')");
        browser.await("close 1006", end);
    }

    @Test
    void theServerNoticesThatAPageIsGone() throws Exception {
        browser.open("plain.html", visitor, "");

        long before = System.currentTimeMillis();
        network.cut();
        long after = System.currentTimeMillis();
        long lastSign = after - network.silence();
        Event gone = chat.await("leave " + visitor + " 1011 ping timeout", before);

        assertThat(gone.at() - lastSign).isGreaterThanOrEqualTo(SERVER_TIMEOUT - GRAIN);
        assertThat(gone.at() - after).isLessThanOrEqualTo(SERVER_INTERVAL + SERVER_TIMEOUT + SLACK);
        report("the server closed its session %.1f s after the cut", gone.at() - before);
    }

    @Test
    void aSecondSocketTellsForAChatThatCannotAnswer() throws Exception {
        openAndSettle("second.html", "&maxDelay=2000&timeout=" + TIMEOUT);

        long cut = System.currentTimeMillis();
        network.cut();
        // The script asks as often as the server advises.
        long noticed = assertNoticed(cut, SERVER_INTERVAL, TIMEOUT, SLACK);
        chat.await("leave " + visitor + " 1011 ping timeout", cut);

        assertComesBack(cut, noticed);
    }

    @Test
    void aCutThatIsShorterThanTheDeadlineDropsNobody() throws Exception {
        browser.open("heartbeat.html", visitor, "&interval=2000&timeout=5000");
        browser.assertTalks("before");

        long cut = System.currentTimeMillis();
        network.cut();
        browser.evaluate("ws.send('during')");
        Thread.sleep(1000); // the length of the cut
        assertThat(browser.whatSince(cut)).doesNotContain("message during");
        network.restore();

        Event arrived = browser.await("message during", cut);
        report("what was said during a cut of 1 s arrived %.1f s after it began", arrived.at() - cut);
        // Both sides ask again, and whoever had given the other up would have said so by then.
        browser.await("alive", arrived.at() + INTERVAL + 5000);
        browser.assertTalks("after");
        assertThat(browser.whatSince(0))
                .containsOnlyOnce("open")
                .doesNotContain("dead")
                .noneMatch(what -> what.startsWith("close"));
        assertThat(chat.events().stream().map(Event::what).filter(what -> what.contains(visitor)))
                .containsExactly("enter " + visitor);
    }

    @Test
    void aPageNoticesThatTheServersProcessStandsStill() throws Exception {
        openAndSettle("heartbeat.html", OPTIONS);

        long stopped = System.currentTimeMillis();
        chat.stop();
        long noticed = assertNoticed(stopped, INTERVAL, TIMEOUT, SLACK);
        // The kernel accepts the connection, and nobody answers the handshake.
        browser.await("close 4000 connect timeout", stopped);
        assertThat(browser.whatSince(stopped)).doesNotContain("open");

        long resumed = System.currentTimeMillis();
        chat.resume();
        Event open = browser.await("open", resumed);
        report("noticed after %.1f s, connected again %.1f s after the process went on", noticed, open.at() - resumed);
        assertThat(open.at() - resumed).isLessThanOrEqualTo(mostToReopen());
        browser.assertTalks("after");
    }

    @Test
    void aHiddenPageKeepsItsSocketAndNoticesACutCable() throws Exception {
        openAndSettle("heartbeat.html", OPTIONS);
        browser.evaluate("window.ticks = [], (function tick() { ticks.push(Date.now()); setTimeout(tick, 1000) })()");
        browser.order("hide", "");
        Event hidden = browser.await("hidden", 0);

        long throttled = awaitGap(THROTTLED);
        long longest = longestSilence(hidden.at());
        report("a timer of the page's own was %.1f s late, the longest time without a pong %.1f s", throttled, longest);
        assertThat(longest).isLessThan(THROTTLED); // INTERVAL + HIDDEN_GRAIN where nothing else is to be done
        assertThat(browser.whatSince(hidden.at()))
                .isSubsetOf("hidden", "alive", "suspect")
                .contains("alive");
        assertThat(chat.whatSince(0)).noneMatch(what -> what.startsWith("leave " + visitor));

        long cut = System.currentTimeMillis();
        network.cut();
        long noticed = assertNoticed(cut, INTERVAL, TIMEOUT, 3 * HIDDEN_GRAIN + SLACK);
        chat.await("leave " + visitor + " 1011 ping timeout", cut);
        browser.order("show", "");
        browser.await("visible", cut);
        assertComesBack(cut, noticed);
    }

    @Test
    void aTimerThatIsLateDropsNothing() throws Exception {
        openAndSettle("heartbeat.html", "&interval=1000&timeout=4000");
        // When the page begins to doubt, two seconds before the end of its patience, it stands still as the
        // server does: as when a machine sleeps. The server, too, sees that it was itself that was late.
        browser.evaluate("ws.addEventListener('suspect',"
                + " () => { for (const end = Date.now() + 4200; Date.now() < end; ); }, { once: true })");
        long stopped = System.currentTimeMillis();
        chat.stop();
        Event suspect = browser.await("suspect", stopped);
        browser.evaluate("new Promise(done => setTimeout(done))"); // after all timers that are late
        long resumed = System.currentTimeMillis();
        chat.resume();

        browser.await("alive", resumed);
        browser.assertTalks("after");
        assertThat(browser.whatSince(suspect.at())).contains("suspect", "alive").doesNotContain("dead", "open");
    }

    @Test
    void aPageThatIsShownAgainNoticesWhatHappenedWhileItWasHidden() throws Exception {
        browser.open("heartbeat.html", visitor, AT_REST);
        browser.assertTalks("before");
        browser.order("hide", "");
        browser.await("hidden", 0);

        long cut = System.currentTimeMillis();
        network.cut();
        chat.await("leave " + visitor + " 1011 ping timeout", cut);
        assertThat(browser.whatSince(cut)).isEmpty();
        browser.order("show", "");
        Event visible = browser.await("visible", cut);
        Event dead = browser.await("dead", cut);
        assertThat(dead.at() - visible.at()).isBetween(PROBE_TIMEOUT - (long) GRAIN, (long) PROBE_TIMEOUT + SLACK);
        assertThat(browser.whatSince(cut)).startsWith("visible", "suspect", "dead", "close 4000 heartbeat");

        assertComesBack(cut, dead.at() - visible.at());
    }

    @Test
    void aFrozenPageComesBackWhenItIsResumed() throws Exception {
        openAndSettle("heartbeat.html", OPTIONS);
        browser.evaluate("window.ticks = [], (function tick() { ticks.push(Date.now()); setTimeout(tick, 1000) })()");
        browser.order("freeze", "");
        long frozen = System.currentTimeMillis();
        Thread.sleep(INTERVAL + TIMEOUT + 2000); // the length of the freeze
        long resumed = System.currentTimeMillis();
        browser.order("resume", "");

        awaitGap(INTERVAL + TIMEOUT);
        Event open = browser.await("open", frozen);
        report("connected again %.1f s after it was resumed", open.at() - resumed);
        assertThat(open.at() - resumed).isLessThanOrEqualTo(mostToReopen());
        browser.assertTalks("after");
        assertThat(browser.whatSince(frozen)).contains("close 1006").doesNotContain("suspect", "dead");
    }

    /** Waits until a timer that a timer has armed was so late, and returns how late. */
    private long awaitGap(int least) throws InterruptedException {
        long gap = 0;
        for (long end = System.nanoTime() + Witness.PATIENCE.toNanos(); gap < least; Thread.sleep(500)) {
            assertThat(System.nanoTime()).as("timers are throttled").isLessThan(end);
            gap = Long.parseLong(browser.evaluate(
                    "Math.max(...[...ticks, Date.now()].map((at, i, all) => at - (all[i - 1] ?? at)))"));
        }
        return gap;
    }

    private long longestSilence(long since) {
        List<Long> signs = browser.since(since).stream().map(Event::at).toList();
        long longest = 0;
        for (int i = 1; i < signs.size(); i++) {
            longest = Math.max(longest, signs.get(i) - signs.get(i - 1));
        }
        return longest;
    }
}
