package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.HeartbeatContract;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketOpen;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heartbeat in Jetty's core: the contract, and what only the handler does. */
class HeartbeatIT {

    private static final String BEAT = """
            GET /firmshake/heartbeat HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;

    @Nested
    class Contract extends HeartbeatContract {
        Contract() {
            super(new HandlerOnJetty());
        }
    }

    @Nested
    class Handler {

        private final LogCapture log = JulCapture.lines();
        private Server server = new Server();
        private FirmshakeHandler firmshake = new FirmshakeHandler();

        @BeforeEach
        void listen() {
            log.restOfConfiguration();
            log.restOfHandshakes();
        }

        @AfterEach
        void stop() throws Exception {
            server.stop();
            log.restOfConfiguration();
            log.restOfHandshakes();
        }

        // No handler behind, so nobody else who could answer.
        private void start(Map<String, String> settings) throws Exception {
            EchoServer.addConnector(server);
            firmshake = FirmshakeHandler.install(server, HandlerOnJetty.handler(settings));
            server.start();
        }

        private RawClient greeted() throws Exception {
            RawClient client = RawClient.connect(EchoServer.port(server));
            assertThat(client.exchange(BEAT).status()).isEqualTo(101);
            assertThat(client.readFrame().payload()).startsWith("hello v=1 ");
            return client;
        }

        @Test
        void aSubprotocolThatIsOfferedIsNotAgreed() throws Exception {
            start(Map.of());
            try (RawClient client = RawClient.connect(EchoServer.port(server))) {
                Response response =
                        client.exchange(BEAT.replace("Upgrade: w", "Sec-WebSocket-Protocol: chat\nUpgrade: w"));
                assertThat(response.status()).isEqualTo(101);
                assertThat(response.has("Sec-WebSocket-Protocol")).isFalse();
            }
        }

        @ParameterizedTest
        @CsvSource({"Connection: close, HTTP/1.1", "Connection: Upgrade, HTTP/1.0"})
        void aDamagedHandshakeIsRepaired(String connection, String version) throws Exception {
            start(Map.of());
            try (RawClient client = RawClient.connect(EchoServer.port(server))) {
                String damaged = BEAT.replace("Connection: Upgrade", connection).replace("HTTP/1.1", version);
                assertThat(client.exchange(damaged).status()).isEqualTo(101);
                assertThat(client.readFrame().payload()).startsWith("hello");
            }
            assertThat(firmshake.getStatistics().getRepaired()).isEqualTo(1);
        }

        @Test
        void withRepairOffADamagedHandshakeIsRefusedWhereJettyRefusesItEarlyToo() throws Exception {
            start(Map.of("repair", "off"));
            try (RawClient client = RawClient.connect(EchoServer.port(server))) {
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
                assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, "pong"));
                client.send(fragment(1, 100));
                client.send(fragment(0x80, 26));
                assertThat(code(client.readFrame())).isEqualTo(1009);
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
                client.send(new Frame(TEXT, "\u00ff"));
                assertThat(code(client.readFrame())).isEqualTo(1007);
            }
        }

        @Test
        void sessionsThatDieTogetherAreReapedAndCounted() throws Exception {
            start(Map.of("pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(greeted());
            }
            for (RawClient client : clients) {
                Frame frame = client.readFrame();
                while (frame.opcode() != CLOSE) {
                    frame = client.readFrame();
                }
                assertThat(frame.payload()).isEqualTo("\u0003\u00f3ping timeout");
                assertThat(client.isClosed()).isTrue();
                client.close();
            }
            assertThat(firmshake.getHeartbeatStatistics().getReaped()).isEqualTo(20);
            assertThat(firmshake.getHeartbeatStatistics().getPings()).isEqualTo(20);
            assertThat(firmshake.getHeartbeatStatistics().getPongs()).isZero();
            assertThat(firmshake.getHeartbeatStatistics().getSessions()).isZero();
        }

        @Test
        void stoppingSaysGoodbyeAndLeavesNoThread() throws Exception {
            for (int starts = 0; starts < 2; starts++) {
                if (starts == 0) {
                    start(Map.of());
                } else {
                    server.start();
                }
                try (RawClient client = greeted()) {
                    assertThat(firmshake.getHeartbeatStatistics().getSessions()).isEqualTo(1);
                    server.stop();
                    Frame frame = client.readFrame();
                    assertThat(frame.payload()).isEqualTo("\u0003\u00e9going away");
                    assertThat(client.isClosed()).isTrue();
                }
                assertThat(firmshake.getHeartbeatStatistics().getSessions()).isZero();
                assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(
                                thread -> thread.isAlive() && thread.getName().startsWith("firmshake"));
            }
        }

        @Test
        void allIsNotPromised() throws Exception {
            start(Map.of("pingSessions", "all"));
            log.nextConfiguration();
            assertThat(log.restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING pingSessions=all pings only the heartbeat's own sessions on Jetty");
        }

        @Test
        void itWorksOverHttp2() throws Exception {
            start(Map.of());
            WebSocketClient client =
                    new WebSocketClient(new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())));
            client.start();
            try {
                // On 12.1.8 alone, with or without Firmshake, one session of fifteen loses its first frame.
                String answer = null;
                for (int session = 1; session <= 5 && answer == null; session++) {
                    Beats beats = new Beats();
                    client.connect(
                                    beats,
                                    URI.create("ws://127.0.0.1:" + EchoServer.port(server) + "/firmshake/heartbeat"))
                            .get(5, TimeUnit.SECONDS);
                    answer = beats.pongs.poll(2, TimeUnit.SECONDS);
                }
                assertThat(answer).isEqualTo("pong abc");
            } finally {
                client.stop();
            }
        }
    }

    private static int code(Frame close) {
        assertThat(close.opcode()).isEqualTo(CLOSE);
        byte[] payload = close.payload().getBytes(StandardCharsets.ISO_8859_1);
        return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    /** The client's end. */
    @WebSocket
    public static final class Beats {
        private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();

        /** Pings. */
        @OnWebSocketOpen
        public void onOpen(Session session) {
            session.sendText("ping abc", org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        /** Takes the answer. */
        @OnWebSocketMessage
        public void onText(String message) {
            if (message.startsWith("pong")) {
                pongs.add(message);
            }
        }
    }
}
