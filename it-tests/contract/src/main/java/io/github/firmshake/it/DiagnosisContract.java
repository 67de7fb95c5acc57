package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import io.github.firmshake.it.Container.Answer;
import io.github.firmshake.it.Container.Limit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code onInvalid=report} and {@code repair=off}: the container answers as ever, and every failure is told. */
public abstract class DiagnosisContract extends HandshakeContract {

    protected DiagnosisContract(Container container) {
        super(container);
    }

    @ParameterizedTest
    @MethodSource("io.github.firmshake.it.Malformed#rows")
    final void everyMalformedHandshakeIsToldAndAnsweredByTheContainer(Malformed row) throws Exception {
        Server server = with("repair", "off");
        Answer expected = container.answerTo(row.name());

        Response response = server.send(row.request());

        assertThat(response.status()).isEqualTo(expected.status());
        if (expected.unseen() != null) {
            cannot(Capability.TELLS_MALFORMED, row, expected.unseen());
            return; // no line and no event, which is looked at behind every test
        }
        HandshakeEvent event = server.nextEvent();
        List<ReasonCode> codes = withNotSwitched(row, expected.status());
        assertThat(codes(event)).isEqualTo(codes);
        assertThat(event.verdict()).isEqualTo(row.verdict());
        assertThat(event.status()).isEqualTo(expected.status());
        assertThat(event.outcome()).isEqualTo(Outcome.PASSED);
        if (!codes.isEmpty()) { // valid and switched is told at DEBUG only
            ReasonCode leads = row.leads() == null ? ReasonCode.NOT_SWITCHED : row.leads();
            assertThat(line())
                    .startsWith(level(row.verdict()) + " " + leads + " ")
                    .endsWith("; answered " + expected.status());
        }
        did(Capability.TELLS_MALFORMED, row);
        if (row.verdict() == Verdict.VALID && response.status() == 101) {
            did(Capability.CANONICAL_FORM, row);
        } else if (row.verdict() == Verdict.VALID) {
            cannot(Capability.CANONICAL_FORM, row, Limit.CANONICAL_FORM);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.firmshake.it.Corpus#files")
    final void everyRecordedRequestIsJudgedAsItWasRecorded(Corpus file) throws Exception {
        Server server = with("repair", "off");
        Answer expected = container.answerTo(file.name());

        Response response = server.send(file.request());

        assertThat(response.status()).isEqualTo(expected.status());
        if (expected.unseen() != null) {
            cannot(Capability.TELLS_RECORDED, file, expected.unseen());
            return;
        }
        HandshakeEvent event = server.nextEvent();
        assertThat(event.verdict()).isEqualTo(file.valid() ? Verdict.VALID : Verdict.DAMAGED);
        assertThat(event.violations().isEmpty()).isEqualTo(file.valid());
        assertThat(event.status()).isEqualTo(expected.status());
        if (file.valid()) {
            assertThat(response.status()).isEqualTo(101);
        } else {
            assertThat(line()).startsWith("WARNING ").endsWith("; answered " + expected.status());
        }
        did(Capability.TELLS_RECORDED, file);
    }

    @Test
    final void aCorrectHandshakeIsSwitchedAndLeavesNoLine() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(HANDSHAKE);
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.value("Upgrade")).isEqualToIgnoringCase("websocket");
            assertThat(response.value("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(response.value("Sec-WebSocket-Accept")).isEqualTo(ACCEPT);
            assertEchoes(client);
        }
        HandshakeEvent event = server.nextEvent();
        assertThat(event.verdict()).isEqualTo(Verdict.VALID);
        assertThat(event.switched()).isTrue();
        assertThat(event.path()).isEqualTo("/ws");
        assertThat(event.peer()).isEqualTo("127.0.0.1");
        assertThat(event.message())
                .isEqualTo(
                        "VALID /ws: the handshake is valid; got GET HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there; from 127.0.0.1; answered 101");
    }

    @Test
    final void aStrictClientAcceptsThe101ToAFirefoxStyleConnection() throws Exception {
        Server server = with();
        assertThat(StrictClient.echoThrough(server.port(), "HTTP/1.1", "keep-alive, Upgrade"))
                .isEqualTo("strict");
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
        did(Capability.STRICT_CLIENT, "HTTP/1.1, Connection: keep-alive, Upgrade");
    }

    @Test
    final void framesThatFollowTheHeadAtOnceAreNotLost() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(HANDSHAKE);
            client.send(new RawClient.Frame(RawClient.Frame.TEXT, "early"));
            assertThat(client.readResponse().status()).isEqualTo(101);
            assertThat(client.readFrame()).isEqualTo(new RawClient.Frame(RawClient.Frame.TEXT, "early"));
        }
        server.nextEvent();
    }

    @Test
    final void codeBehindSeesTheCanonicalFormOfAValidHandshake() throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE
                .replace("/ws", "/seen")
                .replace("Connection: Upgrade", "Connection: keep-alive\nConnection: UPGRADE,")
                .replace("Upgrade: websocket", "Upgrade: h2c, WebSocket"));

        assertThat(response.body().lines())
                .containsExactly(
                        "io.github.firmshake.verdict=VALID java.lang.String",
                        "io.github.firmshake.examined=true java.lang.Boolean",
                        "HTTP/1.1",
                        "Upgrade=websocket [websocket] named",
                        "Connection=Upgrade [Upgrade] named");
        server.nextEvent();
        assertThat(line()).startsWith("WARNING NOT_SWITCHED /seen: ");
    }

    @Test
    final void codeBehindSeesADamagedHandshakeAsItCame() throws Exception {
        Server server = with("repair", "off");

        Response response = server.send(HANDSHAKE.replace("/ws", "/seen").replace("HTTP/1.1", "HTTP/1.0"));

        assertThat(response.body().lines())
                .containsExactly(
                        "io.github.firmshake.verdict=DAMAGED java.lang.String",
                        "io.github.firmshake.examined=true java.lang.Boolean",
                        "HTTP/1.0",
                        "Upgrade=websocket [websocket] named",
                        "Connection=Upgrade [Upgrade] named");
        server.nextEvent();
        assertThat(line()).startsWith("WARNING HTTP_VERSION_TOO_OLD /seen: ");
    }

    @Test
    final void aRequestThatIsNoHandshakePassesUntouched() throws Exception {
        Server server = with();

        Response response = server.send("""
                GET /seen HTTP/1.1
                Host: 127.0.0.1
                Connection: Upgrade
                Upgrade: TLS/1.2

                """);

        assertThat(response.body().lines())
                .containsExactly(
                        "io.github.firmshake.verdict=null",
                        "io.github.firmshake.examined=null",
                        "HTTP/1.1",
                        "Upgrade=TLS/1.2 [TLS/1.2] named",
                        "Connection=Upgrade [Upgrade] named");
    }

    // No line: that no such version exists is for the container to say, and Jetty shows no field of such a request.
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.", "HTTP/12.3"})
    final void aVersionThatDoesNotExistIsLeftToTheContainer(String version) throws Exception {
        Server server = with("onInvalid", "reject", "webSocketPaths", "/ws");

        assertThat(server.send(HANDSHAKE.replace("HTTP/1.1", version)).status()).isIn(400, 505);
    }

    private static List<ReasonCode> withNotSwitched(Malformed row, int status) {
        List<ReasonCode> codes = new ArrayList<>(row.codes());
        if (row.verdict() == Verdict.VALID && status != 101) {
            codes.add(ReasonCode.NOT_SWITCHED);
        }
        return codes;
    }

    private static String level(Verdict verdict) {
        return verdict == Verdict.DAMAGED ? "WARNING" : "INFO";
    }

    private static List<ReasonCode> codes(HandshakeEvent event) {
        return event.violations().stream().map(Violation::code).toList();
    }
}
