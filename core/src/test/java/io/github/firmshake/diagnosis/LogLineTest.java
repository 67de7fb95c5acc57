package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.PathTally.Count;
import io.github.firmshake.handshake.Sample;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLineTest {

    private static String line(Sample sample, Action done, int status) {
        return line(Assessments.with(sample, Assessments.UNKNOWN), done, status);
    }

    private static String line(Assessment assessment, Action done, int status) {
        return LogLine.of(assessment, done, status, new Count(3, 212, 0));
    }

    @Nested
    @DisplayName("whole lines")
    class WholeLines {

        @Test
        void behindNginxWithoutWebSocketSettings() {
            Sample sample = Sample.throughNginx().field("X-Request-Id", "c2b936fa4e66");

            assertThat(LogLine.of(Assessments.of(sample), Action.REFUSE, 426, new Count(41, 41, 0)))
                    .isEqualTo(
                            "HOP_BY_HOP_STRIPPED /chat: 41 of 41 in 10 min arrived without Upgrade and Connection, so"
                                    + " configuration rather than a pooled connection or one bad node; also"
                                    + " HTTP_VERSION_TOO_OLD; nginx without WebSocket settings (likely: HTTP/1.0 with"
                                    + " \"Connection: close\"); fix: proxy_http_version 1.1; proxy_set_header Upgrade"
                                    + " $http_upgrade; proxy_set_header Connection $connection_upgrade; in http{}: map"
                                    + " $http_upgrade $connection_upgrade { default upgrade; '' close; }; got GET HTTP/1.0,"
                                    + " Upgrade missing, Connection \"close\", key and version there; from 10.0.0.7;"
                                    + " id x-request-id=c2b936fa4e66; answered 426, closed");
        }

        @Test
        void repaired() {
            assertThat(line(Sample.valid().version("HTTP/1.0").with("Connection", "close"), Action.REPAIR, 101))
                    .isEqualTo(
                            "CONNECTION_LACKS_UPGRADE /chat: repaired, 101; 3 of 212 in 10 min arrived with a Connection"
                                    + " that lacks upgrade, so a pooled connection or one bad node rather than configuration;"
                                    + " also HTTP_VERSION_TOO_OLD; no known proxy recognised; got GET HTTP/1.0, Upgrade"
                                    + " \"websocket\", Connection \"close\", key and version there; from 10.0.0.7");
        }

        @Test
        void repairedInVain() {
            Sample sample = Sample.valid().with("Connection", "close");
            Assessment assessment = HandshakeReporter.withNotSwitched(
                    Assessments.with(sample, Assessments.UNKNOWN), Action.REPAIR, 404);

            assertThat(LogLine.of(assessment, Action.REPAIR, 404, new Count(1, 1, 0)))
                    .isEqualTo(
                            "NOT_SWITCHED /chat: repaired, but the container did not switch; 1 of 1 in 10 min arrived"
                                    + " with a Connection that lacks upgrade; also CONNECTION_LACKS_UPGRADE; no known proxy"
                                    + " recognised; got GET HTTP/1.1, Upgrade \"websocket\", Connection \"close\", key and"
                                    + " version there; from 10.0.0.7; answered 404");
        }

        @Test
        void notRepairedThoughItCouldBe() {
            Assessment assessment = Assessments.of(Sample.valid().with("Connection", "close"), "repair", "off");

            assertThat(line(assessment, Action.PASS, 404))
                    .contains(
                            "; not repaired: possible with repair=safe, which trusts that a hop which forwards Upgrade"
                                    + " also tunnels after a 101; got GET ");
        }

        @Test
        void invalid() {
            assertThat(line(Sample.valid().with("Sec-WebSocket-Version", "8"), Action.PASS, 426))
                    .isEqualTo("VERSION_UNSUPPORTED /chat: Sec-WebSocket-Version is \"8\", expected \"13\"; got GET"
                            + " HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there;"
                            + " from 10.0.0.7; answered 426");
        }

        @Test
        void invalidInSeveralWays() {
            Sample sample = Sample.valid().without("Connection").with("Sec-WebSocket-Key", "abc");

            assertThat(line(sample.without("Sec-WebSocket-Version"), Action.PASS, 400))
                    .isEqualTo(
                            "KEY_INVALID /chat: Sec-WebSocket-Key is \"(3 characters)\", expected canonical base64 of 16"
                                    + " bytes; also CONNECTION_MISSING; also VERSION_MISSING: Sec-WebSocket-Version is missing,"
                                    + " expected \"13\"; got GET HTTP/1.1, Upgrade \"websocket\", Connection missing, key there,"
                                    + " version missing; from 10.0.0.7; answered 400");
        }

        @Test
        void valid() {
            assertThat(line(Sample.valid(), Action.CANONICALIZE, 101))
                    .isEqualTo(
                            "VALID /chat: the handshake is valid; got GET HTTP/1.1, Upgrade \"websocket\", Connection"
                                    + " \"Upgrade\", key and version there; from 10.0.0.7; answered 101");
        }

        @Test
        void plainOnAWebSocketPath() {
            Assessment assessment = Assessments.of(Sample.plain(), "webSocketPaths", "/chat");

            assertThat(line(assessment, Action.PASS, 404))
                    .isEqualTo("PLAIN_HTTP_ON_WEBSOCKET_PATH /chat: plain HTTP on a WebSocket path: Upgrade is missing,"
                            + " expected \"websocket\"; got GET HTTP/1.1, Upgrade missing, Connection missing, key and"
                            + " version missing; from 10.0.0.7; answered 404");
        }

        @Test
        void refusedOverHttp2() {
            Assessment assessment = Assessments.of(Sample.overHttp2().protocol("chat"), "onInvalid", "reject");

            assertThat(line(assessment, Action.REFUSE, 501))
                    .isEqualTo("PROTOCOL_UNKNOWN /chat: :protocol is \"chat\", expected \"websocket\"; got CONNECT"
                            + " HTTP/2.0; from 10.0.0.7; answered 501");
        }

        @Test
        void aPeerThatIsNotKnown() {
            Assessment assessment =
                    Assessments.of(Sample.valid().builder().peer(null, false).build());

            assertThat(line(assessment, Action.CANONICALIZE, 101)).endsWith("; from unknown; answered 101");
        }
    }

    @Nested
    @DisplayName("short lines")
    class ShortLines {

        @Test
        void theCountedOne() {
            Assessment assessment = Assessments.with(Sample.throughNginx(), Assessments.NGINX);

            assertThat(LogLine.subject(assessment) + ": 40 more in 10 min"
                            + LogLine.counted(assessment, 404, new Count(41, 41, 0)))
                    .isEqualTo("HOP_BY_HOP_STRIPPED /chat: 40 more in 10 min, answered 404; 41 of 41 in 10 min arrived"
                            + " damaged like this, so configuration rather than a pooled connection or one bad node;"
                            + " likely: nginx; the last one from 10.0.0.7");
            assertThat(LogLine.counted(Assessments.of(Sample.valid(), "logPeer", "off"), 404, Count.NONE))
                    .isEqualTo(", answered 404");
        }

        @Test
        void thatAPathRecovered() {
            assertThat(LogLine.recovered(Assessments.of(Sample.valid()), new Count(0, 15, 3)))
                    .isEqualTo(
                            "VALID /chat: recovered, 10 handshakes in a row arrived whole; damaged before: 3 of 15 in 10"
                                    + " min; from 10.0.0.7");
            assertThat(LogLine.recovered(Assessments.of(Sample.valid(), "logPeer", "off"), new Count(0, 15, 3)))
                    .endsWith("in 10 min");
        }

        @ParameterizedTest
        @CsvSource({
            "HTTP/1.0, arrived as HTTP/1.0",
            "-Upgrade, arrived without Upgrade",
            "-Connection, arrived without Connection",
            "Connection: a, arrived with a Connection that lacks upgrade",
            "-Upgrade & -Connection, arrived without Upgrade and Connection",
            "Upgrade: h2c & HTTP2-Settings: x, arrived with another Upgrade than websocket",
        })
        void eachDamageHasItsWords(String changes, String words) {
            assertThat(line(Sample.valid().changed(changes), Action.PASS, 404)).contains(" in 10 min " + words);
        }
    }

    @Nested
    @DisplayName("privacy")
    class PrivacyOfLines {

        private final Sample sample = Sample.throughNginx()
                .target("/ws/b06df69c-2341-476f-b857-58c3f690fd57")
                .field("X-Forwarded-For", "203.0.113.9, 10.0.0.3")
                .field("True-Client-Ip", "203.0.113.9");

        @Test
        void pathsAreMaskedByDefault() {
            assertThat(line(Assessments.of(sample), Action.PASS, 404)).startsWith("HOP_BY_HOP_STRIPPED /ws/{36}: ");
            assertThat(LogLine.head(Assessments.of(sample))).startsWith("head as received: GET /ws/{36} HTTP/1.0; ");
            assertThat(line(Assessments.of(sample, "logPaths", "full"), Action.PASS, 404))
                    .startsWith("HOP_BY_HOP_STRIPPED /ws/b06df69c-2341-476f-b857-58c3f690fd57: ");
        }

        @Test
        void addressesAsTheSettingSays() {
            Assessment full = Assessments.of(sample);
            assertThat(line(full, Action.PASS, 404)).contains("; from 10.0.0.7; ");
            assertThat(LogLine.head(full))
                    .contains("X-Forwarded-For: \"203.0.113.9, 10.0.0.3\"", "True-Client-Ip: (11 characters)");

            Assessment masked = Assessments.of(sample, "logPeer", "masked");
            assertThat(line(masked, Action.PASS, 404)).contains("; from 10.0.0.x; ");
            assertThat(LogLine.head(masked)).contains("X-Forwarded-For: \"203.0.113.x, 10.0.0.x\"");

            Assessment off = Assessments.of(sample, "logPeer", "off");
            assertThat(line(off, Action.PASS, 404)).doesNotContain("from ", "10.0.0");
            assertThat(LogLine.head(off))
                    .contains("X-Forwarded-For: (21 characters)")
                    .doesNotContain("10.0.0");
        }
    }

    @Nested
    @DisplayName("clauses")
    class Clauses {

        private String clauses(Diagnosis diagnosis) {
            String line = line(Assessments.with(Sample.valid().without("Connection"), diagnosis), Action.PASS, 400);
            String start = "rather than configuration; ";
            return line.substring(line.indexOf(start) + start.length(), line.indexOf("; got "));
        }

        private final Hop guilty = new Hop("Squid", Confidence.SURE, "Via names squid", true);
        private final Hop other = new Hop("Cloudflare", Confidence.SURE, "CF-Ray", false);
        private final Hop another = new Hop("nginx", Confidence.POSSIBLE, "its case", false);

        @Test
        void aGuiltyHopIsNamedBeforeTheChain() {
            assertThat(clauses(new Diagnosis(List.of(guilty, other, another), "Squid as a proxy", List.of(), null)))
                    .isEqualTo("Squid as a proxy (sure: Via names squid); also in the chain: Cloudflare (sure:"
                            + " CF-Ray), nginx (possible: its case)");
        }

        @Test
        void anotherThatSendsTheSameShapeIsNamedAsAnAlternative() {
            Hop likely = new Hop("hyper", Confidence.LIKELY, "its shape", true);

            assertThat(clauses(new Diagnosis(List.of(likely, another, other), "hyper poisoned", List.of(), null)))
                    .isEqualTo("hyper poisoned (likely: its shape), or nginx (possible: its case); also in the"
                            + " chain: Cloudflare (sure: CF-Ray)");
        }

        @Test
        void aCauseThatDoesNotNameTheProductIsPutBehindIt() {
            assertThat(clauses(new Diagnosis(List.of(guilty), "no tunnel", List.of(), null)))
                    .isEqualTo("Squid, no tunnel (sure: Via names squid)");
            assertThat(clauses(new Diagnosis(List.of(guilty), null, List.of(), null)))
                    .isEqualTo("Squid (sure: Via names squid)");
        }

        @Test
        void nobodyIsGuiltyForBeingThere() {
            assertThat(clauses(new Diagnosis(List.of(other), null, List.of(), null)))
                    .isEqualTo("culprit unknown, in the chain: Cloudflare (sure: CF-Ray)");
        }

        @Test
        void aFixTellsPlacesFromLines() {
            assertThat(clauses(new Diagnosis(
                            List.of(guilty), null, List.of("# in a:", "x 1;", "y 2;", "# in b:", "z 3;"), null)))
                    .endsWith("; fix: in a: x 1; y 2; in b: z 3");
            assertThat(clauses(new Diagnosis(List.of(guilty), null, List.of("# switch caching off"), null)))
                    .endsWith("; fix: switch caching off");
            assertThat(clauses(new Diagnosis(
                            List.of(guilty), null, List.of("a { b }", "A on", "B off", "# then:", "C"), null)))
                    .endsWith("; fix: a { b }; A on; B off; then: C");
        }

        @Test
        void theMirrorImageIsToldByTheHopsMark() {
            Sample sample = Sample.valid().without("Sec-WebSocket-Key").without("Sec-WebSocket-Version");
            String line = line(
                    Assessments.of(
                            sample.field("X-Amz-Cf-Id", "abc").field("Via", "1.1 a.cloudfront.net (CloudFront)")),
                    Action.PASS,
                    400);

            assertThat(line)
                    .startsWith("SEC_HEADERS_STRIPPED /chat: 3 of 212 in 10 min arrived without Sec-WebSocket-Key or"
                            + " -Version, so a pooled connection or one bad node rather than configuration; also"
                            + " SEC_HEADERS_STRIPPED: Sec-WebSocket-Version is missing, expected \"13\"; ")
                    .contains("Connection \"Upgrade\", key and version missing; ");
            assertThat(line(Sample.valid().without("Sec-WebSocket-Key"), Action.PASS, 400))
                    .contains(", key missing, version there; ");
        }

        @Test
        void theDamageIsSaidInWords() {
            assertThat(line(Sample.valid().without("Upgrade"), Action.PASS, 404))
                    .contains("arrived without Upgrade");
            assertThat(line(Sample.valid().without("Connection"), Action.PASS, 404))
                    .contains("arrived without Connection");
            assertThat(line(
                            Sample.valid().with("Upgrade", "h2c").field("HTTP2-Settings", "AAMAAABk"),
                            Action.PASS,
                            404))
                    .contains("arrived with another Upgrade than websocket");
            assertThat(line(Sample.valid().version("HTTP/1.0"), Action.PASS, 404))
                    .contains("arrived as HTTP/1.0");
        }

        @Test
        void missingEmptyAndWrongAreToldApart() {
            assertThat(line(Sample.valid().without("Upgrade"), Action.PASS, 404))
                    .contains(", Upgrade missing, Connection ");
            assertThat(line(Sample.valid().with("Upgrade", ""), Action.PASS, 404))
                    .contains(", Upgrade empty, Connection ");
            assertThat(line(Sample.valid().with("Upgrade", "a", "b"), Action.PASS, 404))
                    .contains("Upgrade is \"a\" and \"b\", expected \"websocket\"; got ");
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

            assertThat(LogLine.head(Assessments.of(sample)))
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

            assertThat(LogLine.head(Assessments.of(sample)))
                    .contains("; Host: \"...@app.example.com\"", "; Origin: \"https://app.example.com?...\"")
                    .doesNotContain("s1", "s2");
        }

        @Test
        void isBounded() {
            Sample sample = Sample.valid();
            for (int i = 0; i < 200; i++) {
                sample = sample.field("X-" + i + "y".repeat(1000), "z");
            }

            assertThat(LogLine.head(Assessments.of(sample)))
                    .hasSizeLessThan(12_000)
                    .endsWith("; and 105 fields more");
        }
    }
}
