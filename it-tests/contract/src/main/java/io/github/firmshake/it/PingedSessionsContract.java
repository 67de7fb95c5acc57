package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The application's own sessions, of Jakarta WebSocket, with {@code pingSessions=all}. What only some container can go
 * wrong at has tests beside that container's.
 */
public abstract class PingedSessionsContract extends HandshakeContract {

    private static final String PONGS = HANDSHAKE.replace("/ws", "/pongs");

    protected PingedSessionsContract(Container container) {
        super(container);
    }

    private Server all(int timeout) throws Exception {
        return with("pingSessions", "all", "pingIntervalSeconds", "1", "pongTimeoutSeconds", String.valueOf(timeout));
    }

    private RawClient open(Server server) throws IOException {
        RawClient client = RawClient.connect(server.port());
        assertThat(client.exchange(PONGS).status()).isEqualTo(101);
        server.nextEvent();
        return client;
    }

    private static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            assertThat(frame.opcode()).as(frame.payload()).isNotEqualTo(Frame.CLOSE);
            frame = client.readFrame();
        }
        return frame;
    }

    private static void assertLeftAlone(RawClient client) throws Exception {
        Thread.sleep(2_500); // two intervals, and more than the time to answer
        client.send(Frame.text("still there"));
        assertThat(client.readFrame()).isEqualTo(Frame.text("still there"));
    }

    @Test
    final void arePingedAndKeptWhileTheyAnswer() throws Exception {
        try (RawClient client = open(all(3))) {
            if (lacks(Limit.APPLICATION_SESSIONS)) {
                assertLeftAlone(client);
                cannot(Capability.PINGS_APPLICATION, "pinged", Limit.APPLICATION_SESSIONS);
                return;
            }
            Set<String> payloads = new HashSet<>();
            while (payloads.size() < 6) { // twice as long as they may be silent
                Frame ping = next(client, Frame.PING);
                assertThat(ping.payload()).hasSize(8);
                assertThat(payloads.add(ping.payload())).as("another each time").isTrue();
                client.send(new Frame(Frame.PONG, ping.payload()));
            }
            client.send(Frame.text("still there"));
            assertThat(next(client, Frame.TEXT)).isEqualTo(Frame.text("still there"));
        }
        did(Capability.PINGS_APPLICATION, "pinged");
    }

    @Test
    final void areKeptByAnyFrame() throws Exception {
        try (RawClient client = open(all(3))) {
            if (lacks(Limit.APPLICATION_SESSIONS)) {
                assertLeftAlone(client);
                cannot(Capability.PINGS_APPLICATION, "kept by any frame", Limit.APPLICATION_SESSIONS);
                return;
            }
            for (int pings = 0; pings < 6; pings++) {
                next(client, Frame.PING);
                client.send(pings % 2 == 0 ? Frame.text("no answer") : new Frame(Frame.PONG, "no match"));
            }
        }
        did(Capability.PINGS_APPLICATION, "kept by any frame");
    }

    @Test
    final void areClosedWith1011WhenNothingComes() throws Exception {
        try (RawClient client = open(all(1))) {
            if (lacks(Limit.APPLICATION_SESSIONS)) {
                assertLeftAlone(client);
                cannot(Capability.PINGS_APPLICATION, "reaped", Limit.APPLICATION_SESSIONS);
                return;
            }
            next(client, Frame.PING);
            assertThat(client.readFrame()).isEqualTo(new Frame(Frame.CLOSE, "\u0003\u00f3ping timeout")); // 1011
            assertThat(client.isClosed())
                    .as("closed without waiting for an answer")
                    .isTrue();
        }
        did(Capability.PINGS_APPLICATION, "reaped");
    }

    @Test
    final void theApplicationsOwnHandlerOfPongsIsCalled() throws Exception {
        try (RawClient client = open(all(3))) {
            if (!lacks(Limit.APPLICATION_SESSIONS)) {
                client.send(new Frame(Frame.PONG, next(client, Frame.PING).payload()));
            }
            client.send(new Frame(Frame.PONG, "its own"));
            client.send(Frame.text("its own"));
            assertThat(next(client, Frame.TEXT)).isEqualTo(Frame.text("seen its own"));
        }
        did(Capability.PINGS_APPLICATION, "its own Pongs are its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeat", "off"})
    final void areLeftAloneUnlessAskedFor(String whose) throws Exception {
        Server server = with("pingSessions", whose, "pingIntervalSeconds", "1", "pongTimeoutSeconds", "1");
        try (RawClient client = open(server)) {
            assertLeftAlone(client);
        }
    }
}
