package io.github.firmshake.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessments;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

    private static Refusal refusal(Sample sample) {
        return refusal(sample, ExplainToClient.NONE);
    }

    private static Refusal refusal(Sample sample, ExplainToClient explain) {
        Assessment assessment =
                Assessments.of(sample, "webSocketPaths", "/chat", "allowedOrigins", "https://app.example.com");
        return Refusal.of(assessment, explain);
    }

    @Nested
    class StatusAndHeaders {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Connection",
                    "Connection: close",
                    "-Upgrade",
                    "-Upgrade & -Connection",
                    "Upgrade: h2c",
                    "HTTP/1.0",
                    "HTTP/1.0 & -Connection",
                    "-Upgrade & -Connection & -Sec-WebSocket-Key & -Sec-WebSocket-Version"
                })
        void damageAndPlainHttpAskForTheUpgrade(String changes) {
            Refusal refusal = refusal(Sample.valid().changed(changes));

            assertThat(refusal.status()).isEqualTo(426);
            assertThat(refusal.headers())
                    .containsExactly(entry("Connection", "Upgrade, close"), entry("Upgrade", "websocket"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"Sec-WebSocket-Version: 8", "-Sec-WebSocket-Version", "-Sec-WebSocket-Version & HTTP/1.0"})
        void theVersionAsksFor13Too(String changes) {
            Refusal refusal = refusal(Sample.valid().changed(changes));

            assertThat(refusal.status()).isEqualTo(426);
            assertThat(refusal.headers())
                    .containsExactly(
                            entry("Connection", "Upgrade, close"),
                            entry("Upgrade", "websocket"),
                            entry("Sec-WebSocket-Version", "13"));
        }

        @Test
        void theMethodNamesTheOneAllowed() {
            Refusal refusal = refusal(Sample.valid().method("POST"));

            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.headers()).containsExactly(entry("Connection", "close"), entry("Allow", "GET"));
        }

        @ParameterizedTest
        @CsvSource({
            "-Sec-WebSocket-Key, 400",
            "Sec-WebSocket-Key: abc, 400",
            "Sec-WebSocket-Protocol: a b, 400",
            "Sec-WebSocket-Extensions: =, 400",
            "Content-Length: 5, 400",
            "Sec-WebSocket-Accept: x, 400",
            "-Host, 400",
            "Origin: https://evil.test, 403",
        })
        void theRestClosesAndSaysNoMore(String changes, int status) {
            Refusal refusal = refusal(Sample.valid().changed(changes));

            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.headers()).containsExactly(entry("Connection", "close"));
        }

        @ParameterizedTest
        @CsvSource({
            "POST & Origin: null & -Sec-WebSocket-Key & -Connection & HTTP/1.0, 405",
            "Origin: null & -Sec-WebSocket-Key & -Connection & HTTP/1.0, 400",
            "Origin: null & -Connection & HTTP/1.0, 403",
            "-Connection & HTTP/1.0, 426",
        })
        void theFirstStatusInTheOrderWins(String changes, int status) {
            assertThat(refusal(Sample.valid().changed(changes)).status()).isEqualTo(status);
        }

        @Test
        void aRepeatedVersionIsABadRequestThatIsToldTheVersion() {
            Refusal refusal = refusal(Sample.valid().with("Sec-WebSocket-Version", "8", "13"));

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.headers())
                    .containsExactly(entry("Connection", "close"), entry("Sec-WebSocket-Version", "13"));
        }

        @Test
        void secHeadersStrippedIsABadRequest() {
            Sample sample = Sample.valid()
                    .without("Sec-WebSocket-Key")
                    .without("Sec-WebSocket-Version")
                    .field("X-Amz-Cf-Id", "abc")
                    .field("Via", "1.1 a.cloudfront.net (CloudFront)");

            assertThat(refusal(sample).status()).isEqualTo(400);
            assertThat(refusal(sample, ExplainToClient.CODE).body()).contains("urn:firmshake:SEC_HEADERS_STRIPPED");
        }
    }

    @Nested
    class OverHttp2 {

        @Test
        void anUnknownProtocolIsNotImplemented() {
            Refusal refusal = refusal(Sample.overHttp2().protocol("connect-udp"));

            assertThat(refusal.status()).isEqualTo(501);
            assertThat(refusal.headers()).isEmpty();
        }

        @Test
        void badFieldsAreABadRequest() {
            Refusal refusal = refusal(Sample.overHttp2().field("Connection", "Upgrade"));

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.headers()).isEmpty();
        }

        @Test
        void where426WouldStandIs501AndNeitherConnectionNorUpgradeIsSent() {
            assertThat(refusal(Sample.plain().version("HTTP/2.0")).status()).isEqualTo(501);

            Refusal refusal = refusal(Sample.overHttp2().with("Sec-WebSocket-Version", "8"));
            assertThat(refusal.status()).isEqualTo(501);
            assertThat(refusal.headers()).containsExactly(entry("Sec-WebSocket-Version", "13"));
        }
    }

    @Nested
    class Body {

        private static final String FAULT =
                "Connection is missing, expected \\\"upgrade\\\"\",\"violations\":[{\"code\":\"CONNECTION_MISSING\","
                        + "\"header\":\"Connection\",\"received\":[],\"expected\":\"upgrade\","
                        + "\"section\":\"RFC 6455 4.2.1 item 4\"}]";

        private final Sample noConnection = Sample.valid().without("Connection");

        @Test
        void noneIsEmptyAndHasNoType() {
            assertThat(refusal(noConnection, ExplainToClient.NONE).body()).isEmpty();
            assertThat(refusal(noConnection, ExplainToClient.NONE).bytes()).isEmpty();
        }

        @Test
        void codeNamesTheReasonAndNoTopology() {
            Refusal refusal = refusal(noConnection, ExplainToClient.CODE);

            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "application/problem+json")
                    .containsEntry("Cache-Control", "no-store");
            assertThat(refusal.body())
                    .isEqualTo("{\"type\":\"urn:firmshake:CONNECTION_MISSING\",\"title\":\"The Connection field is"
                            + " missing\",\"status\":426,\"detail\":\"" + FAULT + "}");
            assertThat(refusal.bytes()).isEqualTo(refusal.body().getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void fullNamesHopEvidenceFixAndCurlToo() {
            String body = refusal(Sample.throughNginx(), ExplainToClient.FULL).body();

            assertThat(body)
                    .contains(
                            "\"hop\":{\"product\":\"nginx\",\"confidence\":\"likely\",",
                            "\"evidence\":\"HTTP/1.0 with \\\"Connection: close\\\"\"",
                            "\"fix\":[\"proxy_http_version 1.1;\",",
                            "\"curl\":[\"curl -i ");
        }

        @Test
        void fullWithoutAGuiltyHopNamesNone() {
            assertThat(refusal(Sample.valid().method("POST"), ExplainToClient.FULL)
                            .body())
                    .doesNotContain("\"hop\"")
                    .contains("\"fix\":[],\"curl\":[\"curl -i ");
        }

        @Test
        void asTextItSaysTheSame() {
            Refusal refusal = refusal(noConnection.field("Accept", "text/html"), ExplainToClient.CODE);

            assertThat(refusal.headers()).containsEntry("Content-Type", "text/plain;charset=UTF-8");
            assertThat(refusal.body())
                    .isEqualTo("CONNECTION_MISSING: The Connection field is missing\n"
                            + "Connection is missing, expected \"upgrade\"\n");
        }

        @Test
        void asTextWithEverything() {
            Refusal refusal = refusal(Sample.throughNginx().field("Accept", "text/plain"), ExplainToClient.FULL);

            assertThat(refusal.body().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("HOP_BY_HOP_STRIPPED: Upgrade and Connection were removed"),
                            line -> assertThat(line).startsWith("Upgrade is missing, Connection is \"close\""),
                            line -> assertThat(line).startsWith("nginx without WebSocket settings"),
                            line -> assertThat(line).startsWith("fix: proxy_http_version 1.1;"),
                            line -> assertThat(line).startsWith("curl -i ").endsWith(" 'http://HOST:PORT/chat'"),
                            line -> assertThat(line).isEqualTo("# HOST:PORT: this server, past every hop, then nginx"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Accept: */*                                                  | true
            Accept: application/problem+json                             | true
            Accept: text/html, Application/Problem+JSON;q=0.1            | true
            Accept: application/*                                        | true
            Accept: text/html & Accept: */* ; q=0.8                      | true
            Accept: */*;q=0.01                                           | true
            Accept: text/html                                            | false
            Accept: application/json                                     | false
            Accept: application/problem+jsonx                            | false
            Accept: */*;q=0                                              | false
            Accept: */*; q=0.000                                         | false
            Accept: */*, application/problem+json;q=0.0;x=y              | false
            Accept: application/*;q=0, application/problem+json          | true
            """)
    void problemJsonIsSentToWhoTakesIt(String accept, boolean json) {
        Refusal refusal = refusal(Sample.valid().without("Connection").changed(accept), ExplainToClient.CODE);

        assertThat(refusal.headers().get("Content-Type"))
                .isEqualTo(json ? "application/problem+json" : "text/plain;charset=UTF-8");
    }

    @Test
    void aFullHeartbeatEndpointSaysWhenToComeBack() {
        Refusal refusal = Refusal.full("heartbeatMaxSessions=5 are open");

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.headers()).containsEntry("Connection", "close").containsEntry("Retry-After", "30");
        assertThat(refusal.body()).isEqualTo("heartbeatMaxSessions=5 are open\n");
    }

    @Test
    void anOriginThatCouldNotBeCheckedIsRefused() {
        Refusal refusal = Refusal.unchecked(true);
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.headers()).containsEntry("Connection", "close");
        assertThat(Refusal.unchecked(false).headers()).doesNotContainKey("Connection");
        assertThat(refusal.body()).isEqualTo("The origin of this handshake could not be checked\n");
    }
}
