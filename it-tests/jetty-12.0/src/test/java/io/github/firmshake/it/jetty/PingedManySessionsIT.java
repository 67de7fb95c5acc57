package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.jetty.HeartbeatStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.eclipse.jetty.jmx.MBeanContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That no session keeps another from being pinged or reaped, and what is counted. */
class PingedManySessionsIT extends PingedSessions {

    private static final String BEAT = "/firmshake/heartbeat";

    private final MBeanServer beans = MBeanServerFactory.newMBeanServer();

    @Override
    protected void prepare(JettyServer created) {
        created.server().addBean(new MBeanContainer(beans));
    }

    /** One that sends by blocking, and two that queue. */
    @ParameterizedTest
    @ValueSource(strings = {"/jakarta", "/mapped", "/core"})
    void aStalledReaderDelaysNobodyAndIsReaped(String kind) throws Exception {
        start("pingIntervalSeconds", "4", "pongTimeoutSeconds", "6");
        try (Answering others = new Answering()) {
            for (int i = 0; i < 2_000; i++) {
                others.add(open(i % 2 == 0 ? "/jakarta" : BEAT));
            }
            RawClient stalled = open(kind);
            stalled.send(new Frame(TEXT, "idle 0")); // Jetty's own limit is not to be what ends it
            assertThat(nextBesidesPings(stalled)).isEqualTo(new Frame(TEXT, "idle 0"));
            stalled.send(new Frame(TEXT, "flood")); // and reads no more

            // Two intervals are what the others are promised; the rest is for the machine.
            others.assertPinged(2, 20);
            assertThat(PingedApplication.closes().poll(60, TimeUnit.SECONDS)).isEqualTo(1011);
            assertThat(stalled.rest()).isNotEmpty(); // and then the end
        }
    }

    /** Many clients whose Pings are answered at once, on a thread of their own. */
    private static final class Answering implements AutoCloseable {

        private final Map<RawClient, Integer> pings = new ConcurrentHashMap<>();
        private final Thread thread = new Thread(this::run, "answering");
        private volatile boolean over;

        Answering() {
            thread.start();
        }

        void add(RawClient client) {
            pings.put(client, 0);
        }

        private void run() {
            try {
                while (!over) {
                    for (RawClient client : pings.keySet()) {
                        while (client.hasInput()) {
                            Frame frame = client.readFrame();
                            if (frame.opcode() == PING) {
                                client.send(new Frame(PONG, frame.payload()));
                                pings.merge(client, 1, Integer::sum);
                            }
                        }
                    }
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e); // nobody is answered any more, which is noticed
            }
        }

        /** Waits until each has been pinged so often from now on. */
        void assertPinged(int times, int seconds) throws InterruptedException {
            Map<RawClient, Integer> before = Map.copyOf(pings);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (left(before, times) > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(20);
            }
            assertThat(left(before, times)).as("clients that were not pinged").isZero();
        }

        private long left(Map<RawClient, Integer> before, int times) {
            return before.entrySet().stream()
                    .filter(client -> pings.get(client.getKey()) < client.getValue() + times)
                    .count();
        }

        @Override
        public void close() {
            over = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void sessionsThatDieTogetherAreAllReaped() throws Exception {
        start();
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            silent.add(open(i % 2 == 0 ? PingedApplication.KINDS.get(i / 2 % 4) : BEAT));
        }
        for (RawClient client : silent) {
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
            assertThat(client.isClosed()).isTrue();
        }
        assertThat(statistics().getReaped()).isEqualTo(300);
        await("pingedSessions", 0L);
    }

    /** An endpoint that does not return from its end holds a thread of the server's, and nobody else. */
    @Test
    void anEndpointThatIsSlowToEndDelaysNobody() throws Exception {
        start("pongTimeoutSeconds", "5"); // by when five Pings are answered
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            silent.add(open("/jakarta?stay"));
        }
        RawClient answering = open("/jakarta");
        for (int i = 0; i < 10; i++) {
            silent.add(open("/jakarta"));
        }
        for (int i = 0; i < 5; i++) {
            answering.send(new Frame(PONG, next(answering, PING).payload()));
        }
        for (RawClient client : silent) {
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
        }
        for (int i = 0; i < silent.size(); i++) {
            assertClosed(1011); // five of which nobody has released yet
        }
        assertEchoes(answering, "still there");
    }

    private HeartbeatStatistics statistics() {
        return handler.getHeartbeatStatistics();
    }

    @Test
    void whatBecomesOfPingsIsShownByJmx() throws Exception {
        start("pongTimeoutSeconds", "5");
        assertThat(numbers()).containsEntry("pingedSessions", 0L).containsEntry("heartbeatSessions", 0);
        RawClient application = open("/jakarta");
        RawClient heartbeat = open(BEAT);
        await("pingedSessions", 2L);
        assertThat(numbers()).containsEntry("heartbeatSessions", 1);
        for (RawClient client : List.of(application, heartbeat)) {
            client.send(new Frame(PONG, next(client, PING).payload()));
        }
        await("pongs", 2L);
        String overtaken = next(application, PING).payload();
        application.send(new Frame(TEXT, "alive"));
        next(application, PING);
        application.send(new Frame(PONG, overtaken));
        await("latePongs", 1L);
        assertThat((long) numbers().get("pings")).isGreaterThanOrEqualTo(4);
        await("reaped", 2L); // silent from here
        await("pingedSessions", 0L);
        await("heartbeatSessions", 0);
        assertThat(numbers()).containsEntry("idled", 0L).containsEntry("pongs", 2L);
        assertThat((String[]) numbers().get("roundTrips"))
                .hasSize(14)
                .anySatisfy(bucket -> assertThat(bucket).matches("\\d+ ms=[12]"));
    }

    private Map<String, Object> numbers() throws Exception {
        ObjectName name = beans.queryNames(new ObjectName("io.github.firmshake.jetty:type=heartbeatstatistics,*"), null)
                .iterator()
                .next();
        Map<String, Object> numbers = new HashMap<>();
        for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
            numbers.put(attribute.getName(), beans.getAttribute(name, attribute.getName()));
        }
        return numbers;
    }

    private void await(String attribute, Object value) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!numbers().get(attribute).equals(value) && System.nanoTime() - end < 0) {
            Thread.sleep(20);
        }
        assertThat(numbers()).containsEntry(attribute, value);
    }

    @Test
    void whatBecomesOfPingsIsRecorded(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("heartbeat.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.firmshake.Heartbeat");
            recording.start();
            start("pongTimeoutSeconds", "5");
            RawClient client = open("/jakarta");
            client.send(new Frame(PONG, next(client, PING).payload()));
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
            await("pingedSessions", 0L);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.github.firmshake.Heartbeat"))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime)) // each thread has a buffer of its own
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(events)
                .extracting(event -> event.getString("outcome"))
                .containsExactlyInAnyOrder("OPENED", "PINGED", "ANSWERED", "PINGED", "REAPED", "CLOSED");
        events.removeIf(event -> !Set.of("ANSWERED", "REAPED").contains(event.getString("outcome")));
        assertThat(events.get(0).getDuration("after")).isPositive();
        assertThat(events.get(1).getDuration("after").toMillis()).isBetween(5_000L, 60_000L);
    }
}
