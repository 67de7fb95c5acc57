package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.StartFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code logLimitPerMinute} in real time. The first counted lines come after a minute, so what comes first is done when a
 * {@link Flood} is made, early, and this topic runs last.
 */
public abstract class LimitContract extends HandshakeContract {

    private static final int PATHS = 14;

    private final Flood flood;

    protected LimitContract(Container container, Flood flood) {
        super(container);
        this.flood = flood;
    }

    /** A server with two lines a minute, and more kinds of lines than it may write in ten. */
    public static final class Flood {
        private final Container.Running running;
        private final Semaphore told = new Semaphore(0);

        /** Starts the server and floods it. */
        public Flood(Container container) throws StartFailure, IOException, InterruptedException {
            LogCapture log = container.log();
            running = container.start(
                    Map.of("logLimitPerMinute", "2", "repair", "off", "pingSessions", "off"), event -> told.release());
            log.nextConfiguration();
            log.restOfConfiguration();
            for (int i = 0; i < PATHS; i++) {
                send(i);
                send(i);
            }
            assertThat(log.nextOfFlood()).startsWith("WARNING HTTP_VERSION_TOO_OLD /flood0: 1 of 1 in 10 min ");
        }

        private void send(int path) throws IOException, InterruptedException {
            try (RawClient client = RawClient.connect(running.port())) {
                client.exchange(HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0").replace("/ws", "/flood" + path));
            }
            // Which may come after the answer; by then the line is written, or counted.
            assertThat(told.tryAcquire(60, TimeUnit.SECONDS)).as("told").isTrue();
        }
    }

    // So many wait that the server does not keep them back for ten minutes.
    @Test
    final void countedLinesComeThoughNoHandshakeArrives() {
        String first = log.nextOfFlood();
        assertThat(first).startsWith("WARNING HTTP_VERSION_TOO_OLD /flood");
        List<String> lines = new ArrayList<>(List.of(first));
        flood.running.close();

        lines.addAll(log.restOfFlood());
        lines.addAll(log.restOfHandshakes());
        // One was written whole when the server was flooded.
        assertThat(counted(lines)).isEqualTo(2 * PATHS - 1);
    }

    // 310 peers take all that a minute has for whole warnings; an honest one comes at once, or is counted.
    @ParameterizedTest
    @ValueSource(ints = {1, 310})
    final void attackersDoNotSilenceAnHonestPeer(int attackers) throws Exception {
        int requests = 310;
        String honest = "127.0.3.1";
        List<String> lines = new ArrayList<>();
        try (Server server = start(Map.of("repair", "off"))) {
            log.nextConfiguration();
            log.restOfConfiguration();
            for (int i = 0; i < requests; i++) {
                sendFrom(server, address(i % attackers), "/hostile" + i % 30);
            }
            lines.addAll(log.restOfHandshakes());
            assertThat(lines).hasSizeBetween(attackers == 1 ? 3 : 30, attackers == 1 ? 30 : 60);
            sendFrom(server, honest, "/live");
            List<String> atOnce = log.restOfHandshakes();
            if (attackers == 1) {
                assertThat(atOnce).anyMatch(line -> isAbout(line, honest));
            }
            lines.addAll(atOnce);
        }
        lines.addAll(log.restOfHandshakes());
        assertThat(lines).filteredOn(line -> isAbout(line, honest)).hasSize(1);
        assertThat(counted(lines)).isEqualTo(requests + 1);
    }

    @Test
    final void aBurstOfNotFoundBehindAProxyDoesNotHideAForbidden() throws Exception {
        try (Server server = start(Map.of())) {
            log.nextConfiguration();
            log.restOfConfiguration();
            for (int i = 0; i < 100; i++) {
                server.send(HANDSHAKE.replace("/ws", "/wp-" + i));
                server.nextEvent();
            }
            assertThat(line()).startsWith("INFO NOT_SWITCHED /wp-0: ").endsWith("; answered 404");
            assertThat(log.restOfHandshakes()).isEmpty();
            server.send(HANDSHAKE.replace("Version: 13", "Version: 8"));
            server.nextEvent();
            assertThat(line()).startsWith("INFO VERSION_UNSUPPORTED /ws: ");
        }
        assertThat(line()).startsWith("INFO NOT_SWITCHED /wp-99: 99 more in 1 min, answered 404; the last one from ");
    }

    private static boolean isAbout(String line, String peer) {
        return line.startsWith("WARNING HTTP_VERSION_TOO_OLD /live: 1 of 1 in 10 min ")
                && line.contains(" from " + peer + ";");
    }

    private static int counted(List<String> lines) {
        Pattern counts =
                Pattern.compile("; (\\d+) handshakes like this in |: (\\d+) more in | (\\d+) more handshakes of ");
        return lines.stream()
                .mapToInt(line -> {
                    Matcher count = counts.matcher(line);
                    return count.find()
                            ? Stream.of(count.group(1), count.group(2), count.group(3))
                                    .filter(Objects::nonNull)
                                    .mapToInt(Integer::parseInt)
                                    .sum()
                            : 1;
                })
                .sum();
    }

    private static void sendFrom(Server server, String address, String path) throws IOException {
        try (RawClient client = RawClient.connectFrom(address, server.port())) {
            client.exchange(HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0").replace("/ws", path));
        }
        server.nextEvent();
    }

    private static String address(int number) {
        return "127.0." + (1 + number / 250) + "." + (1 + number % 250);
    }
}
