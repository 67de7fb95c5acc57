package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler with {@code pingSessions=all}, in front of an endpoint of each kind that Jetty has. */
class PingedSessionsIT extends PingedSessions {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\n";

    /** Those that differ in how they take frames: a servlet of Jetty's takes them as its container does. */
    static List<String> readers() {
        return List.of("/jakarta", "/mapped", "/core");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSilentSessionIsPingedAndReaped(String kind) throws Exception {
        start();
        RawClient client = open(kind);

        assertThat(client.readFrame())
                .satisfies(ping -> assertThat(ping.opcode()).isEqualTo(PING))
                .satisfies(ping -> assertThat(ping.payload()).hasSize(8));
        Frame close = client.readFrame();
        assertThat(code(close)).isEqualTo(1011);
        assertThat(close.payload().substring(2)).isEqualTo("ping timeout");
        assertThat(client.isClosed()).isTrue();
        assertClosed(1011);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionThatAnswersIsKeptAndItsEndpointSeesNothingOfIt(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        List<String> payloads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            payloads.add(next(client, PING).payload());
            client.send(new Frame(PONG, payloads.get(i)));
        }
        assertEchoes(client, "still there");

        assertThat(payloads).doesNotHaveDuplicates();
        assertThat(PingedApplication.pongs()).isEmpty();
        assertThat(PingedApplication.closes()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theApplicationsOwnPingsAndPongsAreItsOwn(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        client.send(new Frame(PONG, "unasked"));
        client.send(new Frame(PONG, "8 bytes!"));
        client.send(new Frame(TEXT, "ping theirs"));
        Frame frame = client.readFrame();
        while (!frame.payload().equals("theirs")) {
            client.send(new Frame(PONG, frame.payload()));
            frame = client.readFrame();
        }
        assertThat(frame.opcode()).isEqualTo(PING);
        client.send(new Frame(PONG, "theirs"));
        client.send(new Frame(PING, "mine"));
        while (!frame.equals(new Frame(PONG, "mine"))) {
            frame = nextBesidesPings(client);
        }

        for (String payload : List.of("unasked", "8 bytes!", "theirs")) {
            assertThat(PingedApplication.pongs().poll(30, TimeUnit.SECONDS)).isEqualTo(payload);
        }
        assertThat(PingedApplication.pongs()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anyFrameIsASignOfLife(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        for (int pings = 0; pings < 4; ) { // none is answered
            client.send(new Frame(PONG, "not asked for"));
            client.send(new Frame(TEXT, "message"));
            Frame frame = client.readFrame();
            while (frame.opcode() == PING) {
                pings++;
                frame = client.readFrame();
            }
            assertThat(frame).isEqualTo(new Frame(TEXT, "message"));
            Thread.sleep(50);
        }
    }

    // An upload, such as a browser's that does not fragment: no Pong can come before its end.
    @ParameterizedTest
    @MethodSource("readers")
    void aFrameThatTakesLongerThanTheDeadlineAndTheIdleLimitIsASignOfLife(String kind) throws Exception {
        start("pongTimeoutSeconds", "2");
        RawClient client = open(kind);
        client.send(new Frame(TEXT, "idle 4000"));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "idle 4000"));
        Frame message = new Frame(TEXT, "x".repeat(100));
        client.sendSlowly(message);

        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void pingsDoNotKeepASessionFromItsIdleLimit(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        long start = System.nanoTime();
        client.send(new Frame(TEXT, "idle 4000"));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "idle 4000"));
        Frame close = nextBesidesPings(client);

        assertThat(code(close)).isEqualTo(1001);
        assertThat(close.payload().substring(2)).isEqualTo("Connection Idle Timeout"); // Jetty's own words
        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(3_900L, 20_000L);
        assertThat(client.isClosed()).isTrue();
        assertClosed(1001);
        assertThat(handler.getHeartbeatStatistics().getIdled()).isEqualTo(1);
        assertThat(handler.getHeartbeatStatistics().getReaped()).isZero();
    }

    @Test
    void aSessionWhoseIdleLimitIsVetoedIsPingedOn() throws Exception {
        start(PATIENT);
        RawClient client = open("/core");
        client.send(new Frame(TEXT, "veto 2000"));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "veto 2000"));
        if (JettyServer.line().equals("Jetty 12.0")) { // which asks nobody
            assertThat(code(nextBesidesPings(client))).isEqualTo(1001);
            return;
        }
        while (handler.getHeartbeatStatistics().getIdled() < 2) {
            client.send(new Frame(PONG, next(client, PING).payload()));
        }
        client.send(new Frame(PONG, next(client, PING).payload()));
        assertEchoes(client, "still there");

        assertThat(PingedApplication.pongs()).isEmpty();
        assertThat(PingedApplication.closes()).isEmpty();
        client.send(new Frame(CLOSE, ""));
        assertThat(nextBesidesPings(client).opcode()).isEqualTo(CLOSE);
        assertClosed(1005);
        // The application is told first, then whoever watches its connection.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (handler.getHeartbeatStatistics().getPingedSessions() > 0 && System.nanoTime() - end < 0) {
            Thread.sleep(10);
        }
        assertThat(handler.getHeartbeatStatistics().getPingedSessions()).isZero();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void anApplicationThatOnlySendsIsNotIdle(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        client.send(new Frame(TEXT, "idle 4000"));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "idle 4000"));
        client.send(new Frame(TEXT, "tick 30"));
        for (int ticks = 0; ticks < 30; ) { // 6 s
            Frame frame = nextBesidesPings(client);
            assertThat(frame.opcode()).isEqualTo(TEXT);
            ticks += frame.payload().equals("tick") ? 1 : 0;
        }
    }

    /** While an endpoint works on a message nobody reads what the client sends, Pongs among it. */
    @ParameterizedTest
    @MethodSource("readers")
    void aSessionWhoseEndpointIsBusyIsKept(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind);
        client.send(new Frame(TEXT, "block"));
        for (int pings = 0; pings < 4; pings++) {
            client.send(new Frame(PONG, next(client, PING).payload()));
        }
        PingedApplication.RELEASES.release();

        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, "block"));
        assertEchoes(client, "still there");
    }

    @ParameterizedTest
    @MethodSource("readers")
    void besideCompressionNothingChanges(String kind) throws Exception {
        start(PATIENT);
        RawClient client = open(kind, DEFLATE);
        for (int i = 0; i < 3; i++) {
            client.send(new Frame(PONG, next(client, PING).payload()));
            assertEchoes(client, "message " + i);
        }
        assertThat(PingedApplication.pongs()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void besideCompressionASilentSessionIsReaped(String kind) throws Exception {
        start();

        assertThat(next(open(kind, DEFLATE), CLOSE).payload()).endsWith("ping timeout");
        assertClosed(1011);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingInTheAnswerTellsOfIt(String kind) throws Exception {
        for (String field : List.of("", "Sec-WebSocket-Extensions: permessage-deflate, identity\n")) {
            List<String> answers = new ArrayList<>();
            for (String whose : List.of("off", "all")) {
                start("pingSessions", whose);
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(handshake(kind, field));
                    String line = client.line();
                    StringBuilder head = new StringBuilder();
                    for (; !line.isEmpty(); line = client.line()) {
                        head.append(line.replaceFirst("^Date: .*", "Date")).append('\n');
                    }
                    answers.add(head.toString());
                }
                server.close();
            }
            assertThat(answers.get(0)).startsWith("HTTP/1.1 101 ");
            assertThat(answers.get(1)).isEqualTo(answers.get(0));
        }
    }

    @Test
    void anEndpointThatDecidesAboutExtensionsIsSeenToo() throws Exception {
        start(PATIENT);
        RawClient client = open("/own-extensions", DEFLATE);

        for (int i = 0; i < 2; i++) {
            client.send(new Frame(PONG, next(client, PING).payload()));
            assertEchoes(client, "message");
        }
        assertThat(PingedApplication.pongs()).isEmpty();
    }

    @Test
    void aSilentSessionOfSuchAnEndpointIsReaped() throws Exception {
        start();

        assertThat(next(open("/own-extensions", DEFLATE), CLOSE).payload()).endsWith("ping timeout");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void overHttp2ASessionThatAnswersIsKept(String kind) throws Exception {
        start(PATIENT);
        try (Http2Socket answering = Http2Socket.open(server.http2Port(), kind, true)) {
            answering.ask("message", "message");
            for (int i = 0; i < 4; i++) {
                assertThat(answering.nextPing()).hasSize(8);
            }
            assertThat(answering.isOpen()).isTrue();
            assertThat(handler.getHeartbeatStatistics().getPongs()).isPositive();
        }
        assertThat(PingedApplication.pongs()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void overHttp2ASilentSessionIsPingedAndReaped(String kind) throws Exception {
        start();
        try (Http2Socket silent = Http2Socket.open(server.http2Port(), kind, false)) {
            assertThat(silent.nextPing()).hasSize(8);
            assertThat(silent.closed()).isEqualTo("1011 ping timeout");
            assertClosed(1011);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pingSessions off", "pingSessions heartbeat", "pingIntervalSeconds 0"})
    void nobodyIsPingedUnlessAskedFor(String setting) throws Exception {
        start(setting.split(" ")[0], setting.split(" ")[1]);
        List<RawClient> sessions = new ArrayList<>();
        for (String kind : PingedApplication.KINDS) {
            sessions.add(open(kind));
        }
        Thread.sleep(2_500);
        for (RawClient client : sessions) {
            client.send(new Frame(TEXT, "first"));
            assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, "first"));
        }
        assertThat(handler.getHeartbeatStatistics().getPings()).isZero();
    }

    @Test
    void withoutAnEndpointOfOursTheApplicationsSessionsArePingedAllTheSame() throws Exception {
        start("heartbeatPath", "");
        RawClient client = open("/jakarta");

        assertThat(next(client, CLOSE).payload()).endsWith("ping timeout");
    }
}
