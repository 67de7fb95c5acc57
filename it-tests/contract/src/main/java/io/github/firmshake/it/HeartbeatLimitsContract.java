package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.RawClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The dedicated endpoint at its limits: floods, a full house, clients that send before they are asked to. */
public abstract class HeartbeatLimitsContract extends HandshakeContract {

    private static final String BEAT = HeartbeatContract.BEAT;
    private static final Frame HELLO = Frame.text("hello v=1 interval=25 timeout=10");
    private static final byte[] PING = frame(0x81, "ping");
    private static final byte[] CLOSE = frame(0x88, "\u0003\u00e8"); // 1000

    protected HeartbeatLimitsContract(Container container) {
        super(container);
    }

    private enum Flood {
        PINGS("Pings", true, new byte[0], frame(0x89, "abc")),
        EMPTY_PINGS("empty Pings", true, new byte[0], frame(0x89, "")),
        PONGS("Pongs", false, new byte[0], frame(0x8a, "abc")),
        FRAGMENTS("fragments", true, frame(0x01, ""), frame(0x00, "")),
        MESSAGES("messages", false, new byte[0], frame(0x81, "ping"));

        private final String what;
        private final boolean hidden; // from an endpoint of Jakarta WebSocket
        private final byte[] first;
        private final byte[] each;

        Flood(String what, boolean hidden, byte[] first, byte[] each) {
            this.what = what;
            this.hidden = hidden;
            this.first = first;
            this.each = each;
        }

        // In one piece, and little enough to be read in one: a server that closes meets none of it then.
        private byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(first);
            while (all.size() < 3_500) {
                all.writeBytes(each);
            }
            return all.toByteArray();
        }
    }

    private static byte[] frame(int first, String payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) first, (byte) (0x80 | payload.length()), 0, 0, 0, 0});
        frame.writeBytes(payload.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return frame.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static Frame next(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == Frame.PING) { // the server's own
            frame = client.readFrame();
        }
        return frame;
    }

    @ParameterizedTest
    @EnumSource
    final void aFloodIsEndedWith1008(Flood flood) throws Exception {
        if (flood.hidden && lacks(Limit.PINGS)) {
            cannot(Capability.HEARTBEAT_FLOOD, flood.what, Limit.PINGS);
            return;
        }
        int answers = 0;
        try (RawClient client = with().open(BEAT)) {
            assertThat(next(client)).isEqualTo(HELLO);
            client.send(flood.bytes());
            Frame frame = next(client);
            while (frame.opcode() != Frame.CLOSE) {
                answers++;
                frame = next(client);
            }
            assertThat(frame.payload()).isEqualTo("\u0003\u00f0more than 2 pings a second");
            client.send(new Frame(Frame.CLOSE, "\u0003\u00f0"));
            assertThat(client.isClosed()).isTrue();
        }
        assertThat(answers).isLessThan(20);
        did(Capability.HEARTBEAT_FLOOD, flood.what);
    }

    @Test
    final void framesBehindTheHandshakeInOneSegmentAreAnswered() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(BEAT, joined(PING, frame(0x81, "ping 2")));
            assertThat(client.readResponse().status()).isEqualTo(101);
            assertThat(next(client)).isEqualTo(HELLO);
            assertThat(next(client)).isEqualTo(Frame.text("pong"));
            assertThat(next(client)).isEqualTo(Frame.text("pong 2"));
        }
        assertThat(server.nextEvent().switched()).isTrue();
    }

    @Test
    final void theyAreAnsweredAlsoWhereTheClientHasClosedItsHalf() throws Exception {
        Server server = with();
        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.connect(server.port())) {
                client.send(BEAT, PING);
                client.endOutput();
                assertThat(client.readResponse().status()).isEqualTo(101);
                assertThat(next(client)).isEqualTo(HELLO);
                assertThat(next(client)).isEqualTo(Frame.text("pong"));
                client.rest(); // which comes to an end
            }
            assertThat(server.nextEvent().switched()).isTrue();
        }
    }

    @Test
    final void aCloseBehindThemIsAnsweredLast() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(BEAT, joined(PING, CLOSE));
            assertThat(client.readResponse().status()).isEqualTo(101);
            assertThat(next(client)).isEqualTo(HELLO);
            assertThat(next(client)).isEqualTo(Frame.text("pong"));
            Frame close = next(client);
            assertThat(close.opcode()).isEqualTo(Frame.CLOSE);
            assertThat(close.payload()).startsWith("\u0003\u00e8");
            assertThat(client.isClosed()).isTrue();
        }
        assertThat(server.nextEvent().switched()).isTrue();
    }

    @Test
    final void aFrameMayBeginInTheSegmentOfTheHandshake() throws Exception {
        Server server = with();
        for (int length = 1; length < PING.length; length++) {
            try (RawClient client = RawClient.connect(server.port())) {
                client.send(BEAT, java.util.Arrays.copyOf(PING, length));
                assertThat(client.readResponse().status()).isEqualTo(101);
                assertThat(next(client)).isEqualTo(HELLO);
                client.send(java.util.Arrays.copyOfRange(PING, length, PING.length));
                assertThat(next(client)).isEqualTo(Frame.text("pong"));
            }
            assertThat(server.nextEvent().switched()).isTrue();
        }
    }

    @Test
    final void noAnswerOfABurstIsLost() throws Exception {
        Server server = with();
        for (int i = 0; i < 20; i++) {
            try (RawClient client = server.open(BEAT)) {
                client.send(joined(PING, PING, PING, PING, PING, PING, PING, PING, PING, PING));
                assertThat(next(client)).isEqualTo(HELLO);
                for (int answer = 0; answer < 10; answer++) {
                    assertThat(next(client)).isEqualTo(Frame.text("pong"));
                }
            }
        }
    }

    @Test
    final void whoHoldsMoreThanHalfOfAlmostAllGetsNoMore() throws Exception {
        Server server = with("heartbeatMaxSessions", "10");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                clients.add(openFrom("127.0.0.2", server));
            }
            assertThat(log.nextConfiguration())
                    .isEqualTo(
                            "WARNING heartbeat at /firmshake/heartbeat: 8 of heartbeatMaxSessions=10 sessions are open; "
                                    + "an address that holds more than half of them gets no more (503), "
                                    + "and nobody does when all are taken");
            assertThat(refusedFrom("127.0.0.2", server))
                    .isEqualTo("8 of heartbeatMaxSessions=10 are open, more than half of them from this address\n");
            clients.add(openFrom("127.0.0.3", server));
            clients.add(openFrom("127.0.0.4", server));
            assertThat(refusedFrom("127.0.0.5", server)).isEqualTo("heartbeatMaxSessions=10 are open\n");

            for (RawClient client : clients) { // nobody was closed for another
                client.send(PING);
                assertThat(next(client)).isEqualTo(Frame.text("pong"));
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        did(Capability.HEARTBEAT, "leaves room for other addresses");
    }

    private static RawClient openFrom(String address, Server server) throws IOException {
        RawClient client = RawClient.connectFrom(address, server.port());
        assertThat(client.exchange(BEAT).status()).isEqualTo(101);
        assertThat(server.nextEvent().switched()).isTrue();
        assertThat(next(client)).isEqualTo(HELLO);
        return client;
    }

    private String refusedFrom(String address, Server server) throws IOException {
        try (RawClient client = RawClient.connectFrom(address, server.port())) {
            Response response = client.exchange(BEAT);
            assertThat(response.status()).isEqualTo(503);
            assertThat(server.nextEvent().status()).isEqualTo(503);
            assertThat(line()).contains("NOT_SWITCHED", "503");
            return response.body();
        }
    }
}
