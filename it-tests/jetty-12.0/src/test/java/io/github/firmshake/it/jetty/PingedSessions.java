package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.StartFailure;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** What tests of {@code pingSessions=all} share: a server with {@link PingedApplication}, and clients. */
abstract class PingedSessions {

    protected static final int TEXT = 1;
    protected static final int CLOSE = 8;
    protected static final int PING = 9;
    protected static final int PONG = 10;
    private static final LogCapture LOG = JulCapture.lines();

    private final List<RawClient> clients = new ArrayList<>();
    protected JettyServer server;
    protected FirmshakeHandler handler;

    static List<String> kinds() {
        return PingedApplication.KINDS;
    }

    /** For sessions that are to stay: whoever answers may be slow. There is no Ping before a sign of life after the last. */
    protected static final String[] PATIENT = {"pongTimeoutSeconds", "20"};

    /** All sessions, an interval and a timeout of a second each, and what a test has different. */
    protected final void start(String... namesAndValues) throws StartFailure {
        Map<String, String> settings = new LinkedHashMap<>(
                Map.of("pingSessions", "all", "pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        server = PingedApplication.server();
        prepare(server);
        handler = HandlerOnJetty.install(server.server(), settings, event -> {});
        server.start();
        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
        assertThat(LOG.restOfConfiguration()).as("warnings").isEmpty();
    }

    /** Called before the server is started. */
    protected void prepare(JettyServer created) {}

    @AfterEach
    final void stop() throws Exception {
        PingedApplication.RELEASES.release(1_000);
        for (RawClient client : clients) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        JettyServer.assertNoThreadLeft();
        LOG.restOfConfiguration();
        assertThat(LOG.restOfHandshakes()).isEmpty();
    }

    protected final RawClient open(String path, String... fields) throws IOException {
        RawClient client = RawClient.connect(server.port());
        clients.add(client);
        assertThat(client.exchange(handshake(path, fields)).status()).isEqualTo(101);
        return client;
    }

    protected static String handshake(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"
                + String.join("", fields) + "\n";
    }

    protected static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            frame = client.readFrame();
        }
        return frame;
    }

    /** Answers Pings until a frame of another kind comes. */
    protected static Frame nextBesidesPings(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            client.send(new Frame(PONG, frame.payload()));
            frame = client.readFrame();
        }
        return frame;
    }

    protected static void assertEchoes(RawClient client, String message) throws IOException {
        client.send(new Frame(TEXT, message));
        assertThat(nextBesidesPings(client)).isEqualTo(new Frame(TEXT, message));
    }

    protected static void assertClosed(int code) throws InterruptedException {
        assertThat(PingedApplication.closes().poll(30, TimeUnit.SECONDS))
                .as("the code that the endpoint was told")
                .isEqualTo(code);
    }

    protected static int code(Frame close) {
        return close.payload().charAt(0) << 8 | close.payload().charAt(1);
    }
}
