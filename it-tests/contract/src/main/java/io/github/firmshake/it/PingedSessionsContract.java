package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The application's own sessions, of Jakarta WebSocket, with {@code pingSessions=all}. What only some container can go
 * wrong at has tests beside that container's.
 */
public abstract class PingedSessionsContract extends HandshakeContract {

    private static final String PONGS = HANDSHAKE.replace("/ws", "/pongs");

    protected PingedSessionsContract(Container container) {
        super(container);
    }

    // A minute for those that answer: a slow machine needs some of it, and nothing waits for its end.
    private Server all(int timeout) throws Exception {
        return with("pingSessions", "all", "pingIntervalSeconds", "1", "pongTimeoutSeconds", String.valueOf(timeout));
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
        Thread.sleep(2_200); // two intervals, and as long as the deadline takes
        client.send(Frame.text("still there"));
        assertThat(client.readFrame()).isEqualTo(Frame.text("still there"));
    }

    // There is no Ping before the last one has been given a sign of life: each that comes shows that one was taken.
    @Test
    final void arePingedAndKeptByAnAnswerOrAnyFrame() throws Exception {
        try (RawClient client = all(60).open(PONGS)) {
            if (lacks(Limit.APPLICATION_SESSIONS)) {
                assertLeftAlone(client);
                cannot(Capability.PINGS_APPLICATION, "pinged", Limit.APPLICATION_SESSIONS);
                return;
            }
            Frame ping = next(client, Frame.PING);
            assertThat(ping.payload()).hasSize(8);
            client.send(new Frame(Frame.PONG, ping.payload()));
            assertThat(next(client, Frame.PING)).as("another each time").isNotEqualTo(ping);
            client.send(Frame.text("no answer"));
            next(client, Frame.PING);
            client.send(new Frame(Frame.PONG, "no match"));
            next(client, Frame.PING);
        }
        did(Capability.PINGS_APPLICATION, "pinged");
    }

    // When its socket is closed differs, and is tested where it is.
    @Test
    final void areClosedWith1011WhenNothingComes() throws Exception {
        try (RawClient client = all(1).open(PONGS)) {
            if (lacks(Limit.APPLICATION_SESSIONS)) {
                assertLeftAlone(client);
                cannot(Capability.PINGS_APPLICATION, "reaped", Limit.APPLICATION_SESSIONS);
                return;
            }
            next(client, Frame.PING);
            assertThat(client.readFrame()).isEqualTo(new Frame(Frame.CLOSE, "\u0003\u00f3ping timeout")); // 1011
        }
        did(Capability.PINGS_APPLICATION, "reaped");
    }

    @Test
    final void theApplicationsOwnHandlerOfPongsIsCalled() throws Exception {
        try (RawClient client = all(60).open(PONGS)) {
            if (!lacks(Limit.APPLICATION_SESSIONS)) {
                client.send(new Frame(Frame.PONG, next(client, Frame.PING).payload()));
            }
            client.send(new Frame(Frame.PONG, "its own"));
            client.send(Frame.text("its own"));
            assertThat(next(client, Frame.TEXT)).isEqualTo(Frame.text("seen its own"));
        }
        did(Capability.PINGS_APPLICATION, "its own Pongs are its own");
    }

    @Test
    final void areLeftAloneUnlessAskedFor() throws Exception {
        try (RawClient byDefault = with("pingIntervalSeconds", "1", "pongTimeoutSeconds", "1")
                        .open(PONGS);
                RawClient off = with("pingSessions", "off", "pingIntervalSeconds", "1", "pongTimeoutSeconds", "1")
                        .open(PONGS)) {
            assertLeftAlone(byDefault);
            assertLeftAlone(off);
        }
    }
}
