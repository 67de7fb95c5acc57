package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.jetty.FirmshakeHandler;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where two want the heartbeat's path: the first stays, the application starts, and one line says so. */
class TwoHeartbeatsIT {

    private static final String BEAT = "/firmshake/heartbeat";
    private static final LogCapture LOG = JulCapture.lines();

    private final JettyServer server = new JettyServer();

    @BeforeEach
    void installWebSocket() {
        // Without an endpoint of the application's at that path.
        JakartaWebSocketServletContainerInitializer.configure(server.context(), null);
    }

    @AfterEach
    void stop() {
        server.close();
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    private static String handshake(String path) {
        return "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n";
    }

    private RawClient open(String handshake) throws IOException {
        RawClient client = RawClient.connect(server.port());
        assertThat(client.exchange(handshake).status()).isEqualTo(101);
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

    private FirmshakeHandler installHandler() throws Exception {
        return HandlerOnJetty.install(server.server(), Map.of(), event -> {});
    }

    private static List<String> linesAboutTheHeartbeat() {
        return LOG.restOfConfiguration().stream()
                .filter(line -> line.contains(BEAT + ": "))
                .toList();
    }

    @Test
    void theHandlerServesInFrontOfAFilterInTheRootContext() throws Exception {
        FirmshakeHandler handler = installHandler();
        FilterOnJetty.install(server, Map.of());
        server.start();

        for (int i = 1; i <= 2; i++) {
            try (RawClient client = open(handshake(BEAT))) {
                assertThat(next(client).payload()).startsWith("hello v=1 ");
                assertThat(handler.getHeartbeatStatistics().getHeartbeatSessions())
                        .isPositive();
            }
        }
        assertThat(linesAboutTheHeartbeat())
                .containsExactly(
                        "INFO heartbeat at /firmshake/heartbeat: the handler's endpoint serves it, the filter's"
                                + " stays unused behind");
    }

    @Test
    void aFilterInAnotherContextServesItsOwnPathThere() throws Exception {
        server.context().setContextPath("/chat");
        installHandler();
        FilterOnJetty.install(server, Map.of());
        server.start();

        for (String path : new String[] {BEAT, "/chat" + BEAT}) {
            try (RawClient client = open(handshake(path))) {
                assertThat(next(client).payload()).startsWith("hello v=1 ");
            }
        }
        assertThat(linesAboutTheHeartbeat()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/firmshake"})
    void anEndpointOfJakartasStaysThoughTheHandlerIsInFront(String context) throws Exception {
        server.context().setContextPath(context);
        addJakarta(context.equals("/") ? BEAT : "/heartbeat");
        installHandler();
        server.start();

        assertStays();
    }

    @Test
    void anEndpointOfJettysStaysThoughTheHandlerIsInFront() throws Exception {
        addJettys();
        installHandler();
        server.start();

        assertStays();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Jakarta's", "Jetty's"})
    void anEndpointOfTheApplicationStaysWhereTheFilterIsAlone(String kind) throws Exception {
        if (kind.equals("Jakarta's")) {
            addJakarta(BEAT);
        } else {
            addJettys();
        }
        FilterOnJetty.install(server, Map.of());
        server.start();

        assertStays();
    }

    /** It is the application's, so its origins are too. */
    private void assertStays() throws IOException {
        for (int i = 0; i < 2; i++) {
            String fromElsewhere = handshake(BEAT).replace("Upgrade: w", "Origin: https://other.example\nUpgrade: w");
            try (RawClient client = open(fromElsewhere)) {
                client.send(Frame.text("ping"));
                assertThat(next(client)).isEqualTo(Frame.text("mine"));
            }
        }
        assertThat(linesAboutTheHeartbeat())
                .containsExactly("INFO heartbeat at /firmshake/heartbeat: an endpoint of the application stays there");
    }

    @Test
    void anEndpointThatOnlyMatchesThePathIsNoneThere() throws Exception {
        addJakarta("/{room}/{user}");
        installHandler();
        server.start();

        try (RawClient client = open(handshake(BEAT))) {
            assertThat(next(client).payload()).startsWith("hello v=1 ");
        }
        try (RawClient client = open(handshake("/room/user"))) {
            client.send(Frame.text("ping"));
            assertThat(next(client)).isEqualTo(Frame.text("mine"));
        }
        assertThat(linesAboutTheHeartbeat()).isEmpty();
    }

    @Test
    void theFilterAloneSaysThatItDoesNotSeeTheApplicationsSessions() throws Exception {
        FilterOnJetty.install(server, Map.of("pingSessions", "all"));
        server.start();

        assertThat(LOG.restOfConfiguration())
                .containsOnlyOnce(
                        "WARNING pingSessions=all pings only the heartbeat's own sessions in context \"\": this"
                                + " container does not show the application's");
    }

    private void addJettys() {
        JettyWebSocketServletContainerInitializer.configure(
                server.context(), (context, container) -> container.addMapping(BEAT, Mine.class));
    }

    private void addJakarta(String path) {
        JakartaWebSocketServletContainerInitializer.configure(
                server.context(),
                (context, container) -> container.addEndpoint(ServerEndpointConfig.Builder.create(Jakartas.class, path)
                        .build()));
    }

    /** An endpoint of the application's. */
    public static final class Jakartas extends Endpoint {
        /** Created by Jetty. */
        public Jakartas() {}

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(
                    String.class, message -> session.getAsyncRemote().sendText("mine"));
        }
    }

    /** Another of Jetty's own kind. */
    public static final class Mine extends org.eclipse.jetty.websocket.api.Session.Listener.AbstractAutoDemanding {
        /** Created by Jetty. */
        public Mine() {}

        @Override
        public void onWebSocketText(String message) {
            getSession().sendText("mine", Callback.NOOP);
        }
    }
}
