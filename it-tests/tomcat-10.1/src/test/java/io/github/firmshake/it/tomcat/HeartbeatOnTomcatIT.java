package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.tomcat.FirmshakeValve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the heartbeat does on Tomcat alone: its own codec, the application's sessions, filter and valve, undeploying. */
class HeartbeatOnTomcatIT {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final String BEAT = "/firmshake/heartbeat";

    enum Adapter {
        FILTER,
        VALVE
    }

    private final LogCapture log = JulCapture.lines();
    private final List<RawClient> clients = new ArrayList<>();
    private TomcatServer server;

    @BeforeEach
    void forget() {
        HeartbeatApplication.CLOSES.clear();
        log.restOfConfiguration();
        log.restOfHandshakes();
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        assertNoThreads();
        log.restOfConfiguration();
        log.restOfHandshakes();
    }

    private static void assertNoThreads() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("firmshake-heartbeat"));
    }

    private Context start(Set<Adapter> adapters, Map<String, String> settings, Class<?>... endpoints) throws Exception {
        server = new TomcatServer();
        Context context = server.addContext("");
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer(
                (classes, servletContext) -> HeartbeatApplication.install(servletContext, endpoints), null);
        addServlet(context);
        Map<String, String> all = new LinkedHashMap<>(settings);
        if (adapters.contains(Adapter.FILTER)) {
            all.forEach((name, value) -> context.addParameter("firmshake." + name, value));
            context.addApplicationListener(FirmshakeListener.class.getName());
        }
        if (adapters.contains(Adapter.VALVE)) {
            context.getParent().getPipeline().addValve(valve(all));
        }
        server.start(context);
        return context;
    }

    private static FirmshakeValve valve(Map<String, String> settings) {
        FirmshakeValve valve = new FirmshakeValve();
        settings.forEach(valve::setProperty);
        return valve;
    }

    // A context without any servlet answers 404 before its filters.
    private static void addServlet(Context context) {
        context.addServletContainerInitializer(
                (classes, servletContext) -> servletContext
                        .addServlet("all", new jakarta.servlet.http.HttpServlet() {
                            private static final long serialVersionUID = 1;
                        })
                        .addMapping("/"),
                null);
    }

    private RawClient open(String path) throws IOException {
        RawClient client = connect();
        assertThat(client.exchange(handshake(path)).status()).isEqualTo(101);
        return client;
    }

    private RawClient connect() throws IOException {
        RawClient client = RawClient.connect(server.port());
        clients.add(client);
        return client;
    }

    private static String handshake(String path) {
        return "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n";
    }

    private static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static int code(Frame close) {
        return close.payload().charAt(0) << 8 | close.payload().charAt(1);
    }

    private static final Map<String, byte[]> STREAMS = streams();

    private static Map<String, byte[]> streams() {
        byte[] none = new byte[0];
        byte[] long125 = "x".repeat(125).getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> streams = new LinkedHashMap<>();
        streams.put("text", Bytes.frame(0x81, "ping 1"));
        streams.put("text in two parts", Bytes.joined(Bytes.frame(0x01, "pi"), Bytes.frame(0x80, "ng")));
        streams.put(
                "text in empty parts",
                Bytes.joined(Bytes.frame(0x01, none), Bytes.frame(0x00, "ping"), Bytes.frame(0x80, none)));
        streams.put("Ping", Bytes.frame(0x89, "abc"));
        streams.put("empty Ping", Bytes.frame(0x89, none));
        streams.put("longest Ping", Bytes.frame(0x89, long125));
        streams.put(
                "Ping inside a message",
                Bytes.joined(Bytes.frame(0x01, "pi"), Bytes.frame(0x89, "abc"), Bytes.frame(0x80, "ng")));
        streams.put("Pong nobody asked for", Bytes.joined(Bytes.frame(0x8a, "abc"), Bytes.frame(0x81, "ping")));
        streams.put("malformed text", Bytes.frame(0x81, "hello"));
        streams.put("longest text", Bytes.frame(0x81, long125));
        streams.put("text of 126", Bytes.frame(0x81, "x".repeat(126)));
        streams.put("parts of 126", Bytes.joined(Bytes.frame(0x01, "x".repeat(63)), Bytes.frame(0x80, "x".repeat(63))));
        streams.put("text that is not UTF-8", Bytes.frame(0x81, new byte[] {'p', (byte) 0xff}));
        streams.put("text that ends inside a character", Bytes.frame(0x81, new byte[] {'p', (byte) 0xc3}));
        streams.put("reserved bit", Bytes.frame(0xc1, "ping"));
        streams.put("opcode 3", Bytes.frame(0x83, "ping"));
        streams.put("opcode 11", Bytes.frame(0x8b, "ping"));
        streams.put("continuation of nothing", Bytes.frame(0x80, "ping"));
        streams.put("message inside a message", Bytes.joined(Bytes.frame(0x01, "pi"), Bytes.frame(0x81, "ping")));
        streams.put("fragmented Ping", Bytes.frame(0x09, "abc"));
        streams.put("Ping of 126", Bytes.frame(0x89, "x".repeat(126)));
        streams.put("unmasked text", new byte[] {(byte) 0x81, 4, 'p', 'i', 'n', 'g'});
        streams.put("Close", Bytes.frame(0x88, none));
        streams.put("Close 1000", Bytes.close(1000, ""));
        streams.put("Close 4000 with a reason", Bytes.close(4000, "heartbeat"));
        streams.put("Close of one byte", Bytes.frame(0x88, new byte[] {3}));
        streams.put("Close 1005", Bytes.close(1005, ""));
        streams.put("Close 999", Bytes.close(999, ""));
        streams.put("Close whose reason is not UTF-8", Bytes.close(1000, "\u00ff"));
        return streams;
    }

    // Opcodes and payloads; of a Close only the code, since reasons are each implementation's own.
    private List<String> answers(String path, byte[] stream) throws IOException {
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(handshake(path)).status()).isEqualTo(101);
            client.readFrame(); // the greeting
            client.send(stream);
            client.send(Bytes.frame(0x89, "end"));
            Frame frame = client.readFrame();
            while (frame.opcode() != CLOSE && !frame.payload().equals("end")) {
                answers.add(frame.toString());
                frame = client.readFrame();
            }
            if (frame.opcode() == CLOSE) {
                answers.add("Close " + (frame.payload().isEmpty() ? "" : code(frame)));
            }
        } catch (IOException e) {
            answers.add("ended without Close");
        }
        return answers;
    }

    @Test
    void framesAreAnsweredAsTomcatsOwnEndpointAnswersThem() throws Exception {
        start(Set.of(Adapter.FILTER), Map.of(), HeartbeatApplication.Own.class);
        Map<String, List<String>> ours = new LinkedHashMap<>();
        Map<String, List<String>> theirs = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> stream : STREAMS.entrySet()) {
            ours.put(stream.getKey(), answers(BEAT, stream.getValue()));
            theirs.put(stream.getKey(), answers("/own", stream.getValue()));
        }

        // Two departures. RFC 6455 5.5.1 wants the status code echoed, so one that says nothing is answered with
        // nothing;
        // Tomcat says 1000. RFC 6455 8.1 wants 1007 for text that is not UTF-8; in a reason Tomcat says 1002.
        assertThat(theirs.put("Close", List.of("Close "))).containsExactly("Close 1000");
        assertThat(theirs.put("Close whose reason is not UTF-8", List.of("Close 1007")))
                .containsExactly("Close 1002");
        assertThat(ours).isEqualTo(theirs);
    }

    private static Map<String, String> all(String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("pingSessions", "all");
        settings.put("pingIntervalSeconds", "1");
        settings.put("pongTimeoutSeconds", "1");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @ParameterizedTest
    @EnumSource
    void aSilentSessionOfTheApplicationIsReapedAndItsSocketClosed(Adapter adapter) throws Exception {
        start(Set.of(adapter), all(), HeartbeatApplication.App.class);
        RawClient client = open("/app");

        Frame close = next(client, CLOSE);

        assertThat(code(close)).isEqualTo(1011);
        assertThat(close.payload().substring(2)).isEqualTo("ping timeout");
        assertThat(HeartbeatApplication.CLOSES.poll(2, TimeUnit.SECONDS)).isEqualTo(1011);
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOfTheApplicationThatAnswersIsKept(Adapter adapter) throws Exception {
        start(Set.of(adapter), all(), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        for (int i = 0; i < 4; i++) {
            client.send(new Frame(PONG, next(client, PING).payload()));
        }
        client.send(new Frame(TEXT, "echo"));

        assertThat(next(client, TEXT).payload()).isEqualTo("echo");
        assertThat(HeartbeatApplication.CLOSES).isEmpty();
    }

    @Test
    void filterAndValveTogetherPingASessionOnce() throws Exception {
        start(Set.of(Adapter.FILTER, Adapter.VALVE), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        next(client, PING);
        Thread.sleep(1_500);
        client.send(new Frame(TEXT, "echo"));

        assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, "echo"));
    }

    @Test
    void ourPingsDoNotKeepASessionFromTheApplicationsIdleLimit() throws Exception {
        start(Set.of(Adapter.FILTER), all("pongTimeoutSeconds", "20"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "idle 3000"));
        long start = System.nanoTime();
        Frame frame = client.readFrame();
        while (frame.opcode() != CLOSE) {
            if (frame.opcode() == PING) {
                client.send(new Frame(PONG, frame.payload()));
            }
            frame = client.readFrame();
        }

        assertThat(code(frame)).isEqualTo(1001);
        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(2_500L, 6_000L);
    }

    @Test
    void theOneLineForApplicationsAnswersOnlyHeartbeats() throws Exception {
        start(Set.of(Adapter.FILTER), Map.of(), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        for (String[] pair :
                new String[][] {{":ping", ":pong"}, {":ping 7", ":pong 7"}, {"ping", "ping"}, {":ping a b", ":ping a b"}
                }) {
            client.send(new Frame(TEXT, pair[0]));
            assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, pair[1]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointOfTheApplicationAtThatPathStays(Adapter adapter) throws Exception {
        start(Set.of(adapter), Map.of(), HeartbeatApplication.First.class);
        for (int i = 0; i < 2; i++) {
            RawClient client = open(BEAT);
            client.send(new Frame(TEXT, "ping"));
            assertThat(client.readFrame()).isEqualTo(new Frame(TEXT, "first ping"));
        }
        if (adapter == Adapter.FILTER) {
            assertThat(log.restOfConfiguration())
                    .filteredOn(line -> line.contains("heartbeat at"))
                    .containsExactly(
                            "INFO heartbeat at /firmshake/heartbeat: an endpoint of the application stays there");
        }
    }

    @Test
    void theValveServesContextsWithoutWebSocketOrServlet() throws Exception {
        server = new TomcatServer();
        Context bare = server.addContext("/bare");
        Context served = server.addContext("/served");
        addServlet(served);
        bare.getParent().getPipeline().addValve(valve(Map.of()));
        server.start(bare);

        assertThat(open("/bare" + BEAT).readFrame().payload()).startsWith("hello");
        assertThat(open("/served" + BEAT).readFrame().payload()).startsWith("hello");
        served.reload();
        assertThat(open("/served" + BEAT).readFrame().payload()).startsWith("hello");
        assertThat(connect().exchange(handshake("/elsewhere" + BEAT)).status()).isEqualTo(404);
    }

    @Test
    void aReloadClosesSessionsAndLeavesNoThread() throws Exception {
        Context context = start(Set.of(Adapter.FILTER), Map.of("pingIntervalSeconds", "1"));
        RawClient client = open(BEAT);
        next(client, PING);
        context.stop();

        assertThat(code(next(client, CLOSE))).isEqualTo(1001);
        assertThat(client.isClosed()).isTrue();
        assertNoThreads();
    }

    @ParameterizedTest
    @EnumSource
    void aStalledReaderDelaysNobody(Adapter adapter) throws Exception {
        int others = 2_000;
        start(
                Set.of(adapter),
                all("pingIntervalSeconds", "5", "pongTimeoutSeconds", "20"),
                HeartbeatApplication.App.class);
        RawClient stalled = open("/app");
        Thread flood = new Thread(() -> flood(stalled));
        flood.start();
        Thread.sleep(500);
        List<RawClient> waiting = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            waiting.add(open(i % 2 == 0 ? "/app" : BEAT));
        }
        long start = System.nanoTime();
        for (int round = 0; round < 2; round++) {
            for (RawClient client : waiting) {
                client.send(new Frame(PONG, next(client, PING).payload()));
            }
        }
        // The first Ping within one interval, the second one interval later; the stalled one is waited for all the
        // while.
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(2 * 5_000 + 1_000);
        stalled.close();
        flood.join();
    }

    // Sends and does not read: once all buffers are full, the server's answer blocks.
    private static void flood(RawClient client) {
        byte[] message = Bytes.frame(0x81, "x".repeat(8_000));
        try {
            for (int i = 0; i < 5_000; i++) {
                client.send(message);
            }
        } catch (IOException e) {
            // Closed at the end of the test.
        }
    }

    @Test
    void manySilentSessionsAreAllReaped() throws Exception {
        start(Set.of(Adapter.FILTER), Map.of("pingIntervalSeconds", "1", "pongTimeoutSeconds", "1"));
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            silent.add(open(BEAT));
        }
        for (RawClient client : silent) {
            assertThat(code(next(client, CLOSE))).isEqualTo(1011);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void filterBehindValveSaysOnceThatTheValveServes() throws Exception {
        List<String> lines = new ArrayList<>();
        Logger host = Logger.getLogger("org.apache.catalina.core.ContainerBase.[Tomcat].[localhost]");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        host.setLevel(Level.INFO);
        host.addHandler(handler);
        try {
            start(Set.of(Adapter.FILTER, Adapter.VALVE), Map.of());
            for (int i = 0; i < 2; i++) {
                assertThat(open(BEAT).readFrame().payload()).startsWith("hello");
            }
        } finally {
            host.removeHandler(handler);
            host.setLevel(null);
        }
        assertThat(lines)
                .filteredOn(line -> line.startsWith("heartbeat at"))
                .containsExactly(
                        "heartbeat at /firmshake/heartbeat: the valve's endpoint serves it, the filter's stays "
                                + "unused behind");
    }
}
