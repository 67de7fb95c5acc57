package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.it.RawClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dedicated endpoint: its handshake, its words, its limits. Whom it pings is {@link ServerPingsContract}'s. */
public abstract class HeartbeatContract extends HandshakeContract {

    static final String BEAT = HANDSHAKE.replace("/ws", "/firmshake/heartbeat");

    protected HeartbeatContract(Container container) {
        super(container);
    }

    // The first Ping comes at a random moment: in few runs into the middle of a test that is about something else.
    private static Frame next(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == Frame.PING) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static RawClient greeted(Server server) throws IOException {
        RawClient client = server.open(BEAT);
        assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, "hello v=1 interval=25 timeout=10"));
        return client;
    }

    private static void assertAnswers(RawClient client, String message, String answer) throws IOException {
        client.send(new Frame(Frame.TEXT, message));
        assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, answer));
    }

    /** The server's Close comes with this code, and the connection ends. */
    private static String assertCloses(RawClient client, int code) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != Frame.CLOSE) {
            frame = client.readFrame();
        }
        assertThat(frame.payload().charAt(0) << 8 | frame.payload().charAt(1)).isEqualTo(code);
        client.send(new Frame(Frame.CLOSE, frame.payload().substring(0, 2)));
        assertThat(client.isClosed()).as("closed after the closing handshake").isTrue();
        return frame.payload().substring(2);
    }

    @Test
    final void theHandshakeIsAnsweredWithoutExtensionAndSubprotocol() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(BEAT.replace(
                    "Sec-WebSocket-Version",
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\nSec-WebSocket-Version"));

            assertThat(response.status()).isEqualTo(101);
            assertThat(response.value("Sec-WebSocket-Accept")).isEqualTo(ACCEPT);
            assertThat(response.value("Upgrade")).isEqualToIgnoringCase("websocket");
            assertThat(response.value("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(response.has("Sec-WebSocket-Extensions")).isFalse();
            assertThat(response.has("Sec-WebSocket-Protocol")).isFalse();
            assertThat(response.has("Set-Cookie")).isFalse();
        }
        HandshakeEvent event = server.nextEvent();
        assertThat(event.switched()).isTrue();
    }

    @Test
    final void aPingIsAnsweredWithItsToken() throws Exception {
        String token = "x".repeat(64);
        try (RawClient client = greeted(with())) {
            assertAnswers(client, "ping", "pong");
            assertAnswers(client, "ping abc123", "pong abc123");
            assertAnswers(client, "ping " + token, "pong " + token);
            client.send(new Frame(Frame.PING, "abc"));
            assertThat(next(client)).isEqualTo(new Frame(Frame.PONG, "abc"));
            client.send(new Frame(Frame.CLOSE, "\u000f\u00a0")); // 4000
            assertThat(next(client).payload()).startsWith("\u000f\u00a0");
            assertThat(client.isClosed()).isTrue();
        }
        did(Capability.HEARTBEAT, "answers a ping");
    }

    @Test
    final void bytesMayComeOneByOne() throws Exception {
        byte[] ping = {(byte) 0x81, (byte) 0x84, 1, 2, 3, 4, 'p' ^ 1, 'i' ^ 2, 'n' ^ 3, 'g' ^ 4};
        try (RawClient client = greeted(with())) {
            for (byte b : ping) {
                client.send(new byte[] {b});
                Thread.sleep(2);
            }
            assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, "pong"));
        }
    }

    @Test
    final void severalPingsMayComeAtOnce() throws Exception {
        byte[] ping = {(byte) 0x81, (byte) 0x84, 0, 0, 0, 0, 'p', 'i', 'n', 'g'};
        ByteArrayOutputStream five = new ByteArrayOutputStream();
        for (int i = 0; i < 5; i++) {
            five.writeBytes(ping);
        }
        try (RawClient client = greeted(with())) {
            client.send(five.toByteArray());
            for (int i = 0; i < 5; i++) {
                assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, "pong"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pong       | expected "ping" or "ping TOKEN"
            :ping      | expected "ping" or "ping TOKEN"
            ping a b   | the token is empty or not visible ASCII
            """)
    final void aMalformedMessageEndsIn1008AndTheFault(String message, String fault) throws Exception {
        try (RawClient client = greeted(with())) {
            client.send(new Frame(Frame.TEXT, message));
            assertThat(assertCloses(client, 1008)).isEqualTo(fault);
        }
    }

    @Test
    final void aBinaryMessageEndsIn1003() throws Exception {
        try (RawClient client = greeted(with())) {
            client.send(new Frame(2, "ping"));
            assertCloses(client, 1003);
        }
    }

    @Test
    final void aMessageOfMoreThan125BytesEndsIn1009() throws Exception {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) 0x81, (byte) 0xfe, 0, 126, 0, 0, 0, 0});
        frame.writeBytes("x".repeat(126).getBytes());
        try (RawClient client = greeted(with())) {
            client.send(frame.toByteArray());
            assertCloses(client, 1009);
        }
    }

    @Test
    final void tenPingsAtOnceAreAnsweredAndMoreEndIn1008() throws Exception {
        try (RawClient client = greeted(with())) {
            // In one piece: a server may close the connection with its Close, and later ones would meet that.
            ByteArrayOutputStream pings = new ByteArrayOutputStream();
            for (int i = 0; i < 30; i++) { // each half second that the server is held up lets one more pass
                pings.writeBytes(new byte[] {(byte) 0x81, (byte) 0x84, 0, 0, 0, 0, 'p', 'i', 'n', 'g'});
            }
            client.send(pings.toByteArray());
            for (int i = 0; i < 10; i++) {
                assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, "pong"));
            }
            assertThat(assertCloses(client, 1008)).isEqualTo("more than 2 pings a second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1", "https://127.0.0.1"})
    final void theSameOriginIsTaken(String origin) throws Exception {
        Server server = with();
        try (RawClient client = server.open(BEAT.replace("Upgrade: w", "Origin: " + origin + "\nUpgrade: w"))) {
            assertThat(next(client).payload()).startsWith("hello");
        }
    }

    @Test
    final void anotherOriginIsRefusedEvenWhereHandshakesAreOnlyReported() throws Exception {
        Server server = with("onInvalid", "report");

        Response response = server.send(BEAT.replace("Upgrade: w", "Origin: https://evil.example\nUpgrade: w"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(server.nextEvent().status()).isEqualTo(403);
        assertThat(line()).contains("ORIGIN_NOT_ALLOWED").contains("/firmshake/heartbeat");
        did(Capability.HEARTBEAT, "refuses another origin");
    }

    @Test
    final void moreSessionsThanAllowedAreRefusedBeforeTheUpgrade() throws Exception {
        Server server = with("heartbeatMaxSessions", "2");
        try (RawClient first = greeted(server);
                RawClient second = greeted(server)) {
            Response response = server.send(BEAT);
            assertThat(response.status()).isEqualTo(503);
            assertThat(server.nextEvent().status()).isEqualTo(503);
            assertThat(line()).contains("NOT_SWITCHED", "503");
            assertThat(log.nextConfiguration())
                    .startsWith("WARNING heartbeat at ")
                    .contains(": 2 of heartbeatMaxSessions=2 sessions are open");
            assertAnswers(second, "ping", "pong");
            first.send(new Frame(Frame.CLOSE, ""));
            next(first);
            assertThat(first.isClosed()).isTrue();
        }
        for (int i = 0; i < 2; i++) {
            awaitRoom(server);
        }
        did(Capability.HEARTBEAT, "keeps its limit of sessions");
    }

    // The server learns of a client that has left a moment later, and refuses until then.
    private void awaitRoom(Server server) throws Exception {
        for (int attempt = 0; attempt < 3_000; attempt++) {
            try (RawClient client = RawClient.connect(server.port())) {
                int status = client.exchange(BEAT).status();
                server.nextEvent();
                if (status == 101) {
                    return;
                }
            }
            assertThat(line()).contains("NOT_SWITCHED", "503");
            Thread.sleep(20);
        }
        throw new AssertionError("no room");
    }

    @Test
    final void withoutAPathThereIsNoEndpoint() throws Exception {
        Server server = with("heartbeatPath", "");

        assertThat(server.send(BEAT).status()).isEqualTo(404);
        assertThat(server.nextEvent().status()).isEqualTo(404);
        assertThat(line()).contains("NOT_SWITCHED");
    }

    @Test
    final void itsPathCanBeChosenAndItsGreetingNamesTheInterval() throws Exception {
        Server server = with("heartbeatPath", "/beat", "pingIntervalSeconds", "5");
        try (RawClient client = server.open(HANDSHAKE.replace("/ws", "/beat"))) {
            assertThat(next(client).payload()).isEqualTo("hello v=1 interval=5 timeout=10");
        }
    }

    @Test
    final void theStartLineSaysItsSettings() throws Exception {
        Map<String, String> settings = settings(
                "heartbeatPath", "/beat",
                "heartbeatOrigins", "https://App.example.com:443, same-origin",
                "heartbeatMaxSessions", "7",
                "scriptPath", "/js/beat.js",
                "pingSessions", "OFF",
                "pingIntervalSeconds", "0",
                "pongTimeoutSeconds", "15");
        start(settings).close();

        assertThat(log.nextConfiguration())
                .isEqualTo(
                        "INFO "
                                + container.startLine(
                                        "onInvalid=report repair=safe webSocketPaths=\"\" allowedOrigins=\"\" "
                                                + "heartbeatPath=\"/beat\" "
                                                + "heartbeatOrigins=\"https://app.example.com same-origin\" heartbeatMaxSessions=7 "
                                                + "scriptPath=\"/js/beat.js\" pingSessions=off pingIntervalSeconds=0 "
                                                + "pongTimeoutSeconds=15 explainToClient=code logLimitPerMinute=60 logPaths=masked logPeer=full"));
        log.restOfConfiguration(); // warnings, which SettingsContract looks at
    }
}
