package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.tomcat.HeartbeatApplication.Slow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is pinged and reaped on Tomcat: sessions of applications, many at once, stalled ones. */
class PingsOnTomcatIT extends HeartbeatOnTomcat {

    @ParameterizedTest
    @EnumSource
    void aSilentSessionOfTheApplicationIsReapedAndItsSocketClosed(Adapter adapter) throws Exception {
        start(Set.of(adapter), all(), HeartbeatApplication.App.class);
        RawClient client = open("/app");

        Frame close = next(client, CLOSE);

        assertThat(code(close)).isEqualTo(1011);
        assertThat(close.payload().substring(2)).isEqualTo("ping timeout");
        assertThat(client.isClosed()).isTrue(); // although it has not answered the Close
        assertThat(HeartbeatApplication.closes().poll(60, TimeUnit.SECONDS)).isEqualTo(1011);
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOfTheApplicationThatAnswersIsKeptAndItsOwnPongHandlerIsCalled(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        assertKeptWhileItAnswers(open("/app"));
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationMayAddItsOnePongHandlerLate(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "60"), HeartbeatApplication.Late.class);
        RawClient client = open("/late");
        client.send(new Frame(PONG, next(client, PING).payload()));
        client.send(new Frame(TEXT, "now"));
        assertThat(next(client, TEXT).payload()).isEqualTo("now"); // else the handler would have been one too many
        client.send(
                new Frame(PONG, "unasked")); // which also stands for an answer, should a Ping have come before the text
        assertThat(HeartbeatApplication.pongs().poll(60, TimeUnit.SECONDS)).isEqualTo("unasked");

        assertKeptWhileItAnswers(client);
    }

    // For five intervals, which no Ping and no Pong of another session disturbs.
    private static void assertKeptWhileItAnswers(RawClient client) throws Exception {
        List<String> payloads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            payloads.add(next(client, PING).payload());
            client.send(new Frame(PONG, payloads.get(i)));
            assertThat(HeartbeatApplication.pongs().poll(60, TimeUnit.SECONDS)).isEqualTo(payloads.get(i));
        }
        assertThat(payloads).doesNotHaveDuplicates().allMatch(payload -> payload.length() == 8);
        assertThat(HeartbeatApplication.closes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anyFrameKeepsASessionOfTheApplication(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        int pings = 0;
        while (pings < 6) { // none comes before the last one has been given a sign of life
            if (client.readFrame().opcode() == PING) {
                client.send(new Frame(pings % 2 == 0 ? TEXT : PONG, "no answer"));
                pings++;
            }
        }
        assertThat(HeartbeatApplication.closes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSessionIsKeptWhileItsEndpointIsAtWork(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "2"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "work 6000"));

        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            client.send(new Frame(PONG, frame.payload())); // which Tomcat leaves unread
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo(new Frame(TEXT, "work 6000"));

        assertThat(code(next(client, CLOSE))).isEqualTo(1011); // and then as ever
    }

    // An upload, such as a browser's that does not fragment: no Pong can come before its end.
    @ParameterizedTest
    @EnumSource
    void aFrameThatTakesLongerThanTheDeadlineAndTheIdleLimitKeepsASessionOfTheApplication(Adapter adapter)
            throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "2"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "idle 4000"));
        assertThat(next(client, TEXT).payload()).isEqualTo("idle 4000");
        Frame message = new Frame(TEXT, "x".repeat(100));
        client.sendSlowly(message);

        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo(message);
    }

    @ParameterizedTest
    @EnumSource
    void onNio2SessionsOfBothKindsArePingedAndReapedToo(Adapter adapter) throws Exception {
        startOnNio2(adapter, "60");
        for (String path : new String[] {BEAT, "/app"}) {
            RawClient client = open(path);
            for (int pings = 0; pings < 4; pings++) {
                client.send(new Frame(PONG, next(client, PING).payload()));
            }
            client.send(new Frame(TEXT, path.equals(BEAT) ? "ping" : ":ping"));
            assertThat(next(client, TEXT).payload()).isEqualTo(path.equals(BEAT) ? "pong" : ":pong");
        }
        server.close();
        startOnNio2(adapter, "1");
        for (String path : new String[] {BEAT, "/app"}) {
            RawClient client = open(path);
            next(client, PING);
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
            assertThat(client.isClosed()).isTrue();
        }
    }

    private void startOnNio2(Adapter adapter, String pongTimeout) throws Exception {
        start(
                new TomcatServer("org.apache.coyote.http11.Http11Nio2Protocol"),
                Set.of(adapter),
                all("pongTimeoutSeconds", pongTimeout),
                HeartbeatApplication.App.class);
    }

    @Test
    void filterAndValveTogetherPingASessionOnce() throws Exception {
        start(Set.of(Adapter.FILTER, Adapter.VALVE), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        next(client, PING);
        Thread.sleep(1_500);
        client.send(new Frame(TEXT, "echo"));

        assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, "echo"));
    }

    @ParameterizedTest
    @EnumSource
    void ourPingsDoNotKeepASessionFromTheApplicationsIdleLimit(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        long start = System.nanoTime();
        client.send(new Frame(TEXT, "idle 3000"));

        assertThat(code(client.readClose())).isEqualTo(1001);
        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(2_500L, 60_000L);
    }

    @Test
    void theOneLineForApplicationsAnswersOnlyHeartbeats() throws Exception {
        start(Set.of(Adapter.FILTER), Map.of(), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        for (String[] pair :
                new String[][] {{":ping", ":pong"}, {":ping 7", ":pong 7"}, {"ping", "ping"}, {":ping a b", ":ping a b"}
                }) {
            client.send(new Frame(TEXT, pair[0]));
            assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, pair[1]));
        }
    }

    @Test
    void manySilentSessionsAreAllReaped() throws Exception {
        start(Set.of(Adapter.FILTER), Map.of("pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            silent.add(open(BEAT));
        }
        for (RawClient client : silent) {
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void sessionsThatDieTogetherAreClosedTwoAtATime() throws Exception {
        start(Set.of(Adapter.FILTER), all(), Slow.class);
        Slow.forget();
        for (int i = 0; i < 100; i++) {
            open("/slow");
        }
        for (int i = 0; i < 100; i++) {
            assertThat(HeartbeatApplication.closes().poll(60, TimeUnit.SECONDS)).isEqualTo(1011);
        }
        // A close that a busy machine holds up for two seconds no longer counts, so that a few may find two others.
        List<Integer> others = Slow.others();
        assertThat(others).contains(1);
        assertThat(others.stream().filter(count -> count > 1)).hasSizeLessThan(10);
    }

    /** "Stalled" means here that the Ping is under way, and blocks, from the first moment to the last. */
    @ParameterizedTest
    @CsvSource({"FILTER, 1, 2000", "VALVE, 1, 2000", "FILTER, 20, 200", "VALVE, 20, 200", "FILTER, 8, 8"})
    void stalledReadersDelayNobody(Adapter adapter, int stalled, int others) throws Exception {
        int interval = 10;
        start(
                Set.of(adapter),
                all("pingIntervalSeconds", String.valueOf(interval), "pongTimeoutSeconds", "900"),
                HeartbeatApplication.App.class);
        List<Thread> floods = new ArrayList<>();
        for (int i = 0; i < stalled; i++) {
            RawClient reader = open("/app");
            floods.add(new Thread(() -> flood(reader)));
            floods.get(i).start();
        }
        // Before anybody else is there: a busy machine holds the Pings of others up, too.
        Map<Long, Long> blocked = awaitBlockedPings(stalled);
        try (PingedClients pinged =
                PingedClients.open(server.port(), others, i -> handshake(i % 2 == 0 ? "/app" : BEAT))) {
            // One interval is what the others are promised; the rest is for the machine.
            long start = System.nanoTime();
            long end = start + TimeUnit.SECONDS.toNanos(6 * interval);
            assertThat(pinged.awaitPings(start, end)).as("not pinged").isEmpty();
            assertThat(waitsOfPings()).as("still the same waits").containsAllEntriesOf(blocked);
            assertThat(pinged.closed()).isZero();
        }
        for (RawClient client : clients) {
            client.close();
        }
        for (Thread flood : floods) {
            flood.join();
        }
    }

    // Sends and does not read: once all buffers are full, the server's answer blocks, and its client's next message.
    static void flood(RawClient client) {
        byte[] message = Bytes.frame(0x81, "x".repeat(8_000));
        try {
            client.send(Bytes.frame(0x81, "patient")); // Tomcat would close it after 20 s
            while (true) {
                client.send(message);
            }
        } catch (IOException e) {
            // Closed at the end of the test.
        }
    }

    private static Map<Long, Long> awaitBlockedPings(int wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        Map<Long, Long> blocked = blockedPings();
        while (blocked.size() < wanted && System.nanoTime() - end < 0) {
            blocked = blockedPings();
        }
        assertThat(blocked).as("Pings that block").hasSize(wanted);
        return blocked;
    }

    // Every Ping waits for a moment: these have waited for half a second, and for one thing.
    private static Map<Long, Long> blockedPings() throws InterruptedException {
        Map<Long, Long> before = waitsOfPings();
        Thread.sleep(500);
        Map<Long, Long> now = waitsOfPings();
        now.entrySet().retainAll(before.entrySet());
        return now;
    }

    // Threads that wait while they send a Ping, and how often each has waited in its life.
    private static Map<Long, Long> waitsOfPings() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().startsWith("firmshake-heartbeat"))
                .filter(thread -> thread.getThreadState() == Thread.State.TIMED_WAITING)
                .filter(thread -> Arrays.stream(thread.getStackTrace())
                        .anyMatch(call -> call.getMethodName().equals("sendPing")))
                .collect(Collectors.toMap(ThreadInfo::getThreadId, ThreadInfo::getWaitedCount));
    }
}
