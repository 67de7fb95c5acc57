package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.it.Capability;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.HandshakeContract;
import io.github.firmshake.it.Http2Request;
import io.github.firmshake.it.jetty.Http2Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket over HTTP/2 (RFC 8441): a good one passes untouched, a bad one is told and refused on its stream. */
abstract class ExtendedConnectContract extends HandshakeContract {

    private static final String ORIGIN = "https://app.example.com";

    ExtendedConnectContract(Container container) {
        super(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "reject"})
    final void aGoodOneOpensAndEchoes(String onInvalid) throws Exception {
        Server server = with("onInvalid", onInvalid);

        assertThat(Http2Client.echo(server.running().http2Port(), "/ws")).isEqualTo("over HTTP/2");

        HandshakeEvent event = server.nextEvent();
        assertThat(event.verdict()).isEqualTo(Verdict.VALID);
        assertThat(event.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(event.method()).isEqualTo("CONNECT");
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.peer()).isEqualTo("127.0.0.1");
        did(Capability.EXTENDED_CONNECT, "a good one");
    }

    @Test
    final void aGoodOneIsToldAtDebug() throws Exception {
        Server server = with();
        container.logDebug(true);
        try (Http2Client client = client(server)) {
            assertThat(client.connect("websocket", "/ws", Map.of("Sec-WebSocket-Version", "13"))
                            .status())
                    .isEqualTo(200);
            assertThat(line())
                    .isEqualTo(
                            "DEBUG VALID /ws: the handshake is valid; got CONNECT HTTP/2.0; from 127.0.0.1; answered 200");
            assertThat(line()).startsWith("DEBUG head as received: CONNECT /ws HTTP/2.0; ");
        } finally {
            container.logDebug(false);
        }
        server.nextEvent();
    }

    @Test
    final void aWrongVersionIsToldAndLeftToJetty() throws Exception {
        Server server = with();
        try (Http2Client client = client(server)) {
            Answer answer = client.connect("websocket", "/ws", Map.of("Sec-WebSocket-Version", "12"));
            assertThat(server.nextEvent().status()).isEqualTo(answer.status());
            assertThat(line())
                    .isEqualTo("INFO VERSION_UNSUPPORTED /ws: Sec-WebSocket-Version is \"12\", expected \"13\"; got"
                            + " CONNECT HTTP/2.0; from 127.0.0.1; answered " + answer.status());
        }
        did(Capability.EXTENDED_CONNECT, "a wrong version, told");
    }

    // 501 in place of 426, which cannot be sent without Upgrade.
    @Test
    final void aWrongVersionIsRefusedOnItsStreamOnly() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", ORIGIN);
        try (Http2Client client = client(server)) {
            Answer answer = client.connect("websocket", "/ws", Map.of("Sec-WebSocket-Version", "12"));
            assertRefused(answer, 501, ReasonCode.VERSION_UNSUPPORTED);
            assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(line()).endsWith("; answered 501");

            Answer next = client.connect("websocket", "/ws", Map.of("Sec-WebSocket-Version", "13"));
            assertThat(next.status()).as("on the same connection").isEqualTo(200);
            assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
        }
        did(Capability.EXTENDED_CONNECT, "a wrong version, refused");
    }

    @Test
    final void aBadFieldIsRefused() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", ORIGIN);
        try (Http2Client client = client(server)) {
            Answer answer = client.connect(
                    "websocket", "/ws", Map.of("Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", "a b"));
            assertRefused(answer, 400, ReasonCode.SUBPROTOCOL_INVALID);
        }
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line()).startsWith("INFO SUBPROTOCOL_INVALID /ws: ").endsWith("; answered 400");
    }

    @Test
    final void aForbiddenOriginIsRefused() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", ORIGIN);
        try (Http2Client client = client(server)) {
            Answer answer = client.connect(
                    "websocket", "/ws", Map.of("Sec-WebSocket-Version", "13", "Origin", "https://evil.test"));
            assertRefused(answer, 403, ReasonCode.ORIGIN_NOT_ALLOWED);
        }
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line()).startsWith("INFO ORIGIN_NOT_ALLOWED /ws: ").endsWith("; answered 403");
        did(Capability.EXTENDED_CONNECT, "a forbidden Origin, refused");
    }

    // RFC 9113 section 8.3.1
    @Test
    final void oneWithoutAuthorityAndHostIsRefused() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", ORIGIN);

        Http2Request.Answer answer = raw(server, ":scheme: http");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"type\":\"urn:firmshake:HOST_INVALID\",");
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line())
                .isEqualTo(
                        "INFO HOST_INVALID /ws: :authority is missing, expected one host name or address with an optional "
                                + "port; got CONNECT HTTP/2.0; from 127.0.0.1; answered 400");
    }

    @Test
    final void itIsToldWhereHandshakesAreOnlyReported() throws Exception {
        Server server = with();

        assertThat(raw(server, ":scheme: http").status()).isEqualTo(200);

        assertThat(server.nextEvent().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(line()).startsWith("INFO HOST_INVALID /ws: ").endsWith("; answered 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {":authority: 127.0.0.1", "host: 127.0.0.1"})
    final void oneOfTheTwoIsEnoughAndTheOriginIsComparedWithIt(String host) throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", "same-origin");

        assertThat(raw(server, ":scheme: http", host, "origin: http://127.0.0.1")
                        .status())
                .isEqualTo(200);
        assertThat(server.nextEvent().verdict()).isEqualTo(Verdict.VALID);

        assertThat(raw(server, ":scheme: http", host, "origin: http://evil.test")
                        .status())
                .isEqualTo(403);
        server.nextEvent();
        assertThat(line()).startsWith("INFO ORIGIN_NOT_ALLOWED ").contains("(the host here is 127.0.0.1)");
    }

    // Jetty 12.0 and 12.1 refuse it by themselves; one that does not would leave it to us.
    @Test
    final void oneWithoutSchemeIsNotAccepted() throws Exception {
        Server server = with("onInvalid", "reject", "allowedOrigins", ORIGIN);

        assertThat(raw(server, ":authority: 127.0.0.1").status()).isIn(0, 400);

        assertThat(everythingSaid(server)).allMatch(text -> text.contains("HTTP2_HEADERS_INVALID"));
    }

    // Pseudo-header fields come first.
    private static Http2Request.Answer raw(Server server, String... fields) throws Exception {
        List<String> all = new ArrayList<>(List.of(":method: CONNECT", ":protocol: websocket", ":path: /ws"));
        all.addAll(List.of(fields));
        all.add("sec-websocket-version: 13");
        return Http2Request.send(server.running().http2Port(), all);
    }

    @Test
    final void anotherProtocolIsNotImplemented() throws Exception {
        Server server = with("onInvalid", "reject");
        try (Http2Client client = client(server)) {
            Answer answer = client.connect("connect-udp", "/ws", Map.of("Sec-WebSocket-Version", "13"));
            assertRefused(answer, 501, ReasonCode.PROTOCOL_UNKNOWN);
        }
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line()).startsWith("INFO PROTOCOL_UNKNOWN /ws: ").endsWith("; answered 501");
    }

    @Test
    final void oneThatIsNotSwitchedIsTold() throws Exception {
        Server server = with();
        try (Http2Client client = client(server)) {
            Answer answer = client.connect("websocket", "/nowhere", Map.of("Sec-WebSocket-Version", "13"));
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(server.nextEvent().switched()).isFalse();
        assertThat(line())
                .isEqualTo("INFO NOT_SWITCHED /nowhere: the handshake is valid, but the container did not switch; got "
                        + "CONNECT HTTP/2.0; from 127.0.0.1; answered 404");
    }

    private static Http2Client client(Server server) throws Exception {
        return new Http2Client(server.running().http2Port());
    }

    private static void assertRefused(Answer answer, int status, ReasonCode code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.fields().contains("Upgrade")).isFalse();
        assertThat(answer.fields().contains("Connection")).isFalse();
        assertThat(answer.body()).startsWith("{\"type\":\"urn:firmshake:" + code + "\",");
    }
}
