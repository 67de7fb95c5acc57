package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Sample;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private static String line(Sample sample, Action done, int status) {
        return LogLine.of(Assessments.with(sample, Assessments.UNKNOWN), done, status);
    }

    @Nested
    @DisplayName("whole lines")
    class WholeLines {

        @Test
        void behindNginxWithoutWebSocketSettings() {
            Sample sample = Sample.throughNginx().field("X-Request-Id", "c2b936fa4e66");

            assertThat(LogLine.of(Assessments.of(sample), Action.REFUSE, 426))
                    .isEqualTo("HOP_BY_HOP_STRIPPED GET /chat from 10.0.0.7 HTTP/1.0: upgrade is missing, connection is"
                            + " \"close\", expected upgrade \"websocket\" and connection \"upgrade\"; also"
                            + " HTTP_VERSION_TOO_OLD: HTTP version is \"HTTP/1.0\", expected \"HTTP/1.1\";"
                            + " Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a hop"
                            + " removed the rest; hop: nginx without WebSocket settings (likely: HTTP/1.0 with"
                            + " \"Connection: close\"); fix there: proxy_http_version 1.1; proxy_set_header Upgrade"
                            + " $http_upgrade; proxy_set_header Connection $connection_upgrade; and in http{}: map"
                            + " $http_upgrade $connection_upgrade { default upgrade; '' close; }; not repaired: would"
                            + " need repair=stripped, trustedProxies and webSocketPaths, which this version does not"
                            + " offer: it trusts that the one hop in front tunnels, and that nobody else's request can"
                            + " land on its connection; id x-request-id=c2b936fa4e66; answered 426, closed");
        }

        @Test
        void repaired() {
            assertThat(line(Sample.valid().version("HTTP/1.0").with("Connection", "close"), Action.REPAIR, 101))
                    .isEqualTo("CONNECTION_LACKS_UPGRADE GET /chat from 10.0.0.7 HTTP/1.0: connection is \"close\","
                            + " expected a list with \"upgrade\"; also HTTP_VERSION_TOO_OLD: HTTP version is"
                            + " \"HTTP/1.0\", expected \"HTTP/1.1\"; Sec-WebSocket-Key and -Version are there, so a"
                            + " WebSocket client sent this and a hop changed the rest; hop: unknown, none left a mark"
                            + " that is known here; repaired (restored HTTP/1.1, Connection: Upgrade); answered 101");
        }

        @Test
        void invalid() {
            assertThat(line(Sample.valid().with("Sec-WebSocket-Version", "8"), Action.PASS, 426))
                    .isEqualTo("VERSION_UNSUPPORTED GET /chat from 10.0.0.7 HTTP/1.1: sec-websocket-version is \"8\","
                            + " expected \"13\"; answered 426");
        }

        @Test
        void valid() {
            assertThat(line(Sample.valid(), Action.CANONICALIZE, 101))
                    .isEqualTo("VALID GET /chat from 10.0.0.7 HTTP/1.1: the handshake is valid; answered 101");
        }

        @Test
        void plainOnAWebSocketPath() {
            Assessment assessment = Assessments.of(Sample.plain(), "webSocketPaths", "/chat");

            assertThat(LogLine.of(assessment, Action.PASS, 404))
                    .isEqualTo(
                            "PLAIN_HTTP_ON_WEBSOCKET_PATH GET /chat from 10.0.0.7 HTTP/1.1: plain HTTP on a WebSocket"
                                    + " path: upgrade is missing, expected \"websocket\"; answered 404");
        }

        @Test
        void refusedOverHttp2() {
            Assessment assessment = Assessments.of(Sample.overHttp2().protocol("chat"), "onInvalid", "reject");

            assertThat(LogLine.of(assessment, Action.REFUSE, 501))
                    .isEqualTo("PROTOCOL_UNKNOWN CONNECT /chat from 10.0.0.7 HTTP/2.0: :protocol is \"chat\", expected"
                            + " \"websocket\"; answered 501");
        }

        @Test
        void aPeerThatIsNotKnown() {
            Assessment assessment =
                    Assessments.of(Sample.valid().builder().peer(null, false).build());

            assertThat(LogLine.of(assessment, Action.CANONICALIZE, 101))
                    .isEqualTo("VALID GET /chat from unknown HTTP/1.1: the handshake is valid; answered 101");
        }
    }

    @Nested
    @DisplayName("clauses")
    class Clauses {

        private String clauses(Diagnosis diagnosis) {
            String line =
                    LogLine.of(Assessments.with(Sample.valid().without("Connection"), diagnosis), Action.PASS, 400);
            return line.substring(line.indexOf("; hop") + 2, line.indexOf("; not repaired"));
        }

        private final Hop guilty = new Hop("Squid", Confidence.SURE, "Via names squid", true);
        private final Hop other = new Hop("Cloudflare", Confidence.SURE, "CF-Ray", false);
        private final Hop another = new Hop("nginx", Confidence.POSSIBLE, "its case", false);

        @Test
        void aGuiltyHopIsNamedBeforeTheChain() {
            assertThat(clauses(new Diagnosis(List.of(guilty, other, another), "Squid as a proxy", List.of(), null)))
                    .isEqualTo("hop: Squid as a proxy (sure: Via names squid); also in the chain: Cloudflare (sure:"
                            + " CF-Ray), nginx (possible: its case)");
        }

        @Test
        void anotherThatSendsTheSameShapeIsNamedAsAnAlternative() {
            Hop likely = new Hop("hyper", Confidence.LIKELY, "its shape", true);

            assertThat(clauses(new Diagnosis(List.of(likely, another, other), "hyper poisoned", List.of(), null)))
                    .isEqualTo("hop: hyper poisoned (likely: its shape), or nginx (possible: its case); also in the"
                            + " chain: Cloudflare (sure: CF-Ray)");
        }

        @Test
        void aCauseThatDoesNotNameTheProductIsPutBehindIt() {
            assertThat(clauses(new Diagnosis(List.of(guilty), "no tunnel", List.of(), null)))
                    .isEqualTo("hop: Squid, no tunnel (sure: Via names squid)");
            assertThat(clauses(new Diagnosis(List.of(guilty), null, List.of(), null)))
                    .isEqualTo("hop: Squid (sure: Via names squid)");
        }

        @Test
        void nobodyIsGuiltyForBeingThere() {
            assertThat(clauses(new Diagnosis(List.of(other), null, List.of(), null)))
                    .isEqualTo("hop: unknown; in the chain: Cloudflare (sure: CF-Ray)");
        }

        @Test
        void aFixTellsPlacesFromLines() {
            assertThat(clauses(new Diagnosis(
                            List.of(guilty), null, List.of("# in a:", "x 1;", "y 2;", "# in b:", "z 3;"), null)))
                    .endsWith("; fix there: in a: x 1; y 2; and in b: z 3");
            assertThat(clauses(new Diagnosis(List.of(guilty), null, List.of("# switch caching off"), null)))
                    .endsWith("; fix there: switch caching off");
            assertThat(clauses(new Diagnosis(
                            List.of(guilty), null, List.of("a { b }", "A on", "B off", "# then:", "C"), null)))
                    .endsWith("; fix there: a { b } A on, next line: B off; and then: C");
        }

        @Test
        void theMirrorImageIsToldByTheHopsMark() {
            Sample sample = Sample.valid().without("Sec-WebSocket-Key").without("Sec-WebSocket-Version");
            String line = LogLine.of(
                    Assessments.of(
                            sample.field("X-Amz-Cf-Id", "abc").field("Via", "1.1 a.cloudfront.net (CloudFront)")),
                    Action.PASS,
                    400);

            assertThat(line)
                    .startsWith("SEC_HEADERS_STRIPPED GET /chat from 10.0.0.7 HTTP/1.1: sec-websocket-key is missing,"
                            + " expected base64 of 16 bytes; also SEC_HEADERS_STRIPPED: sec-websocket-version is missing,"
                            + " expected \"13\"; Upgrade is there, and a hop that is known to drop Sec-WebSocket-* left"
                            + " its mark; hop: ");
        }

        @Test
        void missingEmptyAndWrongAreToldApart() {
            assertThat(line(Sample.valid().without("Upgrade"), Action.PASS, 404))
                    .contains(": upgrade is missing,");
            assertThat(line(Sample.valid().with("Upgrade", ""), Action.PASS, 404))
                    .contains(": upgrade is empty,");
            assertThat(line(Sample.valid().with("Upgrade", "a", "b"), Action.PASS, 404))
                    .contains(": upgrade is \"a\" and \"b\", expected \"websocket\";");
        }

        @Test
        void theFirstCorrelationIdIsTheRequestsOwn() {
            Sample sample = Sample.valid().field("X-Amzn-Trace-Id", "Root=1").field("traceparent", "00-1");

            assertThat(line(sample, Action.CANONICALIZE, 101)).contains("; id traceparent=00-1; answered");
        }
    }

    @Nested
    @DisplayName("the head at DEBUG")
    class Head {

        @Test
        void isOneLineWithTheValuesThatAreNoSecret() {
            Sample sample = Sample.valid()
                    .target("/chat;jsessionid=s1?token=s2")
                    .field("Cookie", "a=s3")
                    .field("X-Whatever", "");

            assertThat(LogLine.head(sample.head()))
                    .isEqualTo(
                            "head as received: GET /chat HTTP/1.1; Host: \"app.example.com\"; Upgrade: \"websocket\";"
                                    + " Connection: \"Upgrade\"; Sec-WebSocket-Key: (24 characters); Sec-WebSocket-Version:"
                                    + " \"13\"; Cookie: (4 characters); X-Whatever: (0 characters)");
        }

        @Test
        void valuesThatMayHoldAPasswordAreLeftOut() {
            Sample sample = Sample.valid()
                    .with("Host", "user:s1@app.example.com")
                    .field("Origin", "https://app.example.com?s2");

            assertThat(LogLine.head(sample.head()))
                    .contains("; Host: \"...@app.example.com\"", "; Origin: \"https://app.example.com?...\"")
                    .doesNotContain("s1", "s2");
        }

        @Test
        void isBounded() {
            Sample sample = Sample.valid();
            for (int i = 0; i < 200; i++) {
                sample = sample.field("X-" + i + "y".repeat(1000), "z");
            }

            assertThat(LogLine.head(sample.head())).hasSizeLessThan(12_000).endsWith("; and 105 fields more");
        }
    }
}
