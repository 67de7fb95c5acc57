package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeFilter;
import io.github.firmshake.filter.ServletHeartbeat;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.jetty.FirmshakeHandler;
import jakarta.servlet.DispatcherType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask more of the heartbeat's endpoint than it gives: handler and filter alike. */
class HeartbeatLimitsOnJettyIT {

    private static final String BEAT = "/firmshake/heartbeat";
    private static final LogCapture LOG = JulCapture.lines();

    private enum Adapter {
        HANDLER,
        FILTER
    }

    private final JettyServer server = new JettyServer();

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        JettyServer.assertNoThreadLeft();
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    /** Starts, and says where its sessions are counted. */
    private IntSupplier start(Adapter adapter, Map<String, String> settings) throws Exception {
        JakartaWebSocketServletContainerInitializer.configure(server.context(), null);
        if (adapter == Adapter.HANDLER) {
            FirmshakeHandler handler = HandlerOnJetty.install(server.server(), settings, event -> {});
            server.start();
            return () -> handler.getHeartbeatStatistics().getHeartbeatSessions();
        }
        FilterOnJetty.install(server, settings);
        server.start();
        return () -> ((ServletHeartbeat)
                        server.context().getServletContext().getAttribute(ServletHeartbeat.class.getName()))
                .sessions();
    }

    private static String handshake(String... fields) {
        return "GET " + BEAT + " HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"
                + String.join("", fields) + "\n";
    }

    // The first Ping comes at a random moment, in few runs into the middle of a test that is about something else.
    private static Frame next(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == 9) {
            frame = client.readFrame();
        }
        return frame;
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksAndDoesNotReadIsDropped(Adapter adapter) throws Exception {
        server.sendBufferSize(1);
        IntSupplier sessions = start(adapter, Map.of());
        try (Socket client = deaf(sessions)) {
            byte[] ping = masked(0x81, "ping " + "x".repeat(64));
            int asked = 0;
            while (sessions.getAsInt() > 0 && asked < 240) { // two minutes of what the budget allows
                send(client, ping);
                asked++;
                Thread.sleep(500);
            }
            assertThat(sessions.getAsInt()).isZero();
        }
    }

    /** Its Close is not read, so that it waits with the answers. */
    @Test
    void whoIsRefusedAndGoesOnIsDropped() throws Exception {
        server.sendBufferSize(1);
        IntSupplier sessions = start(Adapter.HANDLER, Map.of());
        try (Socket client = deaf(sessions)) {
            byte[] ping = masked(0x81, "ping " + "x".repeat(64));
            for (int asked = 0; !server.isStuck() && asked < 240; asked++) {
                send(client, ping);
                Thread.sleep(510); // what the budget allows
            }
            assertThat(server.isStuck()).isTrue();
            assertThat(sessions.getAsInt()).isEqualTo(1);
            byte[] unasked = masked(0x8a, "");
            long start = System.nanoTime();
            while (sessions.getAsInt() > 0 && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60)) {
                send(client, unasked);
                Thread.sleep(1);
            }
            assertThat(sessions.getAsInt()).isZero();
        }
    }

    // A client that takes in as little as can be.
    private Socket deaf(IntSupplier sessions) throws Exception {
        Socket client = new Socket();
        client.setReceiveBufferSize(1);
        client.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.port()));
        client.getOutputStream().write(handshake().replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        while (sessions.getAsInt() == 0) {
            Thread.sleep(10);
        }
        return client;
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            // It is dropped, which is counted.
        }
    }

    private static byte[] masked(int first, String payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) first, (byte) (0x80 | payload.length()), 0, 0, 0, 0});
        frame.writeBytes(payload.getBytes(StandardCharsets.ISO_8859_1));
        return frame.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void pongsThatNobodyAskedForAreCounted(Adapter adapter) throws Exception {
        start(adapter, Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(handshake()).status()).isEqualTo(101);
            assertThat(next(client).payload()).startsWith("hello");
            ByteArrayOutputStream pongs = new ByteArrayOutputStream();
            for (int i = 0; i < 60; i++) { // more than 20 s would have to go by for them to be allowed
                pongs.writeBytes(masked(0x8a, "unasked"));
            }
            client.send(pongs.toByteArray());
            assertThat(next(client)).isEqualTo(new Frame(8, "\u0003\u00f0more than 2 pings a second")); // 1008
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofThoseThatComeAtOnceOneIsTakenWhereOneMayBe(Adapter adapter) throws Exception {
        IntSupplier sessions = start(adapter, Map.of("heartbeatMaxSessions", "1"));
        for (int round = 0; round < 100; round++) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(RawClient.connect(server.port()));
            }
            for (RawClient client : clients) {
                client.send(handshake());
            }
            int greeted = 0;
            for (RawClient client : clients) {
                if (client.readResponse().status() == 101
                        && next(client).payload().startsWith("hello")) {
                    greeted++;
                }
            }
            assertThat(greeted).as("round " + round).isEqualTo(1);
            for (RawClient client : clients) {
                client.close();
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (sessions.getAsInt() > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(1);
            }
            assertThat(sessions.getAsInt()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionIsCountedNoLongerHoweverItEnds(Adapter adapter) throws Exception {
        IntSupplier sessions = start(adapter, Map.of("pingIntervalSeconds", "0"));
        List<RawClient> clients = new ArrayList<>();
        for (byte[] last : List.of(
                masked(0x81, "no ping"), // 1008
                masked(0x82, "binary"), // 1003
                masked(0x83, "opcode 3"), // 1002
                masked(0x81, "x".repeat(120)), // 1008
                new byte[] {(byte) 0x81, 4, 'p', 'i', 'n', 'g'}, // not masked
                masked(0x88, "\u0003\u00e8"), // goodbye
                new byte[] {(byte) 0x81})) { // and no more
            RawClient client = RawClient.connect(server.port());
            clients.add(client);
            assertThat(client.exchange(handshake()).status()).isEqualTo(101);
            assertThat(next(client).payload()).startsWith("hello");
            assertThat(sessions.getAsInt()).isPositive();
            client.send(last);
        }
        clients.get(clients.size() - 1).close();
        long start = System.nanoTime();
        while (sessions.getAsInt() > 0 && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60)) {
            Thread.sleep(20);
        }
        assertThat(sessions.getAsInt()).isZero();
        for (RawClient client : clients) {
            client.close();
        }
    }

    /** Mapped to another path, or declared behind Jetty's own filter, the filter does not see the handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"/chat/*", "/*"})
    void anotherOriginIsNotTakenWhereTheFilterDoesNotSeeIt(String pattern) throws Exception {
        server.context()
                .addFilter(new FilterHolder(FirmshakeFilter.class), pattern, EnumSet.of(DispatcherType.REQUEST));
        start(Adapter.FILTER, Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            int status =
                    client.exchange(handshake("Origin: https://evil.example\n")).status();
            if (status == 101) {
                assertThat(next(client)).isEqualTo(new Frame(8, "\u0003\u00f0this origin is not allowed"));
            } else {
                assertThat(status).isEqualTo(403);
            }
        }
        for (String origin : List.of("", "Origin: http://127.0.0.1\n")) {
            try (RawClient client = RawClient.connect(server.port())) {
                assertThat(client.exchange(handshake(origin)).status()).isEqualTo(101);
                assertThat(next(client).payload()).startsWith("hello");
            }
        }
    }
}
