package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the handler's endpoint does beside the contract: repairs, fragments, HTTP/2, and its end. */
class HeartbeatOnJettyIT {

    private static final String BEAT = """
            GET /firmshake/heartbeat HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final LogCapture LOG = JulCapture.lines();

    private final JettyServer server = new JettyServer();
    private FirmshakeHandler handler;

    private void start(Map<String, String> settings) throws Exception {
        server.server().setHandler((org.eclipse.jetty.server.Handler) null); // nobody else who could answer
        handler = HandlerOnJetty.install(server.server(), settings, event -> {});
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    private RawClient greeted() throws Exception {
        RawClient client = RawClient.connect(server.port());
        assertThat(client.exchange(BEAT).status()).isEqualTo(101);
        assertThat(next(client).payload()).startsWith("hello v=1 ");
        return client;
    }

    // The first Ping comes at a random moment, in few runs into the middle of a test that is about something else.
    private static Frame next(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == 9) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static int code(Frame close) {
        assertThat(close.opcode()).isEqualTo(8);
        return close.payload().charAt(0) << 8 | close.payload().charAt(1);
    }

    @Test
    void aSubprotocolThatIsOfferedIsNotAgreed() throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(BEAT.replace("Upgrade: w", "Sec-WebSocket-Protocol: chat\nUpgrade: w"));
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.has("Sec-WebSocket-Protocol")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"Connection: close, HTTP/1.1", "Connection: Upgrade, HTTP/1.0"})
    void aDamagedHandshakeIsRepaired(String connection, String version) throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            String damaged = BEAT.replace("Connection: Upgrade", connection).replace("HTTP/1.1", version);
            assertThat(client.exchange(damaged).status()).isEqualTo(101);
            assertThat(next(client).payload()).startsWith("hello");
        }
        assertThat(handler.getStatistics().getRepaired()).isEqualTo(1);
    }

    @Test
    void withRepairOffADamagedHandshakeIsRefusedWhereJettyRefusesItEarlyToo() throws Exception {
        start(Map.of("repair", "off"));
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(BEAT.replace("Connection: Upgrade", "Connection: close"));
            assertThat(response.status()).isEqualTo(426);
            assertThat(response.body()).contains("CONNECTION_LACKS_UPGRADE");
        }
    }

    @Test
    void aMessageMayComeInFragments() throws Exception {
        start(Map.of());
        try (RawClient client = greeted()) {
            client.send(new byte[] {1, (byte) 0x82, 0, 0, 0, 0, 'p', 'i'});
            client.send(new byte[] {(byte) 0x80, (byte) 0x82, 0, 0, 0, 0, 'n', 'g'});
            assertThat(next(client)).isEqualTo(Frame.text("pong"));
            client.send(fragment(1, 100));
            client.send(fragment(0x80, 26));
            assertThat(code(next(client))).isEqualTo(1009);
        }
    }

    private static byte[] fragment(int opcode, int length) {
        byte[] frame = new byte[6 + length];
        frame[0] = (byte) opcode;
        frame[1] = (byte) (0x80 | length);
        return frame;
    }

    @Test
    void textThatIsNotUtf8EndsIn1007() throws Exception {
        start(Map.of());
        try (RawClient client = greeted()) {
            client.send(Frame.text("\u00ff"));
            assertThat(code(next(client))).isEqualTo(1007);
        }
    }

    @Test
    void stoppingSaysGoodbyeAndLeavesNoThread() throws Exception {
        start(Map.of());
        for (int starts = 1; starts <= 2; starts++) {
            try (RawClient client = greeted()) {
                assertThat(handler.getHeartbeatStatistics().getHeartbeatSessions())
                        .isEqualTo(1);
                server.close();
                assertThat(next(client).payload()).isEqualTo("\u0003\u00e9going away"); // 1001
                assertThat(client.isClosed()).isTrue();
            }
            assertThat(handler.getHeartbeatStatistics().getHeartbeatSessions()).isZero();
            assertThat(handler.getHeartbeatStatistics().getPingedSessions()).isZero();
            JettyServer.assertNoThreadLeft();
            server.start();
        }
    }

    @Test
    void overHttp2ItIsPingedAndAnswersToo() throws Exception {
        start(Map.of("pingIntervalSeconds", "1", "pongTimeoutSeconds", "20"));
        try (Http2Socket answering = Http2Socket.open(server.http2Port(), "/firmshake/heartbeat", true)) {
            answering.ask("ping abc", "pong abc");
            for (int i = 0; i < 4; i++) { // none comes before there is a sign of life after the last
                assertThat(answering.nextPing()).hasSize(8);
            }
            answering.ask("ping def", "pong def");
            assertThat(answering.isOpen()).isTrue();
        }
    }

    @Test
    void overHttp2ASilentSessionIsReaped() throws Exception {
        start(Map.of("pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
        try (Http2Socket silent = Http2Socket.open(server.http2Port(), "/firmshake/heartbeat", false)) {
            assertThat(silent.closed()).isEqualTo("1011 ping timeout");
        }
    }
}
