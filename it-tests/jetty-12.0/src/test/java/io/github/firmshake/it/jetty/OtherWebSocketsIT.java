package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.it.Container.StartFailure;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.core.internal.MessageHandler;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The handler in front of the kinds of WebSocket that are Jetty's own: its servlet, an endpoint that a servlet context
 * maps, and its core's. Jakarta's has the whole contract.
 */
class OtherWebSocketsIT {

    private static final LogCapture LOG = JulCapture.lines();
    private static final BlockingQueue<HandshakeEvent> EVENTS = new LinkedBlockingQueue<>();
    private static JettyServer server;

    @BeforeAll
    static void start() throws StartFailure {
        server = new JettyServer();
        HandshakeListener listener = EVENTS::add;
        server.install(listener);
        JettyWebSocketServletContainerInitializer.configure(
                server.context(), (context, container) -> container.addMapping("/mapped", EchoSocket.class));
        server.context().addServlet(new ServletHolder(new EchoServlet()), "/servlet");
        WebSocketUpgradeHandler core = new WebSocketUpgradeHandler();
        core.setHandler((org.eclipse.jetty.server.Handler) null); // it comes with a handler that answers 404
        core.setHandler(server.context());
        core.addMapping("/core", (request, response, callback) -> new CoreEcho());
        server.server().setHandler(core);
        HandlerOnJetty.install(server.server(), Map.of("logLimitPerMinute", "0"), listener);
        server.start();
        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingElseIsSaid() {
        assertThat(LOG.restOfHandshakes()).as("lines").isEmpty();
        assertThat(LOG.restOfConfiguration()).as("lines about configuration").isEmpty();
        assertThat(EVENTS).as("events").isEmpty();
    }

    static List<String> kinds() {
        return List.of("/mapped", "/servlet", "/core");
    }

    static Stream<Arguments> damaged() {
        return kinds().stream()
                .flatMap(kind -> Stream.of(
                                "HTTP/1.0 keep-alive",
                                "HTTP/1.0 close",
                                "HTTP/1.0 keep-alive,Upgrade",
                                "HTTP/1.1 close")
                        .map(damage -> Arguments.arguments(kind, damage.split(" ")[0], damage.split(" ")[1])));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aValidHandshakeIsSwitchedAndTold(String kind) throws Exception {
        assertEchoes(handshake(kind, "HTTP/1.1", "keep-alive, Upgrade"));

        assertThat(nextEvent().verdict()).isEqualTo(Verdict.VALID);
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void aSafeShapeIsRepaired(String kind, String version, String connection) throws Exception {
        assertEchoes(handshake(kind, version, connection));

        assertThat(nextEvent().outcome()).isEqualTo(Outcome.REPAIRED);
        assertThat(LOG.nextHandshake()).startsWith("INFO ").contains(": repaired, 101; ");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsTold(String kind) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            Response response =
                    client.exchange(handshake(kind, "HTTP/1.1", "Upgrade").replace("Version: 13", "Version: 8"));
            assertThat(nextEvent().status()).isEqualTo(response.status());
            assertThat(LOG.nextHandshake())
                    .startsWith("INFO VERSION_UNSUPPORTED " + kind + ": ")
                    .endsWith("; answered " + response.status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mapped", "/servlet", "/core"})
    void overHttp2ItPassesUntouched(String kind) throws Exception {
        assertThat(Http2Client.echo(server.http2Port(), kind)).isEqualTo("over HTTP/2");

        HandshakeEvent event = nextEvent();
        assertThat(event.verdict()).isEqualTo(Verdict.VALID);
        assertThat(event.status()).isEqualTo(200);
    }

    private static String handshake(String path, String version, String connection) {
        return "GET " + path + " " + version + "\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: " + connection
                + "\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n";
    }

    private static void assertEchoes(String handshake) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(handshake).statusLine()).startsWith("HTTP/1.1 101 ");
            client.send(Frame.text("Is this thing on?"));
            assertThat(client.readFrame()).isEqualTo(Frame.text("Is this thing on?"));
        }
    }

    private static HandshakeEvent nextEvent() throws InterruptedException {
        HandshakeEvent event = EVENTS.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("event within 20 s").isNotNull();
        return event;
    }

    private static final class EchoServlet extends JettyWebSocketServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void configure(JettyWebSocketServletFactory factory) {
            factory.register(EchoSocket.class);
        }
    }

    /** Jetty's own kind of endpoint. */
    public static final class EchoSocket extends Session.Listener.AbstractAutoDemanding {
        /** Created by Jetty. */
        public EchoSocket() {}

        @Override
        public void onWebSocketText(String message) {
            getSession().sendText(message, Callback.NOOP);
        }
    }

    private static final class CoreEcho extends MessageHandler {
        @Override
        protected void onText(String message, org.eclipse.jetty.util.Callback callback) {
            sendText(message, callback, false);
        }
    }
}
