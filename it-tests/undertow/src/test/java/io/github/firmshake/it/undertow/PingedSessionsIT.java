package io.github.firmshake.it.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may go wrong with the sessions of an application on Undertow only, beyond the contract. */
class PingedSessionsIT {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final String BEAT = "/firmshake/heartbeat";
    private static final LogCapture LOG = JulCapture.lines();

    private UndertowServer server;
    private final List<RawClient> clients = new ArrayList<>();

    private void start(String... more) throws Exception {
        Map<String, String> settings =
                new HashMap<>(Map.of("pingSessions", "all", "pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        PingedApplication.forgetCloses();
        server = UndertowServer.start(settings, event -> {}, false, PingedApplication.class);
    }

    @AfterEach
    void stop() throws Exception {
        PingedApplication.release();
        for (RawClient client : clients) {
            client.close();
        }
        server.close();
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    private RawClient open(String path) throws IOException {
        RawClient client = RawClient.connect(server.port());
        clients.add(client);
        String handshake = """
                GET %s HTTP/1.1
                Host: 127.0.0.1
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13

                """;
        assertThat(client.exchange(handshake.formatted(path)).status()).isEqualTo(101);
        return client;
    }

    private static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static int code(Frame close) {
        return close.payload().charAt(0) << 8 | close.payload().charAt(1);
    }

    private static Integer nextClose() throws InterruptedException {
        return PingedApplication.closes().poll(30, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsWarnedOf() throws Exception {
        start();

        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
        assertThat(LOG.restOfConfiguration()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app", "/upgraded"})
    void theApplicationIsToldOfAReapedSessionAndWhy(String path) throws Exception {
        start();
        RawClient client = open(path);

        assertThat(code(next(client, CLOSE))).isEqualTo(1011);
        assertThat(nextClose()).isEqualTo(1011);
    }

    // Its side of the connection is closed early; here the other one counts, which only a sender sees.
    @ParameterizedTest
    @ValueSource(strings = {"/app", BEAT})
    void theSocketIsClosedAlthoughTheClientNeitherAnswersTheCloseNorCloses(String path) throws Exception {
        start();
        RawClient client = open(path);
        next(client, CLOSE);

        assertThat(isRefused(client)).isTrue();
    }

    @Test
    void soIsThatOfAHeartbeatWhichIsRefused() throws Exception {
        start("pongTimeoutSeconds", "20");
        RawClient client = open(BEAT);
        client.send(new Frame(TEXT, "no ping"));
        assertThat(code(next(client, CLOSE))).isEqualTo(1008);

        assertThat(isRefused(client)).isTrue();
    }

    private static boolean isRefused(RawClient client) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() - end < 0) {
            try {
                client.send(new Frame(PONG, "unasked"));
            } catch (IOException e) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    @Test
    void theApplicationMayAddItsOnePongHandlerLate() throws Exception {
        start("pongTimeoutSeconds", "20");
        RawClient client = open("/app");
        client.send(new Frame(PONG, next(client, PING).payload()));
        client.send(new Frame(TEXT, "late"));
        assertThat(next(client, TEXT).payload()).isEqualTo("late"); // else the handler would have been one too many
        client.send(new Frame(PONG, "its own"));
        assertThat(next(client, TEXT).payload()).isEqualTo("pong its own");
    }

    @Test
    void ourPingsDoNotKeepASessionFromTheApplicationsIdleLimit() throws Exception {
        start("pongTimeoutSeconds", "20");
        RawClient client = open("/app");
        long start = System.nanoTime();
        client.send(new Frame(TEXT, "idle 3000"));

        assertThat(code(client.readClose())).isEqualTo(1001);
        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(2_500L, 20_000L);
    }

    @Test
    void aSessionThatOnlySendsIsNotIdle() throws Exception {
        start("pongTimeoutSeconds", "20");
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "idle 5000"));
        client.send(new Frame(TEXT, "tick 40")); // 8 s
        for (int ticks = 0; ticks < 40; ) {
            Frame frame = client.readFrame();
            assertThat(frame.opcode()).isNotEqualTo(CLOSE);
            if (frame.opcode() == PING) {
                client.send(new Frame(PONG, frame.payload()));
            }
            ticks += frame.payload().equals("tick") ? 1 : 0;
        }
    }

    @Test
    void aSessionIsKeptWhileItsEndpointIsAtWork() throws Exception {
        start("pongTimeoutSeconds", "2");
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "work 6000"));

        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            client.send(new Frame(PONG, frame.payload()));
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo(new Frame(TEXT, "work 6000"));

        assertThat(code(next(client, CLOSE))).isEqualTo(1011); // and then as ever
    }

    // Its Pong is on its way when the thread that is to read it gets other work to do.
    @Test
    void aSessionIsKeptWhileTheEndpointOfAnotherKeepsTheirThread() throws Exception {
        start("pongTimeoutSeconds", "2");
        RawClient busy = open("/app");
        RawClient other = open("/app");
        while (!thread(other).equals(thread(busy))) {
            other = open("/app");
        }
        Frame ping = next(other, PING);
        busy.send(new Frame(TEXT, "work 6000"));
        Thread.sleep(200);
        other.send(new Frame(PONG, ping.payload()));
        other.send(new Frame(TEXT, "still there"));

        assertThat(nextBesidesPings(other)).isEqualTo(new Frame(TEXT, "still there"));
    }

    private static String thread(RawClient client) throws IOException {
        client.send(new Frame(TEXT, "thread"));
        return next(client, TEXT).payload();
    }

    // An upload, such as a browser's that does not fragment: no Pong can come before its end.
    @Test
    void aFrameThatTakesLongerThanTheDeadlineAndTheIdleLimitIsASignOfLife() throws Exception {
        start("pongTimeoutSeconds", "2");
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "idle 4000"));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "idle 4000"));
        Frame message = new Frame(TEXT, "x".repeat(100));
        client.sendSlowly(message);

        assertThat(nextBesidesPings(client)).isEqualTo(message);
    }

    private static Frame nextBesidesPings(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            frame = client.readFrame();
        }
        return frame;
    }

    @Test
    void endsThatNeverReturnHoldUpNobody() throws Exception {
        start("pongTimeoutSeconds", "5");
        PingedApplication.hold();
        int stuck = 12; // more than are closed at a time, and than there are threads at first
        for (int i = 0; i < stuck; i++) {
            open("/stuck");
        }
        for (int i = 0; i < stuck; i++) {
            assertThat(nextClose()).isEqualTo(1011);
        }
        RawClient other = open(BEAT);
        for (int i = 0; i < 3; i++) {
            other.send(new Frame(PONG, next(other, PING).payload()));
        }
        assertThat(code(next(other, CLOSE))).isEqualTo(1011);
    }

    @Test
    void aStalledReaderIsReapedAndDelaysNobody() throws Exception {
        start("pongTimeoutSeconds", "5");
        RawClient stalled = open("/app");
        stalled.send(new Frame(TEXT, "flood"));
        RawClient other = open("/app");
        for (int pings = 0; PingedApplication.closes().isEmpty() && pings < 30; pings++) {
            other.send(new Frame(PONG, next(other, PING).payload()));
            try {
                stalled.send(new Frame(PONG, "a sign of life that Undertow leaves unread"));
            } catch (IOException e) {
                // It is reaped.
            }
        }
        assertThat(nextClose()).isEqualTo(1011);
        other.send(new Frame(PONG, next(other, PING).payload()));
        other.send(new Frame(TEXT, "still there"));
        assertThat(next(other, TEXT).payload()).isEqualTo("still there");
    }
}
