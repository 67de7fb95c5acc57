package io.github.firmshake.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import io.github.firmshake.it.ServerCapability;
import io.github.firmshake.it.StrictClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The dropin jar in an application, on servers as they are downloaded. */
@ParameterizedClass
@EnumSource
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServersIT {

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /** Its application's sessions can be seen from within. */
    private static final Set<Server> SHOW_SESSIONS = EnumSet.of(Server.WILDFLY, Server.TOMEE);

    /** Ping frames can be counted there. */
    private static final Set<Server> SHOW_PINGS = EnumSet.of(Server.WILDFLY, Server.TOMEE);

    private static final Map<Server, String> NAMES = Map.of(
            Server.WILDFLY, "WildFly 38.",
            Server.PAYARA_MICRO, "Payara Micro",
            Server.GLASSFISH, "Eclipse GlassFish 7.",
            Server.OPEN_LIBERTY, "IBM WebSphere Liberty/26.",
            Server.TOMEE, "Apache Tomcat (TomEE)/10.");

    private static final War APP =
            new War("app", Map.of("pingSessions", "all", "pingIntervalSeconds", "2", "pongTimeoutSeconds", "1"));
    private static final War STRICT =
            new War("strict", Map.of("onInvalid", "reject", "allowedOrigins", "https://app.example.com"));
    private static final War MISSPELT = new War("misspelt", Map.of("onInvalit", "reject"));

    private static RunningServer running;

    @Parameter
    Server server;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void start(Server server) throws Exception {
        running = null;
        running = RunningServer.start(server, List.of(APP, STRICT));
        running.jcmd("JFR.start", "name=firmshake");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static String handshake(String path, String version, String connection) {
        return """
                GET %s HTTP/%s
                Host: 127.0.0.1
                Upgrade: websocket
                Connection: %s
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13

                """.formatted(path, version, connection);
    }

    private static String valid(String path) {
        return handshake(path, "1.1", "Upgrade");
    }

    private static String stripped(String path) {
        return valid(path).replace("Upgrade: websocket\n", "").replace("Connection: Upgrade\n", "");
    }

    private static Response send(String request) throws Exception {
        try (RawClient client = RawClient.connect(running.port())) {
            return client.exchange(request);
        }
    }

    private static RawClient open(String handshake) throws Exception {
        RawClient client = RawClient.connect(running.port());
        Response answer = client.exchange(handshake);
        assertThat(answer.statusLine()).as(handshake).startsWith("HTTP/1.1 101");
        assertThat(answer.values("Upgrade")).hasSize(1).allMatch("websocket"::equalsIgnoreCase);
        assertThat(answer.values("Connection")).hasSize(1).allMatch("upgrade"::equalsIgnoreCase);
        assertThat(answer.value("Sec-WebSocket-Accept")).isEqualTo(ACCEPT);
        return client;
    }

    /** The next frame that is no Ping of the server. */
    private static Frame next(RawClient client) throws Exception {
        Frame frame = client.readFrame();
        while (frame.opcode() == 9) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static void assertEchoes(String handshake) throws Exception {
        try (RawClient client = open(handshake)) {
            client.send(Frame.text("in order"));
            assertThat(next(client)).isEqualTo(Frame.text("in order"));
        }
    }

    private static Response assertRefuses(String request, int status) throws Exception {
        try (RawClient client = RawClient.connect(running.port())) {
            long before = System.nanoTime();
            Response answer = client.exchange(request);
            assertThat(client.isClosed()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("closed by the answer, not by an idle timeout")
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(answer.statusLine()).startsWith("HTTP/1.1 " + status);
            assertThat(String.join(", ", answer.values("Connection"))).containsIgnoringCase("close");
            // Grizzly leaves out Content-Type where the request has an Upgrade.
            assertThat(answer.body()).startsWith("{\"type\":\"urn:firmshake:").contains("\"status\":" + status);
            return answer;
        }
    }

    private void did(ServerCapability capability, String subject) {
        capability.did(server.column(), subject);
    }

    private void cannot(ServerCapability capability, String subject, String reason) {
        capability.cannot(server.column(), subject, reason);
    }

    @Test
    @Order(1)
    void startsWithoutAStackTraceAndSaysSo() throws Exception {
        assertThat(running.awaitLine("Firmshake ", " filter on " + NAMES.get(server), "\"/app\""))
                .contains("pingSessions=all");

        assertThat(running.log().lines())
                .noneMatch(line -> line.contains("at io.github.firmshake"))
                .noneMatch(line -> line.matches(".*(NoClassDefFoundError|ClassNotFoundException).*jdk.jfr.*"))
                .noneMatch(line -> line.contains("WFLYEE0007") && line.contains("firmshake"));
        did(ServerCapability.DEPLOYS, "application");
    }

    @Test
    @Order(2)
    void saysWhatIsWrongWithADamagedHandshake() throws Exception {
        assertThat(send(stripped("/app/ws")).status()).isNotEqualTo(101);

        running.awaitLine("HOP_BY_HOP_STRIPPED", "/app/ws");
        did(ServerCapability.TELLS, "stripped");
    }

    @Test
    @Order(2)
    void repairsEverySafeShape() throws Exception {
        for (String connection :
                List.of("keep-alive", "close", "keep-alive, close", "upgrade", "keep-alive, Upgrade")) {
            assertEchoes(handshake("/app/ws", "1.0", connection));
            did(ServerCapability.REPAIRS, "HTTP/1.0, Connection: " + connection);
        }
        assertEchoes(handshake("/app/ws", "1.1", "close"));
        did(ServerCapability.REPAIRS, "HTTP/1.1, Connection: close");

        running.awaitLine("HTTP_VERSION_TOO_OLD", "/app/ws", "repaired");
        assertEchoes(valid("/app/ws"));
    }

    @Test
    @Order(2)
    void aStrictClientAcceptsARepairedAnswer() throws Exception {
        for (String connection : List.of("keep-alive", "close", "upgrade")) {
            assertThat(StrictClient.echoThrough(running.port(), "HTTP/1.0", connection, "/app/ws"))
                    .isEqualTo("strict");
            did(ServerCapability.STRICT_CLIENT, "HTTP/1.0, " + connection);
        }
        assertThat(StrictClient.echoThrough(running.port(), "HTTP/1.1", "close", "/app/ws"))
                .isEqualTo("strict");
        did(ServerCapability.STRICT_CLIENT, "HTTP/1.1, close");
    }

    @Test
    @Order(2)
    void refusesWholeAndCloses() throws Exception {
        assertThat(assertRefuses(stripped("/strict/ws"), 426).body()).contains("urn:firmshake:HOP_BY_HOP_STRIPPED");
        did(ServerCapability.REFUSES, "HTTP/1.1");
        assertRefuses(stripped("/strict/ws").replace("HTTP/1.1", "HTTP/1.0"), 426);
        did(ServerCapability.REFUSES, "HTTP/1.0");

        running.awaitLine("HOP_BY_HOP_STRIPPED", "/strict/ws", "426");
    }

    @Test
    @Order(2)
    void refusesAnOriginThatIsNotAllowed() throws Exception {
        String key = "Sec-WebSocket-Key";
        String elsewhere = "Origin: https://elsewhere.example\nSec-WebSocket-Key";
        assertRefuses(valid("/strict/ws").replace(key, elsewhere), 403);
        did(ServerCapability.ORIGINS, "application");
        assertRefuses(valid("/app/firmshake/heartbeat").replace(key, elsewhere), 403);
        did(ServerCapability.ORIGINS, "heartbeat");

        assertEchoes(valid("/strict/ws").replace(key, "Origin: https://app.example.com\nSec-WebSocket-Key"));
    }

    @Test
    @Order(2)
    void servesTheHeartbeat() throws Exception {
        try (RawClient client = open(valid("/app/firmshake/heartbeat"))) {
            assertThat(next(client).payload()).startsWith("hello v=1");
            client.send(Frame.text("ping abc123"));
            assertThat(next(client)).isEqualTo(Frame.text("pong abc123"));
            did(ServerCapability.HEARTBEAT, "answers a ping");
            assertPinged(client);
            did(ServerCapability.HEARTBEAT, "pings");
        }
        try (RawClient silent = open(valid("/app/firmshake/heartbeat"))) {
            assertReaped(silent);
            did(ServerCapability.HEARTBEAT, "reaps");
        }
    }

    @Test
    @Order(2)
    void answersHeartbeatsThatPingAtOnce() throws Exception {
        for (int times = 0; times < 72; times++) {
            boolean greeted = times % 2 == 1;
            try (RawClient client = open(valid("/app/firmshake/heartbeat"))) {
                if (greeted) {
                    assertThat(next(client).payload()).startsWith("hello v=1");
                }
                client.send(Frame.text("ping at-once"));
                if (!greeted) {
                    assertThat(next(client).payload()).startsWith("hello v=1");
                }
                assertThat(next(client)).isEqualTo(Frame.text("pong at-once"));
            }
        }
        did(ServerCapability.HEARTBEAT_AT_ONCE, "72 heartbeats");
    }

    @Test
    @Order(2)
    void closesWhoFloodsTheHeartbeat() throws Exception {
        assertThat(isFloodClosed(1, "ping")).isTrue();
        did(ServerCapability.HEARTBEAT_FLOOD, "messages");

        boolean closed = isFloodClosed(9, "abc");

        assertThat(closed).isEqualTo(SHOW_PINGS.contains(server));
        if (closed) {
            did(ServerCapability.HEARTBEAT_FLOOD, "Ping frames");
        } else {
            cannot(
                    ServerCapability.HEARTBEAT_FLOOD,
                    "Ping frames",
                    "this server answers Ping frames by itself, before an endpoint is told");
        }
    }

    // The flood in one piece: a server that closes meets none of it then.
    private static boolean isFloodClosed(int opcode, String payload) throws Exception {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int frames = 0; frames < 300; frames++) {
            flood.writeBytes(masked(opcode, payload));
        }
        flood.writeBytes(masked(1, "ping last"));
        try (RawClient client = open(valid("/app/firmshake/heartbeat"))) {
            assertThat(next(client).payload()).startsWith("hello v=1");
            client.send(flood.toByteArray());
            Frame answer = next(client);
            while (answer.opcode() != 8 && !answer.equals(Frame.text("pong last"))) {
                answer = next(client);
            }
            if (answer.opcode() == 8) {
                assertThat(answer.payload()).startsWith("\u0003\u00f0");
            }
            return answer.opcode() == 8;
        }
    }

    private static byte[] masked(int opcode, String payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) (0x80 | opcode), (byte) (0x80 | payload.length()), 0, 0, 0, 0});
        frame.writeBytes(payload.getBytes(StandardCharsets.US_ASCII));
        return frame.toByteArray();
    }

    @Test
    @Order(2)
    void pingsTheApplicationsSessions() throws Exception {
        if (!SHOW_SESSIONS.contains(server)) {
            running.awaitLine("pingSessions=all pings only the heartbeat's own sessions", "\"/app\"");
            cannot(
                    ServerCapability.PINGS_APPLICATION,
                    "sessions",
                    "this server does not show the application's sessions");
            return;
        }
        try (RawClient client = open(valid("/app/ws"))) {
            assertPinged(client);
        }
        try (RawClient silent = open(valid("/app/ws"))) {
            assertReaped(silent);
        }
        did(ServerCapability.PINGS_APPLICATION, "sessions");
    }

    /** Two Pings come, and who answers stays. */
    private static void assertPinged(RawClient client) throws Exception {
        for (int pings = 0; pings < 2; pings++) {
            Frame ping = client.readFrame();
            assertThat(ping.opcode()).isEqualTo(9);
            client.send(new Frame(10, ping.payload()));
        }
    }

    /** Who answers no Ping is closed with 1011. */
    private static void assertReaped(RawClient silent) throws Exception {
        Frame frame = silent.readFrame();
        while (frame.opcode() != 8) {
            frame = silent.readFrame();
        }
        assertThat(frame.payload()).startsWith("\u0003\u00f3");
    }

    @Test
    @Order(2)
    void servesTheScript() throws Exception {
        Response script = send("GET /app/firmshake/firmshake.js HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n");

        assertThat(script.status()).isEqualTo(200);
        assertThat(script.value("Content-Type")).startsWith("text/javascript");
        assertThat(script.body()).contains("HeartbeatSocket");
        did(ServerCapability.SCRIPT, "script");
    }

    @Test
    @Order(2)
    void writesEventsToFlightRecorder() throws Exception {
        assertThat(send(stripped("/app/recorded")).status()).isNotEqualTo(101);
        Path file = Path.of("target", server + ".jfr").toAbsolutePath();
        Files.deleteIfExists(file);
        running.jcmd("JFR.dump", "name=firmshake", "filename=" + file);

        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("io.github.firmshake.Handshake"))
                .extracting(ServersIT::codes)
                .contains("HOP_BY_HOP_STRIPPED");
        did(ServerCapability.FLIGHT_RECORDER, "handshake");
    }

    private static String codes(RecordedEvent event) {
        return event.getString("codes");
    }

    @Test
    @Order(3)
    void theApplicationComesAndGoes() throws Exception {
        if (!server.redeploys()) {
            cannot(ServerCapability.REDEPLOYS, "application", "this server deploys at its start only");
            return;
        }
        try (RawClient beat = open(valid("/app/firmshake/heartbeat"))) {
            assertThat(next(beat).payload()).startsWith("hello v=1");
            running.undeploy("app");
            assertThat(beat.readClose().payload()).startsWith("\u0003\u00e9");
        }
        running.await("app undeployed", () -> !running.serves("app"));
        running.await(
                "the heartbeat's threads ended",
                () -> !running.jcmd("Thread.print").contains("\"firmshake-heartbeat"));
        running.deploy(APP);
        running.await("app deployed", () -> running.serves("app"));
        servesTheHeartbeatAgain();
        assertEchoes(handshake("/app/ws", "1.0", "keep-alive"));
        assertThat(running.log().lines()).noneMatch(line -> line.contains("but has failed to stop it"));
        did(ServerCapability.REDEPLOYS, "application");
    }

    private static void servesTheHeartbeatAgain() throws Exception {
        try (RawClient client = open(valid("/app/firmshake/heartbeat"))) {
            assertThat(next(client).payload()).startsWith("hello v=1");
        }
    }

    @Test
    @Order(4)
    void aWrongSettingStopsTheApplication() throws Exception {
        if (server.redeploys()) {
            running.deploy(MISSPELT);
        } else {
            running.close();
            running = RunningServer.start(server, List.of(STRICT, MISSPELT), "strict");
        }
        running.awaitLine("unknown setting onInvalit=", "did you mean onInvalid?");

        assertThat(running.serves("misspelt")).isFalse();
        assertThat(running.serves("strict")).isTrue();
        did(ServerCapability.WRONG_SETTING, "misspelt");
    }
}
