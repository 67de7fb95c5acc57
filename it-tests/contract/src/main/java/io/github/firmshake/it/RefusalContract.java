package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.it.Container.Answer;
import io.github.firmshake.it.Container.Limit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code onInvalid=reject}: what is wrong is answered by Firmshake, completely, and the connection is closed. */
public abstract class RefusalContract extends HandshakeContract {

    private static final String[] REJECT = {"onInvalid", "reject", "repair", "off", "webSocketPaths", "/ws /chat/*"};

    protected RefusalContract(Container container) {
        super(container);
    }

    static List<Malformed> faulty() {
        return Malformed.rows().stream()
                .filter(row -> row.verdict() != Verdict.VALID)
                .toList();
    }

    static List<Malformed> valid() {
        return Malformed.rows().stream()
                .filter(row -> row.verdict() == Verdict.VALID)
                .toList();
    }

    static List<Corpus> damaged() {
        return Corpus.files().stream().filter(file -> !file.valid()).toList();
    }

    @ParameterizedTest
    @MethodSource("faulty")
    final void everyMalformedHandshakeIsRefusedAndTheSocketCloses(Malformed row) throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(row.request());
            if (container.answerTo(row.name()).unseen() != null) {
                assertThat(response.status())
                        .isEqualTo(container.answerTo(row.name()).status());
                cannot(
                        Capability.REFUSES_MALFORMED,
                        row,
                        container.answerTo(row.name()).unseen());
                return;
            }
            if (container.refusesFirst(row.name())) {
                int status = container.answerTo(row.name()).status();
                assertThat(response.status()).isEqualTo(status);
                assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
                assertThat(line()).startsWith("INFO " + row.leads()).endsWith("; answered " + status);
                cannot(Capability.REFUSES_MALFORMED, row, Limit.REFUSED_FIRST);
                return;
            }
            assertRefused(response, status(row.codes()), isAboutVersion(row.codes()));
            assertThat(response.body()).startsWith("{\"type\":\"urn:firmshake:" + row.leads() + "\",\"title\":\"");
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        assertToldRefused(server, row.leads(), status(row.codes()));
        did(Capability.REFUSES_MALFORMED, row);
    }

    @ParameterizedTest
    @MethodSource("damaged")
    final void everyDamagedRequestOnRecordIsRefusedAndTheSocketCloses(Corpus file) throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(file.request());
            Answer byServer = container.answerTo(file.name());
            if (byServer.unseen() != null) {
                assertThat(response.status()).isEqualTo(byServer.status());
                cannot(Capability.REFUSES_RECORDED, file, byServer.unseen());
                return;
            }
            assertRefused(response, 426, false);
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        HandshakeEvent event = server.nextEvent();
        assertThat(event.verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line()).startsWith("WARNING ").endsWith("; answered 426, closed");
        did(Capability.REFUSES_RECORDED, file);
    }

    @ParameterizedTest
    @MethodSource("valid")
    final void noValidHandshakeIsRefused(Malformed row) throws Exception {
        Server server = with(REJECT);

        int status = container.answerTo(row.name()).status();

        assertThat(server.send(row.request()).status()).isEqualTo(status);

        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
        if (status != 101) {
            assertThat(line()).startsWith("INFO NOT_SWITCHED /ws: ");
        }
    }

    @Test
    final void plainHttpOnAWebSocketPathIsTold426() throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange("""
                    GET /chat/room?token=secret HTTP/1.1
                    Host: 127.0.0.1

                    """);
            assertRefused(response, 426, false);
            assertThat(response.value("Content-Type")).isEqualTo("application/problem+json");
            assertThat(response.body())
                    .isEqualTo("{\"type\":\"urn:firmshake:PLAIN_HTTP_ON_WEBSOCKET_PATH\","
                            + "\"title\":\"This path speaks WebSocket only\",\"status\":426,"
                            + "\"detail\":\"plain HTTP on a WebSocket path: Upgrade is missing, expected \\\"websocket\\\"\","
                            + "\"violations\":[{\"code\":\"PLAIN_HTTP_ON_WEBSOCKET_PATH\",\"header\":\"Upgrade\","
                            + "\"received\":[],\"expected\":\"websocket\",\"section\":\"RFC 9110 15.5.22\"}]}");
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        HandshakeEvent event = server.nextEvent();
        assertThat(event.verdict()).isEqualTo(Verdict.PLAIN);
        assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line())
                .isEqualTo(
                        "INFO PLAIN_HTTP_ON_WEBSOCKET_PATH /chat/room: plain HTTP on a WebSocket path: Upgrade is missing, "
                                + "expected \"websocket\"; got GET HTTP/1.1, Upgrade missing, Connection missing, key and "
                                + "version missing; from 127.0.0.1; answered 426, closed");
        did(Capability.PLAIN_HTTP, "plain HTTP");
    }

    // A kept-alive refusal would leave a raw tunnel in some proxies, and a poisoned connection in others.
    @ParameterizedTest
    @MethodSource("persistent")
    final void aRefusalIsNotKeptAliveAndSpeaksHttp11(String version, String connection) throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(persistent(version, connection));
            if (isUnseen(version, connection)) {
                assertThat(response.status()).isEqualTo(container.statusOfUpgradeNotNamed(101));
                return; // closed or not is the server's decision
            }
            assertRefused(response, 426, false);
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        server.nextEvent();
        assertThat(line()).startsWith("WARNING ").endsWith("; answered 426, closed");
        if (version.equals("HTTP/1.0")) {
            did(Capability.REFUSES_HTTP10, connection);
        }
    }

    @ParameterizedTest
    @MethodSource("persistent")
    final void aRequestBehindARefusedOneIsNotAnswered(String version, String connection) throws Exception {
        if (isUnseen(version, connection)) {
            return; // answered by the server, which goes on as it likes
        }
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(persistent(version, connection) + """
                    GET /plain HTTP/1.1
                    Host: 127.0.0.1

                    """);
            String answers = client.rest();
            assertThat(answers).startsWith("HTTP/1.1 426 ").containsOnlyOnce("HTTP/1.1 ");
        }
        server.nextEvent();
        assertThat(line()).startsWith("WARNING ").endsWith("; answered 426, closed");
        did(Capability.REFUSES_PIPELINED, "pipelined");
    }

    private static String persistent(String version, String connection) {
        return HANDSHAKE.replace("HTTP/1.1", version).replace("Connection: Upgrade", "Connection: " + connection);
    }

    static Stream<Arguments> persistent() {
        return Stream.of(
                arguments("HTTP/1.1", "keep-alive"),
                arguments("HTTP/1.0", "keep-alive"),
                arguments("HTTP/1.0", "keep-alive, Upgrade"));
    }

    @Test
    final void aHeadRequestIsRefusedWithoutABody() throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(HANDSHAKE.replace("GET", "HEAD"));
            assertRefused(client.readHead(), 405, false);
            assertThat(client.isClosed()).as("closed, without a body").isTrue();
        }
        server.nextEvent();
        assertThat(line()).startsWith("INFO METHOD_NOT_GET /ws: ").endsWith("; answered 405, closed");
    }

    /** A body that comes, one that never does, and one that waits to be asked for. */
    @ParameterizedTest
    @CsvSource({"Content-Length: 5, hello", "Content-Length: 100000, never", "Expect: 100-continue, ''"})
    final void aRequestWithABodyIsRefusedAtOnce(String field, String body) throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(HANDSHAKE.replace("\n\n", "\n" + field + "\n\n") + body);
            assertRefused(client.readResponse(), 400, false);
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        server.nextEvent();
        assertThat(line()).startsWith("INFO BODY_PRESENT /ws: ").endsWith("; answered 400, closed");
    }

    @Test
    final void aPostWithABodyIsRefusedAtOnce() throws Exception {
        Server server = with(REJECT);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /chat/room HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 100000\n\nnever all of it");
            assertRefused(client.readResponse(), 426, false);
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        server.nextEvent();
        assertThat(line()).startsWith("INFO PLAIN_HTTP_ON_WEBSOCKET_PATH /chat/room: ");
    }

    @Test
    final void theMethodDecidesTheStatusBeforeEverythingElse() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", "https://app.example.com");

        Response response = server.send("""
                POST /ws HTTP/1.0
                Host: 127.0.0.1
                Upgrade: websocket
                Origin: https://evil.test
                Sec-WebSocket-Key: short
                Sec-WebSocket-Version: 12
                Content-Length: 0

                """);

        assertRefused(response, 405, true);
        HandshakeEvent event = server.nextEvent();
        assertThat(event.violations())
                .extracting("code")
                .containsExactly(
                        ReasonCode.METHOD_NOT_GET,
                        ReasonCode.HTTP_VERSION_TOO_OLD,
                        ReasonCode.CONNECTION_MISSING,
                        ReasonCode.KEY_INVALID,
                        ReasonCode.VERSION_UNSUPPORTED,
                        ReasonCode.ORIGIN_NOT_ALLOWED);
        assertThat(line())
                .isEqualTo("INFO METHOD_NOT_GET /ws: "
                        + "request method is \"POST\", expected \"GET\"; "
                        + "also HTTP_VERSION_TOO_OLD; "
                        + "also CONNECTION_MISSING; "
                        + "also KEY_INVALID: Sec-WebSocket-Key is \"(5 characters)\", expected canonical base64 of 16 bytes; "
                        + "also VERSION_UNSUPPORTED: Sec-WebSocket-Version is \"12\", expected \"13\"; "
                        + "also ORIGIN_NOT_ALLOWED: Origin is \"https://evil.test\", expected one of https://app.example.com; "
                        + "got POST HTTP/1.0, Upgrade \"websocket\", Connection missing, key and version there; "
                        + "from 127.0.0.1; answered 405, closed");
    }

    @Test
    final void theJdksHttpClientIsLetThroughWithItsOfferOfH2c() throws Exception {
        Server server = with(REJECT);
        HttpClient client = HttpClient.newHttpClient(); // prefers HTTP/2, so it sends Upgrade: h2c
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/seen"))
                .timeout(Duration.ofSeconds(60))
                .build();

        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().lines())
                .containsExactly(
                        "io.github.firmshake.verdict=null",
                        "io.github.firmshake.examined=null",
                        "HTTP/1.1",
                        "Upgrade=h2c [h2c] named",
                        "Connection=Upgrade, HTTP2-Settings [Upgrade, HTTP2-Settings] named");
    }

    private static void assertRefused(Response response, int status, boolean aboutVersion) {
        assertThat(response.statusLine()).startsWith("HTTP/1.1 " + status + " ");
        assertThat(response.values("Connection")).containsExactly(status == 426 ? "Upgrade, close" : "close");
        assertThat(response.values("Upgrade")).isEqualTo(status == 426 ? List.of("websocket") : List.of());
        assertThat(response.values("Allow")).isEqualTo(status == 405 ? List.of("GET") : List.of());
        assertThat(response.values("Sec-WebSocket-Version")).isEqualTo(aboutVersion ? List.of("13") : List.of());
        assertThat(response.values("Cache-Control")).containsExactly("no-store");
    }

    private void assertToldRefused(Server server, ReasonCode leads, int status) {
        HandshakeEvent event = server.nextEvent();
        assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(event.status()).isEqualTo(status);
        String level = event.verdict() == Verdict.DAMAGED ? "WARNING " : "INFO ";
        assertThat(line()).startsWith(level + leads + " ").endsWith("; answered " + status + ", closed");
    }

    // The table of refusals: what no retry can fix comes first.
    private static int status(List<ReasonCode> codes) {
        return Stream.of(405, 400, 403, 501, 426)
                .filter(status -> codes.stream().anyMatch(code -> statusOf(code) == status))
                .findFirst()
                .orElseThrow();
    }

    private static int statusOf(ReasonCode code) {
        return switch (code) {
            case METHOD_NOT_GET -> 405;
            case ORIGIN_NOT_ALLOWED -> 403;
            case UPGRADE_MISSING,
                    UPGRADE_NOT_WEBSOCKET,
                    CONNECTION_MISSING,
                    CONNECTION_LACKS_UPGRADE,
                    HOP_BY_HOP_STRIPPED,
                    HTTP_VERSION_TOO_OLD,
                    VERSION_MISSING,
                    VERSION_UNSUPPORTED -> 426;
            default -> 400;
        };
    }

    private static boolean isAboutVersion(List<ReasonCode> codes) {
        return codes.stream().anyMatch(code -> code.name().startsWith("VERSION_"));
    }
}
