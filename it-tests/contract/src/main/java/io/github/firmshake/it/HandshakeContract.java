package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.Running;
import io.github.firmshake.it.Container.StartFailure;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What every topic of the contract shares. A topic is an abstract class beside this one; {@link Contract} has those that
 * every container runs.
 *
 * <p>Servers are started once for each set of settings and shared by the tests of a topic. Every line and every event
 * has to be taken by the test that caused it; what is left fails the test.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class HandshakeContract {

    /** A correct handshake with the echo endpoint. Tests change one thing in it. */
    protected static final String HANDSHAKE = """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;

    /** What {@link #HANDSHAKE}'s key is answered with (RFC 6455 section 1.3). */
    protected static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    protected final Container container;
    protected final LogCapture log;

    private final Map<Map<String, String>, Server> servers = new HashMap<>();
    private int tests;

    /** Takes the container under test. */
    protected HandshakeContract(Container container) {
        this.container = container;
        log = container.log();
    }

    /** A server with its events. */
    protected record Server(Running running, BlockingQueue<HandshakeEvent> events) implements AutoCloseable {

        /** The port for HTTP/1.x. */
        public int port() {
            return running.port();
        }

        /** Sends a request on a connection of its own. */
        public Response send(String request) throws IOException {
            try (RawClient client = RawClient.connect(port())) {
                return client.exchange(request);
            }
        }

        /** Shakes hands on a connection of its own, and takes the event. */
        public RawClient open(String handshake) throws IOException {
            RawClient client = RawClient.connect(port());
            assertThat(client.exchange(handshake).status()).isEqualTo(101);
            assertThat(nextEvent().switched()).isTrue();
            return client;
        }

        /** The next handshake that a listener was told of. */
        public HandshakeEvent nextEvent() {
            try {
                HandshakeEvent event = events.poll(60, TimeUnit.SECONDS);
                assertThat(event).as("event within 60 s").isNotNull();
                return event;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            running.close();
        }
    }

    /**
     * A server with these settings, each name followed by its value, shared with other tests of this topic. Its log is
     * not limited, unless they say so.
     */
    protected final Server with(String... namesAndValues) throws StartFailure {
        Map<String, String> settings = new LinkedHashMap<>(Map.of("logLimitPerMinute", "0"));
        settings.putAll(settings(namesAndValues));
        Server server = servers.get(settings);
        if (server == null) {
            server = start(settings);
            servers.put(settings, server);
            log.nextConfiguration();
            log.restOfConfiguration(); // warnings, which SettingsContract looks at
        }
        return server;
    }

    /** A server of its own, which the test closes; its start line is not taken yet. */
    protected final Server start(Map<String, String> settings) throws StartFailure {
        BlockingQueue<HandshakeEvent> events = new LinkedBlockingQueue<>();
        return new Server(container.start(settings, events::add), events);
    }

    protected static Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    /** Notes, once all is asserted, that something was done. */
    protected final void did(Capability capability, Object subject) {
        Results.add(container.name(), capability, subject.toString(), "");
    }

    /** Notes, once all is asserted, that something cannot be done here. */
    protected final void cannot(Capability capability, Object subject, Limit limit) {
        String reason = container.limits().get(limit);
        assertThat(reason).as("reason for " + limit).isNotNull();
        Results.add(container.name(), capability, subject.toString(), reason);
    }

    /** Whether something cannot be done here. */
    protected final boolean lacks(Limit limit) {
        return container.limits().containsKey(limit);
    }

    /** Whether a request never comes to Firmshake, because its Upgrade is not named by this Connection. */
    protected final boolean isUnseen(String version, String connection) {
        return lacks(Limit.UPGRADE_NOT_NAMED) && version.equals("HTTP/1.1") && !namesUpgrade(connection);
    }

    /** What a request with Upgrade and this Connection is answered with, where the application would answer 200. */
    protected final int statusBehind(String version, String connection) {
        boolean named = version.equals("HTTP/1.0") || namesUpgrade(connection);
        return named ? 200 : container.statusOfUpgradeNotNamed(200);
    }

    private static boolean namesUpgrade(String connection) {
        return connection.toLowerCase(Locale.ROOT).contains("upgrade");
    }

    /** The same as {@link #line}, without how many others there were: the server is shared with other tests. */
    protected final String lineWithoutCounts() {
        return line().replaceAll("\\d+ of \\d+ in 10 min( [^;]*?)(?:, so [^;]*)?;", "N of M in 10 min$1;");
    }

    /** The next line that was written about a handshake. */
    protected final String line() {
        return log.nextHandshake();
    }

    /** Every line and event that stands before a request of its own: for requests that a container may hide from us. */
    protected final List<String> everythingSaid(Server server) throws IOException {
        List<String> said = new ArrayList<>();
        String path = "/last-" + ++tests;
        server.send(HANDSHAKE.replace("/ws", path).replace("Version: 13", "Version: 0"));
        for (String line = line(); !line.contains(" VERSION_UNSUPPORTED " + path + ": "); line = line()) {
            said.add(line);
        }
        for (HandshakeEvent event = server.nextEvent(); !event.path().equals(path); event = server.nextEvent()) {
            said.add(event.toString());
        }
        return said;
    }

    /** Opens a WebSocket and proves that it works: echo, Pong, Close. */
    protected static void assertEchoes(RawClient client) throws IOException {
        client.send(new Frame(Frame.TEXT, "Is this thing on?"));
        assertThat(client.readFrame()).isEqualTo(new Frame(Frame.TEXT, "Is this thing on?"));
        client.send(new Frame(Frame.PING, "abc"));
        assertThat(client.readFrame()).isEqualTo(new Frame(Frame.PONG, "abc"));
        client.send(new Frame(Frame.CLOSE, "\u0003\u00e8")); // 1000
        assertThat(client.readFrame()).isEqualTo(new Frame(Frame.CLOSE, "\u0003\u00e8"));
        assertThat(client.isClosed()).as("closed after the closing handshake").isTrue();
    }

    // A handshake that fails in a known way is sent behind the test: whatever stands before its line was caused by the
    // test and not taken by it.
    @AfterEach
    final void nothingElseIsSaid() throws IOException {
        List<Object> left = new ArrayList<>(log.restOfConfiguration());
        for (Server server : servers.values()) {
            String path = "/end-of-test-" + ++tests;
            server.send(HANDSHAKE.replace("/ws", path).replace("Version: 13", "Version: 0"));
            for (String line = line(); !line.contains(path); line = line()) {
                left.add(line);
            }
            for (HandshakeEvent event = server.nextEvent(); !event.path().equals(path); event = server.nextEvent()) {
                left.add(event);
            }
        }
        left.addAll(log.restOfHandshakes());
        assertThat(left).as("lines and events that the test did not expect").isEmpty();
    }

    @AfterAll
    final void stopServers() {
        servers.values().forEach(Server::close);
        servers.clear();
        assertThat(log.restOfHandshakes()).as("lines at the end").isEmpty();
    }
}
