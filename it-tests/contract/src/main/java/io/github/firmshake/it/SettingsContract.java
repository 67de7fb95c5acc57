package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.StartFailure;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting end to end, what is said at start and at the end, and what programs are told. */
public abstract class SettingsContract extends HandshakeContract {

    private static final String KNOWN =
            "; known: enabled, onInvalid, repair, webSocketPaths, allowedOrigins, heartbeatPath, heartbeatOrigins, "
                    + "heartbeatMaxSessions, scriptPath, pingSessions, pingIntervalSeconds, pongTimeoutSeconds, "
                    + "explainToClient, logLimitPerMinute, logPaths, logPeer";
    private static final String HEARTBEAT = "heartbeatPath=\"/firmshake/heartbeat\" heartbeatOrigins=\"same-origin\" "
            + "heartbeatMaxSessions="
            + io.github.firmshake.handshake.Settings.parse(Map.of()).heartbeat().heartbeatMaxSessions()
            + " scriptPath=\"/firmshake/firmshake.js\" pingSessions=heartbeat "
            + "pingIntervalSeconds=25 pongTimeoutSeconds=20 ";

    protected SettingsContract(Container container) {
        super(container);
    }

    @Test
    final void theStartLineSaysWhatIsOnByDefault() throws Exception {
        Server server = start(Map.of());
        server.close();

        assertThat(log.nextConfiguration())
                .isEqualTo("INFO "
                        + container.startLine(
                                "onInvalid=report repair=safe webSocketPaths=\"\" allowedOrigins=\"\" " + HEARTBEAT
                                        + "explainToClient=code logLimitPerMinute=60 logPaths=masked logPeer=full"));
        container
                .startWarnings()
                .forEach(warning -> assertThat(log.nextConfiguration()).isEqualTo("WARNING " + warning));
    }

    @Test
    final void theStartLineSaysEverySettingGiven() throws Exception {
        Server server = start(Map.of(
                "onInvalid", "REJECT",
                "repair", " off ",
                "webSocketPaths", "/ws, /chat/* *.ws",
                "allowedOrigins", "https://App.example.com:443, same-origin",
                "explainToClient", "full",
                "logLimitPerMinute", "6",
                "logPaths", "full",
                "logPeer", "masked"));
        server.close();

        assertThat(log.nextConfiguration())
                .isEqualTo("INFO "
                        + container.startLine("onInvalid=reject repair=off webSocketPaths=\"/ws /chat/* *.ws\" "
                                + "allowedOrigins=\"https://app.example.com same-origin\" " + HEARTBEAT
                                + "explainToClient=full logLimitPerMinute=6 logPaths=full logPeer=masked"));
    }

    static Stream<Arguments> badSettings() {
        return Stream.of(
                arguments("repiar", "off", "unknown setting repiar=\"off\", did you mean repair?" + KNOWN),
                arguments("colour", "blue", "unknown setting colour=\"blue\"" + KNOWN),
                arguments("repair", "connection", "setting repair=\"connection\": expected off, safe"),
                arguments("onInvalid", "refuse", "setting onInvalid=\"refuse\": expected report, reject"),
                arguments("explainToClient", "all", "setting explainToClient=\"all\": expected none, code, full"),
                arguments(
                        "logLimitPerMinute",
                        "many",
                        "setting logLimitPerMinute=\"many\": expected a whole number from 0 to 999999"),
                arguments(
                        "webSocketPaths",
                        "/ws chat",
                        "setting webSocketPaths=\"/ws chat\": \"chat\" is no servlet URL pattern, expected such as "
                                + "/chat, /chat/* or *.ws"),
                arguments(
                        "allowedOrigins",
                        "app.example.com",
                        "setting allowedOrigins=\"app.example.com\": \"app.example.com\" is no origin, expected such as "
                                + "https://app.example.com, or same-origin"));
    }

    @ParameterizedTest
    @MethodSource("badSettings")
    final void aBadSettingFailsTheStartAndSaysWhatIsAllowed(String name, String value, String message) {
        boolean unknown = message.startsWith("unknown");
        if (unknown && lacks(Limit.UNKNOWN_SETTING)) {
            assertThatThrownBy(() -> start(Map.of(name, value)))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(name.substring(1)); // a setter has a capital letter there
            cannot(Capability.UNKNOWN_SETTING, name, Limit.UNKNOWN_SETTING);
            return;
        }
        assertThatThrownBy(() -> start(Map.of(name, value)))
                .isInstanceOf(StartFailure.class)
                .hasMessage(container.startFailure(message));
        assertThat(log.restOfConfiguration()).containsExactly("ERROR " + container.errorLine(message));
        if (unknown) {
            did(Capability.UNKNOWN_SETTING, name);
        }
    }

    @Test
    final void explainToClientNoneSendsNoBody() throws Exception {
        Response response = refused("explainToClient", "none", "Accept: */*");

        assertThat(response.status()).isEqualTo(426);
        assertThat(response.value("Content-Length")).isEqualTo("0");
        assertThat(response.has("Content-Type")).isFalse();
    }

    @Test
    final void explainToClientCodeNamesNoHop() throws Exception {
        Response response = refused("explainToClient", "code", "Accept: application/json, application/problem+json");

        assertThat(response.value("Content-Type")).isEqualTo("application/problem+json");
        assertThat(response.body())
                .isEqualTo("{\"type\":\"urn:firmshake:HOP_BY_HOP_STRIPPED\","
                        + "\"title\":\"Upgrade and Connection were removed on the way\",\"status\":426,"
                        + "\"detail\":\"Upgrade is missing, Connection is \\\"close\\\", expected Upgrade \\\"websocket\\\" and "
                        + "Connection \\\"upgrade\\\"; also HTTP_VERSION_TOO_OLD: HTTP version is \\\"HTTP/1.0\\\", expected "
                        + "\\\"HTTP/1.1\\\"\",\"violations\":["
                        + "{\"code\":\"HTTP_VERSION_TOO_OLD\",\"header\":\"HTTP version\",\"received\":[\"HTTP/1.0\"],"
                        + "\"expected\":\"HTTP/1.1\",\"section\":\"RFC 6455 4.2.1 item 1\"},"
                        + "{\"code\":\"HOP_BY_HOP_STRIPPED\",\"header\":\"Upgrade\",\"received\":[],"
                        + "\"expected\":\"websocket\",\"section\":\"RFC 6455 4.2.1 items 3 and 4\"}]}");
    }

    @Test
    final void explainToClientCodeSpeaksTextToThoseWhoTakeNoJson() throws Exception {
        Response response = refused("explainToClient", "code", "Accept: text/html");

        assertThat(response.value("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(response.body()).isEqualTo("""
                HOP_BY_HOP_STRIPPED: Upgrade and Connection were removed on the way
                Upgrade is missing, Connection is "close", expected Upgrade "websocket" and Connection "upgrade"; \
                also HTTP_VERSION_TOO_OLD: HTTP version is "HTTP/1.0", expected "HTTP/1.1"
                """);
    }

    @Test
    final void explainToClientFullNamesHopFixAndCommands() throws Exception {
        Response response = refused("explainToClient", "full", "Accept: text/html");

        assertThat(response.body()).isEqualTo("""
                HOP_BY_HOP_STRIPPED: Upgrade and Connection were removed on the way
                Upgrade is missing, Connection is "close", expected Upgrade "websocket" and Connection "upgrade"; \
                also HTTP_VERSION_TOO_OLD: HTTP version is "HTTP/1.0", expected "HTTP/1.1"
                nginx without WebSocket settings (likely: HTTP/1.0 with "Connection: close")
                fix: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                proxy_set_header Connection $connection_upgrade; \
                in http{}: map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                curl -i -N -g --http1.1 --max-time 5 -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
                -H 'Sec-WebSocket-Version: 13' -H "Sec-WebSocket-Key: $(head -c 16 /dev/urandom | base64)" \
                -H 'Host: 127.0.0.1:8080' -H 'Origin: http://127.0.0.1:8080' 'http://HOST:PORT/ws'
                # HOST:PORT: this server, past every hop, then nginx
                """);
    }

    private Response refused(String name, String value, String accept) throws Exception {
        Server server = with("onInvalid", "reject", name, value);
        String request = Corpus.file("nginx-default.chrome").request().replace("Pragma: no-cache", accept);
        Response response = server.send(request);
        server.nextEvent();
        assertThat(line()).endsWith("; answered 426, closed");
        return response;
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com, 127.0.0.1, true",
        "wss://APP.example.com:443, 127.0.0.1, true",
        "http://127.0.0.1:8080, 127.0.0.1:8080, true",
        "http://127.0.0.1:8080, 127.0.0.1, false",
        "http://app.example.com, 127.0.0.1, false",
        "null, 127.0.0.1, false"
    })
    final void allowedOriginsDecideWhoMayConnect(String origin, String host, boolean allowed) throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", "https://app.example.com same-origin");

        Response response = server.send(HANDSHAKE.replace("Host: 127.0.0.1", "Host: " + host + "\nOrigin: " + origin));

        assertThat(response.status()).isEqualTo(allowed ? 101 : 403);
        HandshakeEvent event = server.nextEvent();
        assertThat(event.outcome()).isEqualTo(allowed ? Outcome.PASSED : Outcome.REFUSED);
        if (!allowed) {
            assertThat(line())
                    .isEqualTo(
                            "INFO ORIGIN_NOT_ALLOWED /ws: Origin is \"" + origin
                                    + "\", expected one of https://app.example.com same-origin (the host here is "
                                    + host
                                    + "); if a hop rewrote Host, it has to forward the client's: proxy_set_header Host $host; on nginx, "
                                    + "ProxyPreserveHost On on Apache httpd; got GET HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there; from 127.0.0.1; answered 403, closed");
        }
    }

    @Test
    final void aClientThatIsNoBrowserHasNoOriginAndPasses() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", "https://app.example.com same-origin");

        assertThat(server.send(HANDSHAKE).status()).isEqualTo(101);

        server.nextEvent();
    }

    @ParameterizedTest
    @CsvSource({
        "/chat, true",
        "/chat/room, true",
        "/chat/room;jsessionid=secret, true",
        "/deep/live.ws, true",
        "/exact, true",
        "/exact/more, false",
        "/files/room, true",
        "/files/other, false",
        "/chatter, false",
        "/plain, false"
    })
    final void webSocketPathsAreServletPatterns(String path, boolean matches) throws Exception {
        Server server = with("webSocketPaths", "/exact /files/room /chat/* *.ws");
        int expected = path.equals("/plain") ? 200 : 404;

        Response response = server.send("GET " + path + " HTTP/1.1\nHost: 127.0.0.1\n\n");

        assertThat(response.status()).isEqualTo(expected);
        if (matches) {
            server.nextEvent();
            assertThat(line())
                    .isEqualTo("INFO PLAIN_HTTP_ON_WEBSOCKET_PATH " + path.replaceFirst(";.*", "")
                            + ": plain HTTP on a WebSocket path: Upgrade is missing, expected \"websocket\"; got GET "
                            + "HTTP/1.1, Upgrade missing, Connection missing, key and version missing; from 127.0.0.1; "
                            + "answered 404");
        }
    }

    @Test
    final void flightRecorderIsToldOfEveryHandshake(@TempDir Path directory) throws Exception {
        Server server = with();
        Path file = directory.resolve("handshakes.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.firmshake.Handshake");
            recording.start();
            server.send(Corpus.file("hyper-pass.poisoned").request());
            server.nextEvent();
            line();
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(recorded -> recorded.getEventType().getName().equals("io.github.firmshake.Handshake"))
                .toList();
        assertThat(events).hasSize(1);
        RecordedEvent event = events.get(0);
        assertThat(event.getString("verdict")).isEqualTo("DAMAGED");
        assertThat(event.getString("codes")).isEqualTo("HTTP_VERSION_TOO_OLD,CONNECTION_LACKS_UPGRADE");
        assertThat(event.getString("method")).isEqualTo("GET");
        assertThat(event.getString("path")).isEqualTo("/ws");
        assertThat(event.getString("peer")).isEqualTo("127.0.0.1");
        assertThat(event.getString("hop")).isEqualTo("hyper");
        assertThat(event.getBoolean("repaired")).isEqualTo(!lacks(Limit.REPAIR));
        assertThat(event.getInt("status"))
                .isEqualTo(
                        lacks(Limit.REPAIR)
                                ? container.answerTo("hyper-pass.poisoned").status()
                                : 101);
    }

    @Test
    final void undeployingLeavesNoThreadAndSaysHowManyLinesWereLeftOut() throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        Server server = start(Map.of("logLimitPerMinute", "2"));
        assertThat(log.nextConfiguration()).startsWith("INFO Firmshake ");
        log.restOfConfiguration();
        for (int i = 0; i < 5; i++) {
            server.send(HANDSHAKE.replace("Version: 13", "Version: 8"));
            server.nextEvent();
        }
        assertThat(server.send(HANDSHAKE).status()).isEqualTo(101);
        server.nextEvent();

        server.close();

        assertThat(line())
                .isEqualTo(
                        "INFO VERSION_UNSUPPORTED /ws: Sec-WebSocket-Version is \"8\", expected \"13\"; got GET HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there; from 127.0.0.1; "
                                + "answered " + statusOfVersion8());
        assertThat(line())
                .isEqualTo("INFO VERSION_UNSUPPORTED /ws: 4 more in 1 min, answered " + statusOfVersion8()
                        + "; the last one from 127.0.0.1");
        assertThat(left(before)).as("threads left").isEmpty();
    }

    private int statusOfVersion8() {
        return container.answerTo("version 8").status();
    }

    private static Set<Thread> left(Set<Thread> before) throws InterruptedException {
        Set<Thread> left = Set.of();
        for (int i = 0; i < 300; i++) {
            left = new HashSet<>(Thread.getAllStackTraces().keySet());
            left.removeAll(before);
            left.removeIf(thread -> thread.getThreadGroup() == null || isOfTheJdk(thread));
            if (left.isEmpty()) {
                return left;
            }
            Thread.sleep(100);
        }
        return left;
    }

    private static boolean isOfTheJdk(Thread thread) {
        String group = thread.getThreadGroup().getName();
        boolean isClients = thread.getName().startsWith("HttpClient-"); // another topic's, whose connections end
        return isClients || group.equals("system") || group.equals("InnocuousThreadGroup");
    }
}
