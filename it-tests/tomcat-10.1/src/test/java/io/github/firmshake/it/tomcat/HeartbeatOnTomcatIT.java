package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.catalina.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the heartbeat's endpoint does on Tomcat alone: its own codec, filter and valve, undeploying. */
class HeartbeatOnTomcatIT extends HeartbeatOnTomcat {

    // The first Ping comes at a random moment: among so many sessions, seldom but surely within one of them.
    private static final Map<String, String> NO_PINGS = Map.of("pingIntervalSeconds", "0");

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
        start(Set.of(Adapter.FILTER), NO_PINGS, HeartbeatApplication.Own.class);
        Map<String, List<String>> ours = new LinkedHashMap<>();
        Map<String, List<String>> theirs = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> stream : STREAMS.entrySet()) {
            ours.put(stream.getKey(), answers(BEAT, stream.getValue()));
            theirs.put(stream.getKey(), answers("/own", stream.getValue()));
        }

        assertThat(theirs.values()).allSatisfy(answers -> assertThat(answers).doesNotContain("ended without Close"));
        // Two departures. RFC 6455 5.5.1 wants the status code echoed, so where there is none, there is none to echo:
        // Tomcat says 1000. RFC 6455 8.1 wants 1007 for text that is not UTF-8; in a reason Tomcat says 1002.
        assertThat(theirs.put("Close", List.of("Close "))).containsExactly("Close 1000");
        assertThat(theirs.put("Close whose reason is not UTF-8", List.of("Close 1007")))
                .containsExactly("Close 1002");
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void whateverFramesComeTheyAreAnsweredAsTomcatsOwnEndpointAnswersThem() throws Exception {
        start(Set.of(Adapter.FILTER), NO_PINGS, HeartbeatApplication.Own.class);
        Random random = new Random(20261125);
        for (int i = 0; i < 500; i++) {
            byte[] stream = randomFrames(random);
            assertThat(answers(BEAT, stream))
                    .as(() -> HexFormat.of().formatHex(stream))
                    .isEqualTo(answers("/own", stream));
        }
    }

    // Lengths are right, so that both know where a frame ends, and nothing is binary, which no handler there takes;
    // everything else may be wrong.
    private static byte[] randomFrames(Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int frames = 1 + random.nextInt(5); frames > 0; frames--) {
            int opcode =
                    random.nextInt(8) == 0 ? 3 + random.nextInt(13) : new int[] {0, 1, 1, 9, 10}[random.nextInt(5)];
            int fin = random.nextInt(3) == 0 ? 0 : 0x80;
            int reserved = random.nextInt(20) == 0 ? 0x10 << random.nextInt(3) : 0;
            byte[] payload = new byte[random.nextInt(10) == 0 ? 120 + random.nextInt(12) : random.nextInt(9)];
            // Of a message in parts Tomcat decodes each; whether it is UTF-8 is to be known at its end only,
            // and not at all where it is too long.
            boolean ascii = (fin | opcode) != 0x81 || payload.length > 125 || random.nextInt(6) > 0;
            for (int i = 0; i < payload.length; i++) {
                payload[i] = (byte) (ascii ? ' ' + random.nextInt(90) : random.nextInt(256));
            }
            byte[] text = random.nextInt(3) == 0 ? "ping 1".getBytes(StandardCharsets.UTF_8) : payload;
            stream.writeBytes(Bytes.frame(fin | reserved | opcode, opcode == 8 ? new byte[] {3, (byte) 0xe8} : text));
        }
        return stream.toByteArray();
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
        assertThat(log.restOfConfiguration())
                .filteredOn(line -> line.contains("heartbeat at"))
                .containsExactly("INFO heartbeat at /firmshake/heartbeat: an endpoint of the application stays there");
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

    @ParameterizedTest
    @EnumSource
    void theSessionsOfAnApplicationEndWithIt(Adapter adapter) throws Exception {
        Context context = start(Set.of(adapter), Map.of("pingIntervalSeconds", "1"));
        RawClient client = open(BEAT);
        next(client, PING);
        context.stop();

        assertThat(code(next(client, CLOSE))).isEqualTo(1001);
        assertThat(client.isClosed()).isTrue();
        if (adapter == Adapter.FILTER) {
            assertNoThreads();
        } else {
            assertThat(context.findLifecycleListeners()).noneMatch(HeartbeatOnTomcatIT::isOurs);
            context.start();
            next(open(BEAT), PING);
        }
    }

    private static boolean isOurs(Object listener) {
        return listener.getClass().getName().startsWith("io.github.firmshake.");
    }

    @ParameterizedTest
    @EnumSource
    void noHttpSessionIsMadeOrTouched(Adapter adapter) throws Exception {
        start(Set.of(adapter), Map.of());
        RawClient browser = connect();
        String cookie = browser.exchange("GET /session HTTP/1.1\nHost: 127.0.0.1\n\n")
                .value("Set-Cookie")
                .replaceFirst(";.*", "");
        // Tomcat touches a session when a request is answered and done with: that is so when the next one is answered.
        browser.exchange("GET /other HTTP/1.1\nHost: 127.0.0.1\n\n");
        Thread.sleep(100); // so that a touch would show
        long start = System.currentTimeMillis();
        RawClient beat = connect();
        Response response = beat.exchange(handshake(BEAT).replace("Upgrade: w", "Cookie: " + cookie + "\nUpgrade: w"));
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.has("Set-Cookie")).isFalse();
        // The session opens when the request is done with.
        assertThat(next(beat, TEXT).payload()).startsWith("hello");
        if (adapter == Adapter.FILTER) {
            Thread.sleep(100); // so that a touch would show; Tomcat's authenticator touches it at every request
        }
        long before = adapter == Adapter.VALVE ? start : System.currentTimeMillis();
        beat.send(new Frame(TEXT, "ping"));
        assertThat(next(beat, TEXT).payload()).isEqualTo("pong");
        String[] seen = connect()
                .exchange("GET /session HTTP/1.1\nHost: 127.0.0.1\nCookie: " + cookie + "\n\n")
                .body()
                .split(" ");

        assertThat(seen[0]).isEqualTo(cookie.replaceFirst("JSESSIONID=", ""));
        assertThat(Long.parseLong(seen[1])).as("last access").isLessThan(before);
    }

    @Test
    void filterBehindValveSaysOnceThatTheValveServes() throws Exception {
        start(Set.of(Adapter.FILTER, Adapter.VALVE), Map.of());
        for (int i = 0; i < 2; i++) {
            assertThat(open(BEAT).readFrame().payload()).startsWith("hello");
        }

        assertThat(log.restOfConfiguration())
                .filteredOn(line -> line.contains("heartbeat at"))
                .containsExactly("INFO heartbeat at /firmshake/heartbeat: the valve's endpoint serves it, the filter's "
                        + "stays unused behind");
    }
}
