package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the handler does on servers that are set up in other ways, and which it refuses. */
class InstallationIT {

    private static final LogCapture LOG = JulCapture.lines();
    private static final String HANDSHAKE = """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final String DAMAGED = HANDSHAKE.replace("Connection: Upgrade", "Connection: close");

    private final BlockingQueue<HandshakeEvent> events = new LinkedBlockingQueue<>();
    private final JettyServer jetty = new JettyServer();

    @AfterEach
    void nothingElseIsSaid() {
        jetty.close();
        assertThat(LOG.restOfConfiguration()).as("lines about configuration").isEmpty();
        assertThat(LOG.restOfHandshakes()).as("lines about handshakes").isEmpty();
    }

    /** A connector whose connections are somebody else's: what dies in them is explained, not repaired. */
    @ParameterizedTest
    @CsvSource({"report, 400, close", "report, 400, keep-alive", "reject, 426, close", "reject, 426, keep-alive"})
    void aConnectorWithAFactoryOfItsOwnIsNamedAndStillExplained(String onInvalid, int status, String connection)
            throws Exception {
        ServerConnector own = connector(new OwnFactory());
        start(Map.of("onInvalid", onInvalid));
        assertThat(LOG.nextConfiguration())
                .isEqualTo("WARNING handshakes whose Connection lacks upgrade are not repaired on " + own
                        + ": it has a connection factory of its own, " + OwnFactory.class.getName());

        try (RawClient client = RawClient.connect(own.getLocalPort())) {
            Response response = client.exchange(DAMAGED.replace("close", connection));
            assertThat(response.statusLine()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(response.values("Connection")).containsExactly(status == 426 ? "Upgrade, close" : "close");
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        // No setting repairs keep-alive, so the line gives no reason.
        assertThat(LOG.nextHandshake())
                .startsWith("WARNING CONNECTION_LACKS_UPGRADE /ws: ")
                .contains(
                        connection.equals("close")
                                ? "; not repaired: this connector's connections cannot be extended, see the start line; "
                                : "; got GET HTTP/1.1, Upgrade \"websocket\", Connection \"keep-alive\", ")
                .endsWith("; answered " + status + (status == 426 ? ", closed" : ""));
        assertThat(nextEvent().outcome()).isEqualTo(status == 426 ? Outcome.REFUSED : Outcome.PASSED);
    }

    private static final class OwnFactory extends HttpConnectionFactory {}

    @Test
    void theSocketsPeerIsNamedBehindTheProxyProtocol() throws Exception {
        HttpConnectionFactory http = new HttpConnectionFactory();
        ServerConnector proxied = connector(new ProxyConnectionFactory(http.getProtocol()), http);
        start(Map.of());

        String first = "PROXY TCP4 203.0.113.9 127.0.0.1 1234 80\r\n";
        assertThat(answer(proxied.getLocalPort(), first + crlf("GET /client HTTP/1.0\n\n")))
                .endsWith("203.0.113.9");
        answer(
                proxied.getLocalPort(),
                first + crlf(HANDSHAKE.replace("13", "8").replace("Upgrade\n", "Upgrade, close\n")));
        assertThat(LOG.nextHandshake()).startsWith("INFO VERSION_UNSUPPORTED /ws: ");
        answer(proxied.getLocalPort(), first + crlf(DAMAGED.replace("/ws", "/nowhere")));
        assertThat(LOG.nextHandshake()).startsWith("WARNING NOT_SWITCHED /nowhere: ");
    }

    /** What a connection found out about one head belongs to that request alone. */
    @Test
    void whatWasMendedInOneRequestIsForgottenWithIt() throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(jetty.port())) {
            assertThat(client.exchange("GET /plain HTTP/1.1\nHost: 127.0.0.1\n\n")
                            .status())
                    .isEqualTo(200);
            assertThat(client.exchange(HANDSHAKE.replace("/ws", "/nowhere")).status())
                    .isEqualTo(404);
            assertThat(LOG.nextHandshake()).startsWith("INFO NOT_SWITCHED /nowhere: ");
            client.send(DAMAGED.replace("/ws", "/seen") + HANDSHAKE.replace("Version: 13", "Version: 8"));
            assertThat(client.readResponse().body()).contains("verdict=DAMAGED");
            assertThat(client.isClosed())
                    .as("closed, as the damaged request asked")
                    .isTrue();
        }
        // A Jetty that is stopped before it is done with a closed connection takes what was sent behind the close.
        jetty.awaitNoConnection();
        assertThat(LOG.nextHandshake()).startsWith("WARNING NOT_SWITCHED /seen: ");
        try (RawClient client = RawClient.connect(jetty.port())) {
            assertThat(client.exchange(HANDSHAKE).status()).isEqualTo(101);
            client.send(Frame.text("whole"));
            assertThat(client.readFrame()).isEqualTo(Frame.text("whole"));
        }
        for (Outcome outcome : List.of(Outcome.PASSED, Outcome.REPAIRED, Outcome.PASSED)) {
            assertThat(nextEvent().outcome()).isEqualTo(outcome);
        }
    }

    /** Jetty has no page for most methods, and none for who takes none of its types. */
    @ParameterizedTest
    @CsvSource({"OPTIONS, */*", "GET, image/png"})
    void whatDiesBeforeHandlersIsToldWhenItsAnswerHasNoContentToo(String method, String accept) throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(jetty.port())) {
            String request = DAMAGED.replace("GET", method).replace("close", "keep-alive\nAccept: " + accept);
            Response response = client.exchange(request);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).isEmpty();
        }
        assertThat(LOG.nextHandshake())
                .contains(" /ws: ", "; got " + method + " HTTP/1.1, ")
                .endsWith("; answered 400");
        assertThat(nextEvent().status()).isEqualTo(400);
    }

    @Test
    void soIsItWhereTheServersOwnErrorHandlerFails() throws Exception {
        jetty.server().setErrorHandler((request, response, callback) -> {
            throw new IllegalStateException("no page");
        });
        start(Map.of());
        try (RawClient client = RawClient.connect(jetty.port())) {
            client.exchange(DAMAGED.replace("close", "keep-alive"));
        }
        assertThat(LOG.nextHandshake()).endsWith("; answered 400");
        assertThat(nextEvent().status()).isEqualTo(400);
    }

    @Test
    void aTargetWithoutPathIsTheRoot() throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(jetty.port())) {
            client.exchange(DAMAGED.replace("/ws", "http://127.0.0.1"));
        }
        assertThat(LOG.nextHandshake()).startsWith("WARNING NOT_SWITCHED /: ");
    }

    @Test
    void whatJettyRefusesForAnotherReasonIsNoFaultOfItsConnector() throws Exception {
        start(Map.of());
        try (RawClient client = RawClient.connect(jetty.port())) {
            assertThat(client.exchange(DAMAGED.replace("/ws", "/a/%2e%2e/ws")).status())
                    .isEqualTo(400);
        }
        if (JettyServer.line().equals("Jetty 12.1")) { // 12.0 hands on the first line alone
            assertThat(LOG.nextHandshake())
                    .startsWith("WARNING CONNECTION_LACKS_UPGRADE /")
                    .contains("; not repaired: Jetty refuses the request for another reason; ")
                    .endsWith("; answered 400");
        }
    }

    @Test
    void aServerThatRunsIsRefused() throws Exception {
        jetty.start();

        assertThatThrownBy(() -> FirmshakeHandler.install(jetty.server()))
                .hasMessage("Firmshake has to be installed before the server is started");
    }

    @Test
    void aServerWithoutConnectorsIsRefused() {
        assertThatThrownBy(() -> FirmshakeHandler.install(new Server()))
                .hasMessage("this server has no HTTP/1.1 connector: add connectors first, then install");
    }

    @Test
    void aSecondHandlerIsRefused() {
        FirmshakeHandler.install(jetty.server());

        assertThatThrownBy(() -> FirmshakeHandler.install(jetty.server()))
                .hasMessage("Firmshake is installed in this server already");
    }

    @Test
    void aServerWhoseHandlerWasReplacedAfterwardsDoesNotStart() {
        FirmshakeHandler.install(jetty.server());
        jetty.server().setHandler(new Handler.Wrapper());

        assertThatThrownBy(jetty::start)
                .hasMessage("Firmshake was installed, but its handler has been replaced since: call"
                        + " FirmshakeHandler.install(server) after server.setHandler(handler)");
    }

    @Test
    void aConnectorThatCameLaterIsNamed() throws Exception {
        jetty.install(events::add);
        HandlerOnJetty.install(jetty.server(), Map.of(), events::add);
        ServerConnector late = connector(new HttpConnectionFactory());
        jetty.start();

        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
        assertThat(LOG.nextConfiguration())
                .isEqualTo("WARNING handshakes whose Connection lacks upgrade are not repaired on " + late
                        + ": it was not there when FirmshakeHandler.install(server) was called");
    }

    private void start(Map<String, String> settings) throws Exception {
        jetty.install(events::add);
        HandlerOnJetty.install(jetty.server(), settings, events::add);
        jetty.start();
        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
    }

    private ServerConnector connector(org.eclipse.jetty.server.ConnectionFactory... factories) {
        ServerConnector connector = new ServerConnector(jetty.server(), factories);
        connector.setHost("127.0.0.1");
        jetty.server().addConnector(connector);
        return connector;
    }

    private HandshakeEvent nextEvent() throws InterruptedException {
        HandshakeEvent event = events.poll(5, TimeUnit.SECONDS);
        assertThat(event).as("event within 5 s").isNotNull();
        return event;
    }

    private static String answer(int port, String bytes) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }
}
