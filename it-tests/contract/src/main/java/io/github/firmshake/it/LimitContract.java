package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.StartFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * {@code logLimitPerMinute} in real time. Between its first lines and its last a minute has to pass, so what comes first
 * is done when a {@link Flood} is made, early, and this topic runs last.
 */
public abstract class LimitContract extends HandshakeContract {

    private static final String LINE = "INFO VERSION_UNSUPPORTED GET /ws from 127.0.0.1 HTTP/1.1: "
            + "sec-websocket-version is \"8\", expected \"13\"; answered ";

    private final Flood flood;

    protected LimitContract(Container container, Flood flood) {
        super(container);
        this.flood = flood;
    }

    /** A server that has reached its limit of two lines, and left three out, when this was made. */
    public static final class Flood {
        private final Container.Running running;
        private final Semaphore told = new Semaphore(0);
        private final long start;
        private final long earliest; // when the first line may have been left out
        private final long latest;

        /** Starts the server and floods it. */
        public Flood(Container container) throws StartFailure, IOException, InterruptedException {
            LogCapture log = container.log();
            running = container.start(Map.of("logLimitPerMinute", "2"), event -> told.release());
            log.nextConfiguration();
            log.restOfConfiguration();
            String line = LINE + container.answerTo("version 8").status();
            send();
            assertThat(log.nextHandshake()).isEqualTo(line);
            start = System.nanoTime(); // the limit's minute has begun
            send();
            assertThat(log.nextHandshake()).isEqualTo(line);
            // At the end it is to be less than a minute since the first that was left out, unless the machine is slow.
            Thread.sleep(5_000);
            earliest = System.nanoTime();
            send();
            latest = System.nanoTime();
            send();
            send();
            assertThat(log.restOfHandshakes()).as("lines beyond the limit").isEmpty();
        }

        private void send() throws IOException, InterruptedException {
            try (RawClient client = RawClient.connect(running.port())) {
                client.exchange(HANDSHAKE.replace("Version: 13", "Version: 8"));
            }
            // Which may come after the answer; by then the line is written, or left out.
            assertThat(told.tryAcquire(60, TimeUnit.SECONDS)).as("told").isTrue();
        }

        private void waitForTheNextMinute() throws InterruptedException {
            long over = start + TimeUnit.SECONDS.toNanos(60);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, over - System.nanoTime()));
        }

        /** How a line of between two moments may say how long ago the first was left out: seldom in more than one way. */
        private List<String> spans(long after, long before) {
            return LongStream.rangeClosed(minutes(after - latest), minutes(before - earliest))
                    .mapToObj(minutes -> minutes == 1 ? "minute" : minutes + " minutes")
                    .toList();
        }

        private static long minutes(long nanos) {
            return 1 + TimeUnit.NANOSECONDS.toMinutes(nanos - 1); // the last one has begun
        }
    }

    @Test
    final void theFirstLineOfTheNextMinuteSaysHowManyWereLeftOut() throws Exception {
        String line = LINE + container.answerTo("version 8").status();
        flood.waitForTheNextMinute();

        long before = System.nanoTime();
        flood.send();
        List<String> spans = flood.spans(before, System.nanoTime());
        assertThat(spans.stream().map(span -> line + "; 3 more like this in the last " + span))
                .contains(line());
        flood.send();
        assertThat(line()).isEqualTo(line);
        flood.running.close(); // which says nothing: nothing is left out that was not said
    }

    // 256 kinds of lines have a limit of their own; peers tell them apart, and loopback has enough addresses.
    @Test
    final void peersBeyondTheLimitOfKindsShareOneLimit() throws Exception {
        try (Server server = start(Map.of("logLimitPerMinute", "1"))) {
            log.nextConfiguration();
            log.restOfConfiguration();
            for (int i = 1; i <= 256; i++) {
                sendFrom(server, i);
                assertThat(line()).contains(" from " + address(i) + " HTTP/1.1: ");
            }
            sendFrom(server, 257);
            assertThat(line()).contains(" from " + address(257) + " HTTP/1.1: ");
            for (int i = 258; i <= 260; i++) {
                sendFrom(server, i);
            }
            sendFrom(server, 1);
        }
        assertThat(line()).isEqualTo("INFO 4 more handshake lines were left out");
    }

    private static void sendFrom(Server server, int number) throws IOException {
        try (RawClient client = RawClient.connectFrom(address(number), server.port())) {
            client.exchange(HANDSHAKE.replace("Version: 13", "Version: 8"));
        }
        server.nextEvent();
    }

    private static String address(int number) {
        return "127.0." + (1 + number / 250) + "." + (1 + number % 250);
    }
}
