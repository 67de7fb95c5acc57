package io.github.firmshake.it;

import static io.github.firmshake.it.HeartbeatContract.BEAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of the dedicated endpoint: who is pinged, who is kept and who is reaped. */
public abstract class ServerPingsContract extends HandshakeContract {

    private static final String EVENT = "io.github.firmshake.Heartbeat";
    private static final String[] QUICK = {"pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"};
    private static final String[] PATIENT = {"pingIntervalSeconds", "1", "pongTimeoutSeconds", "60"};

    protected ServerPingsContract(Container container) {
        super(container);
    }

    // There is no Ping before the last one has been given a sign of life: each that comes shows that one was taken,
    // however long a slow machine took to give it.
    @Test
    final void aSessionIsPingedAndKeptWhileItAnswers() throws Exception {
        Set<String> payloads = new HashSet<>();
        try (RawClient client = with(PATIENT).open(BEAT)) {
            while (payloads.size() < 6) {
                Frame frame = client.readFrame();
                if (frame.opcode() == Frame.PING) {
                    assertThat(frame.payload()).hasSize(8);
                    assertThat(payloads.add(frame.payload()))
                            .as("another each time")
                            .isTrue();
                    client.send(new Frame(Frame.PONG, frame.payload()));
                }
            }
            assertAlive(client);
        }
        did(Capability.HEARTBEAT, "keeps who answers");
    }

    @Test
    final void aSessionIsKeptByAnyFrame() throws Exception {
        try (RawClient client = with(PATIENT).open(BEAT)) {
            for (int pings = 0; pings < 6; ) { // as above
                if (client.readFrame().opcode() == Frame.PING) {
                    client.send(pings++ % 2 == 0 ? new Frame(Frame.PONG, "no match") : Frame.text("ping"));
                }
            }
            assertAlive(client);
        }
    }

    private static void assertAlive(RawClient client) throws IOException {
        client.send(new Frame(Frame.TEXT, "ping"));
        Frame frame = client.readFrame();
        while (frame.opcode() != Frame.TEXT) {
            assertThat(frame.opcode()).isNotEqualTo(Frame.CLOSE);
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo(new Frame(Frame.TEXT, "pong"));
    }

    @Test
    final void aSilentSessionIsClosedWith1011() throws Exception {
        Server server = with(QUICK);
        long start = System.nanoTime();
        try (RawClient client = server.open(BEAT)) {
            nextPing(client);
            assertReaped(client);
            // Not before its time is over, and soon after it: the rest is for slow machines. Only the server knows when
            // it sent the Ping: it tells Flight Recorder, below.
            assertThat((System.nanoTime() - start) / 1_000_000).isBetween(1_000L, 60_000L);
        }
        did(Capability.HEARTBEAT, "closes who is silent");
    }

    private static Frame nextPing(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != Frame.PING) {
            assertThat(frame.opcode()).isNotEqualTo(Frame.CLOSE);
            frame = client.readFrame();
        }
        return frame;
    }

    private static void assertReaped(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == Frame.TEXT) { // the greeting, where a Ping has overtaken it
            frame = client.readFrame();
        }
        // No other Ping before it is known whether this one is answered.
        assertThat(frame).isEqualTo(new Frame(Frame.CLOSE, "\u0003\u00f3ping timeout")); // 1011
        assertThat(client.isClosed()).as("closed without waiting for an answer").isTrue();
    }

    @Test
    final void flightRecorderIsToldWhatBecomesOfPings(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("heartbeats.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start(); // which may take longer than QUICK waits for a Pong
            try (RawClient client = with(PATIENT).open(BEAT)) {
                client.send(new Frame(Frame.PONG, nextPing(client).payload()));
                nextPing(client);
            }
            try (RawClient client = with(QUICK).open(BEAT)) {
                nextPing(client);
                assertReaped(client);
            }
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .toList();
        assertThat(events)
                .extracting(event -> event.getString("outcome"))
                .contains("OPENED", "PINGED", "ANSWERED", "REAPED");
        assertThat(events).allSatisfy(event -> {
            long millis = event.getDuration("after").toMillis();
            assertThat(millis).isBetween(event.getString("outcome").equals("REAPED") ? 1_000L : 0, 60_000L);
        });
    }

    @Test
    final void pingsCanBeSwitchedOff() throws Exception {
        for (String[] off :
                new String[][] {{"pingSessions", "off", "pingIntervalSeconds", "1"}, {"pingIntervalSeconds", "0"}}) {
            try (RawClient client = with(off).open(BEAT)) {
                assertThat(client.readFrame().payload()).startsWith("hello");
                Thread.sleep(1_200);
                client.send(Frame.text("ping"));
                assertThat(client.readFrame()).isEqualTo(Frame.text("pong"));
            }
        }
    }
}
