package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeRulesTest {

    private static void check(Examination examination, Verdict verdict, String... violations) {
        assertThat(Sample.described(examination)).containsExactly(violations);
        assertThat(examination.verdict()).isEqualTo(verdict);
    }

    private static void check(Sample sample, Verdict verdict, String... violations) {
        check(sample.examined(), verdict, violations);
    }

    private static Examination behindStripper(Sample sample) {
        return HandshakeRules.examine(sample.head(), new Circumstances(false, Origins.ANY, true));
    }

    @Nested
    @DisplayName("what counts as a handshake")
    class Candidates {

        @ParameterizedTest
        @ValueSource(strings = {"-Upgrade", "-Sec-WebSocket-Key", "Upgrade: h2c, WebSocket & -Sec-WebSocket-Key"})
        void aKeyOrTheTokenOfUpgradeIsEnough(String changes) {
            assertThat(HandshakeRules.isHandshake(
                            Sample.valid().changed(changes).head()))
                    .isTrue();
        }

        @Test
        void anExtendedConnectOfAnyProtocolIsOne() {
            assertThat(HandshakeRules.isHandshake(
                            Sample.overHttp2().protocol("connect-udp").head()))
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "Upgrade: h2c & HTTP2-Settings: AAMAAABk & Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: TLS/1.2 & Connection: Upgrade"
                })
        void anythingElseIsPlainAndHasNoFault(String changes) {
            check(Sample.plain().changed(changes), Verdict.PLAIN);
        }

        @Test
        void aPlainRequestOnAWebSocketPathHasOne() {
            RequestHead request = Sample.plain().field("Upgrade", "h2c").head();

            check(
                    HandshakeRules.examine(request, new Circumstances(true, Origins.ANY, false)),
                    Verdict.PLAIN,
                    "PLAIN_HTTP_ON_WEBSOCKET_PATH: Upgrade [h2c], expected websocket (RFC 9110 15.5.22)");
        }
    }

    @Nested
    class RequestLine {

        @Test
        void theMethodIsGetInCapitals() {
            check(
                    Sample.valid().method("get"),
                    Verdict.INVALID,
                    "METHOD_NOT_GET: request method [get], expected GET (RFC 6455 4.2.1 item 1)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/1"})
        void theVersionIsAtLeast11(String version) {
            check(
                    Sample.valid().version(version),
                    Verdict.DAMAGED,
                    "HTTP_VERSION_TOO_OLD: HTTP version [" + version + "], expected HTTP/1.1 (RFC 6455 4.2.1 item 1)");
        }
    }

    @Nested
    class Host {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "app.example.com:8443",
                    "127.0.0.1:80",
                    "[::1]:8080",
                    "[::aF]",
                    "[::Fa09]",
                    "a_b",
                    "localhost:"
                })
        void namesAndAddressesWithAPortOrWithout(String host) {
            check(Sample.valid().with("Host", host), Verdict.VALID);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                ``            | (empty)
                a b           | a ...
                a:80:81       | a:...
                a/            | a/
                a/b           | a/...
                a:123456      | a:...
                [::1          | [...
                []            | [...
                [::1x]        | [...
                [::G]         | [...
                [::~]         | [...
                :80           | :80
                :x            | :...
                a"b           | a"...
                a,b           | a,...
                """)
        void anythingElseIsMalformed(String host, String shown) {
            check(
                    Sample.valid().with("Host", host),
                    Verdict.INVALID,
                    "HOST_INVALID: Host [" + shown
                            + "], expected one host name or address with an optional port (RFC 6455 4.2.1 item 2)");
        }

        @Test
        void aPasswordInItIsNotKept() {
            assertThat(Sample.valid()
                            .with("Host", "user:secret@app.example.com")
                            .examined()
                            .violations())
                    .singleElement()
                    .extracting(Violation::received)
                    .isEqualTo(List.of("...@app.example.com"));
        }
    }

    @Test
    void moreThanOneOriginIsAFaultWhateverTheApplicationAllows() {
        check(
                Sample.valid().field("Origin", "https://a.example").field("Origin", "https://a.example?token=secret"),
                Verdict.INVALID,
                "ORIGIN_REPEATED: Origin [https://a.example, https://a.example?...], expected one field line"
                        + " (RFC 6454 7.3)");
    }

    @Nested
    class UpgradeAndConnection {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Connection: close, upgrade",
                    "Connection: , ,Upgrade,",
                    "Connection: \t Upgrade\t ",
                    "Upgrade: , WEBSOCKET",
                    "-Sec-WebSocket-Key & Sec-Websocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Content-Length: 0"
                })
        void areReadLeniently(String changes) {
            check(Sample.valid().changed(changes), Verdict.VALID);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-Connection", "Connection: close", "Connection: x, keep-alive", "Connection:"})
        void goneBothWithAKeyThereIsOneViolation(String changes) {
            check(
                    Sample.valid().without("Upgrade").changed(changes),
                    Verdict.DAMAGED,
                    "HOP_BY_HOP_STRIPPED: Upgrade [], expected websocket (RFC 6455 4.2.1 items 3 and 4)");
        }

        @Test
        void emptyIsToldApartFromMissing() {
            check(
                    Sample.valid().with("Upgrade", ""),
                    Verdict.DAMAGED,
                    "UPGRADE_MISSING: Upgrade [(empty)], expected websocket (RFC 6455 4.2.1 item 3)");
            check(
                    Sample.valid().without("Upgrade"),
                    Verdict.DAMAGED,
                    "UPGRADE_MISSING: Upgrade [], expected websocket (RFC 6455 4.2.1 item 3)");
        }

        @Test
        void eachAloneHasItsOwnCode() {
            check(
                    Sample.valid().without("Connection"),
                    Verdict.DAMAGED,
                    "CONNECTION_MISSING: Connection [], expected upgrade (RFC 6455 4.2.1 item 4)");
            check(
                    Sample.valid().with("Connection", "keep-alive", "close"),
                    Verdict.DAMAGED,
                    "CONNECTION_LACKS_UPGRADE: Connection [keep-alive, close], expected a list with \"upgrade\""
                            + " (RFC 6455 4.2.1 item 4)");
        }

        @Test
        void anotherProtocolIsTheClientsFault() {
            check(
                    Sample.valid().with("Upgrade", "h2c"),
                    Verdict.INVALID,
                    "UPGRADE_NOT_WEBSOCKET: Upgrade [h2c], expected websocket (RFC 6455 4.2.1 item 3)");
        }

        @Test
        void anotherProtocolBesideNoKeyIsNoFaultOfItsOwn() {
            check(
                    Sample.valid().with("Upgrade", "h2c").without("Sec-WebSocket-Key"),
                    Verdict.INVALID,
                    "KEY_MISSING: Sec-WebSocket-Key [], expected base64 of 16 bytes (RFC 6455 4.2.1 item 5)");
        }

        @Test
        void aVersionAloneProvesNoStripping() {
            check(
                    Sample.plain().field("Sec-WebSocket-Version", "13"),
                    Verdict.INVALID,
                    "UPGRADE_MISSING: Upgrade [], expected websocket (RFC 6455 4.2.1 item 3)",
                    "CONNECTION_MISSING: Connection [], expected upgrade (RFC 6455 4.2.1 item 4)",
                    "KEY_MISSING: Sec-WebSocket-Key [], expected base64 of 16 bytes (RFC 6455 4.2.1 item 5)");
        }

        @Test
        void theOfferOfH2cByAHopIsDamage() {
            check(
                    Sample.valid().changed("Upgrade: h2c & Connection: HTTP2-Settings & HTTP2-Settings: AAMAAABk"),
                    Verdict.DAMAGED,
                    "UPGRADE_NOT_WEBSOCKET: Upgrade [h2c], expected websocket (RFC 6455 4.2.1 item 3)",
                    "CONNECTION_LACKS_UPGRADE: Connection [HTTP2-Settings], expected a list with \"upgrade\""
                            + " (RFC 6455 4.2.1 item 4)");
        }

        @Test
        void aTemplateThatAHopDidNotFillInIsDamage() {
            check(
                    Sample.valid().with("Upgrade", "{>Upgrade}"),
                    Verdict.DAMAGED,
                    "UPGRADE_NOT_WEBSOCKET: Upgrade [{>Upgrade}], expected websocket (RFC 6455 4.2.1 item 3)");
            for (String other : List.of("h2c", "{a", "{a}b", "{a{b}", "{a}}", "a}", "{}}")) {
                assertThat(Sample.valid()
                                .with("Upgrade", "{>Upgrade}", other)
                                .examined()
                                .verdict())
                        .as(other)
                        .isEqualTo(Verdict.INVALID);
            }
        }

        @Test
        void damageBesideAFaultOfTheClientIsInvalid() {
            check(
                    Sample.valid().without("Connection").with("Sec-WebSocket-Version", "8"),
                    Verdict.INVALID,
                    "CONNECTION_MISSING: Connection [], expected upgrade (RFC 6455 4.2.1 item 4)",
                    "VERSION_UNSUPPORTED: Sec-WebSocket-Version [8], expected 13 (RFC 6455 4.2.1 item 6)");
        }
    }

    @Nested
    class KeyAndVersion {

        @Test
        void ofAKeyOnlyTheLengthIsKept() {
            check(
                    Sample.valid().with("Sec-WebSocket-Key", Sample.KEY, Sample.KEY),
                    Verdict.INVALID,
                    "KEY_REPEATED: Sec-WebSocket-Key [(24 characters), (24 characters)], expected one field line"
                            + " (RFC 6455 11.3.1)");
            check(
                    Sample.valid().with("Sec-WebSocket-Key", "secret"),
                    Verdict.INVALID,
                    "KEY_INVALID: Sec-WebSocket-Key [(6 characters)], expected canonical base64 of 16 bytes"
                            + " (RFC 6455 4.2.1 item 5)");
            check(
                    Sample.valid().without("Sec-WebSocket-Key"),
                    Verdict.INVALID,
                    "KEY_MISSING: Sec-WebSocket-Key [], expected base64 of 16 bytes (RFC 6455 4.2.1 item 5)");
        }

        @Test
        void anEmptyKeyIsInvalidRatherThanMissing() {
            check(
                    Sample.valid().with("Sec-WebSocket-Key", ""),
                    Verdict.INVALID,
                    "KEY_INVALID: Sec-WebSocket-Key [(empty)], expected canonical base64 of 16 bytes"
                            + " (RFC 6455 4.2.1 item 5)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"13, 8", "013", "", "13 13"})
        void theVersionIs13AndNothingElse(String version) {
            check(
                    Sample.valid().with("Sec-WebSocket-Version", version),
                    Verdict.INVALID,
                    "VERSION_UNSUPPORTED: Sec-WebSocket-Version [" + Sample.visible(version)
                            + "], expected 13 (RFC 6455 4.2.1 item 6)");
        }

        @Test
        void twiceTheSameVersionIsOneTooMany() {
            check(
                    Sample.valid().with("Sec-WebSocket-Version", "13", "13"),
                    Verdict.INVALID,
                    "VERSION_REPEATED: Sec-WebSocket-Version [13, 13], expected one field line (RFC 6455 11.3.5)");
        }

        @Test
        void goneBehindAHopThatDropsThemTheyWereStripped() {
            check(
                    behindStripper(Sample.valid().without("Sec-WebSocket-Key").without("Sec-WebSocket-Version")),
                    Verdict.DAMAGED,
                    "SEC_HEADERS_STRIPPED: Sec-WebSocket-Key [], expected base64 of 16 bytes"
                            + " (RFC 6455 4.2.1 items 5 and 6)",
                    "SEC_HEADERS_STRIPPED: Sec-WebSocket-Version [], expected 13 (RFC 6455 4.2.1 items 5 and 6)");
        }

        @Test
        void withoutUpgradeThatHopDidNotDoIt() {
            check(
                    behindStripper(Sample.valid().without("Upgrade").without("Sec-WebSocket-Version")),
                    Verdict.INVALID,
                    "UPGRADE_MISSING: Upgrade [], expected websocket (RFC 6455 4.2.1 item 3)",
                    "VERSION_MISSING: Sec-WebSocket-Version [], expected 13 (RFC 6455 4.2.1 item 6)");
        }
    }

    @Nested
    class Offers {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Sec-WebSocket-Protocol: chat, superchat",
                    "Sec-WebSocket-Protocol: chat, Chat",
                    "Sec-WebSocket-Protocol: chat & Sec-WebSocket-Protocol: superchat",
                    "Sec-WebSocket-Protocol: , chat,,",
                    "Sec-WebSocket-Protocol:"
                })
        void subprotocolsAreDistinctTokens(String changes) {
            check(Sample.valid().changed(changes), Verdict.VALID);
        }

        @Test
        void aSubprotocolThatStandsThereBeforeIsNamedByItsPosition() {
            check(
                    Sample.valid().with("Sec-WebSocket-Protocol", "secret", "b, secret"),
                    Verdict.INVALID,
                    "SUBPROTOCOL_INVALID: Sec-WebSocket-Protocol [(6 characters), (9 characters)],"
                            + " expected distinct tokens, member 3 stands there before (RFC 6455 11.3.4)");
        }

        @Test
        void aSubprotocolThatIsNoTokenIsNamedByItsPosition() {
            check(
                    Sample.valid().with("Sec-WebSocket-Protocol", "a,,b c"),
                    Verdict.INVALID,
                    "SUBPROTOCOL_INVALID: Sec-WebSocket-Protocol [(6 characters)],"
                            + " expected distinct tokens, member 3 is no token (RFC 6455 11.3.4)");
        }

        @Test
        void aFaultInTheExtensionsIsGivenWithItsPosition() {
            check(
                    Sample.valid().with("Sec-WebSocket-Extensions", "permessage-deflate; =;;, @x"),
                    Verdict.INVALID,
                    "EXTENSIONS_INVALID: Sec-WebSocket-Extensions [permessage-deflate; =;;, @x],"
                            + " expected a parameter name at character 21 (RFC 6455 9.1)");
            check(
                    Sample.valid().with("Sec-WebSocket-Extensions", "a", "@"),
                    Verdict.INVALID,
                    "EXTENSIONS_INVALID: Sec-WebSocket-Extensions [a, @],"
                            + " expected a token at character 1 of field line 2 (RFC 6455 9.1)");
        }
    }

    @Nested
    class NothingElse {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                Content-Length: 5           | Content-Length [5], expected no such field, or 0
                Content-Length: x           | Content-Length [x], expected no such field, or 0
                Content-Length: 0, 5        | Content-Length [0, 5], expected no such field, or 0
                Transfer-Encoding: identity | Transfer-Encoding [identity], expected no such field
                Expect: 100-continue        | Expect [100-continue], expected no such field
                """)
        void aHandshakeHasNoBody(String change, String violation) {
            check(Sample.valid().changed(change), Verdict.INVALID, "BODY_PRESENT: " + violation + " (RFC 6455 4.1)");
        }

        @Test
        void aFieldOfTheAnswerIsOutOfPlace() {
            check(
                    Sample.valid().field("Sec-WebSocket-Accept", "x"),
                    Verdict.INVALID,
                    "ACCEPT_IN_REQUEST: Sec-WebSocket-Accept [x], expected no such field in a request"
                            + " (RFC 6455 11.3.3)");
        }
    }
}
