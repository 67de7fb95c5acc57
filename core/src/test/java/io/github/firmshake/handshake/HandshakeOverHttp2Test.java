package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandshakeOverHttp2Test {

    private static void check(Sample sample, Verdict verdict, String... violations) {
        Examination examination = sample.examined();
        assertThat(Sample.described(examination)).containsExactly(violations);
        assertThat(examination.verdict()).isEqualTo(verdict);
    }

    @Test
    void anExtendedConnectIsValidWithoutKey() {
        check(Sample.overHttp2(), Verdict.VALID);
    }

    @Test
    void theAuthorityIsMissedOnlyWhereTheAdapterSeesIt() {
        check(Sample.overHttp2().without("Host"), Verdict.VALID);
        check(
                Sample.overHttp2().without("Host").pseudoFields("https", null),
                Verdict.INVALID,
                "HOST_INVALID: :authority [], expected one host name or address with an optional port"
                        + " (RFC 6455 4.2.1 item 2)");
        check(Sample.overHttp2().pseudoFields("https", null), Verdict.VALID);
        check(Sample.overHttp2().without("Host").pseudoFields("https", "app.example.com"), Verdict.VALID);
    }

    @Test
    void theAuthorityCountsAsHostWhereNoneCame() {
        assertThat(Sample.overHttp2()
                        .without("Host")
                        .pseudoFields("https", "b")
                        .head()
                        .values("Host"))
                .containsExactly("b");
        assertThat(Sample.overHttp2().pseudoFields("https", "b").head().values("Host"))
                .containsExactly("app.example.com");
    }

    @Test
    void theSchemeIsMissedButForAnOrdinaryConnect() {
        check(
                Sample.overHttp2().pseudoFields(null, null),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: :scheme [], expected http or https (RFC 8441 5)");
        check(
                Sample.overHttp2().pseudoFields(null, null).protocol(null).method("GET"),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: request method [GET], expected CONNECT (RFC 8441 5)",
                "HTTP2_HEADERS_INVALID: :protocol [], expected websocket (RFC 8441 5)",
                "HTTP2_HEADERS_INVALID: :scheme [], expected http or https (RFC 8441 5)");
        check(
                Sample.overHttp2().pseudoFields(null, null).protocol(null),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: :protocol [], expected websocket (RFC 8441 5)");
    }

    @Test
    void aMalformedAuthorityIsNot() {
        assertThat(Sample.overHttp2().with("Host", "a b").examined().violations())
                .extracting(Violation::code)
                .containsExactly(ReasonCode.HOST_INVALID);
    }

    @Test
    void anotherProtocolIsUnknown() {
        check(
                Sample.overHttp2().protocol("connect-udp"),
                Verdict.INVALID,
                "PROTOCOL_UNKNOWN: :protocol [connect-udp], expected websocket (RFC 8441 4)");
    }

    @Test
    void fieldsOfHttp1AreForbidden() {
        check(
                Sample.overHttp2().field("Connection", "Upgrade").field("Upgrade", "websocket"),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: Connection [Upgrade], expected no such field over HTTP/2 (RFC 8441 5)",
                "HTTP2_HEADERS_INVALID: Upgrade [websocket], expected no such field over HTTP/2 (RFC 8441 5)");
    }

    @Test
    void aGetWithAKeyIsAHandshakeOfTheWrongVersion() {
        check(
                Sample.overHttp2().method("GET").protocol(null).field("Sec-WebSocket-Key", Sample.KEY),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: request method [GET], expected CONNECT (RFC 8441 5)",
                "HTTP2_HEADERS_INVALID: :protocol [], expected websocket (RFC 8441 5)");
    }

    @Test
    void aGetWithAProtocolIsNoExtendedConnect() {
        check(
                Sample.overHttp2().method("GET"),
                Verdict.INVALID,
                "HTTP2_HEADERS_INVALID: request method [GET], expected CONNECT (RFC 8441 5)");
    }

    @Test
    void theVersionIsStillChecked() {
        check(
                Sample.overHttp2().without("Sec-WebSocket-Version"),
                Verdict.INVALID,
                "VERSION_MISSING: Sec-WebSocket-Version [], expected 13 (RFC 6455 4.2.1 item 6)");
    }
}
