package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import io.github.firmshake.handshake.Origins;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A head is written as what differs from a browser's good handshake, separated by {@code ;;}: {@code HTTP/1.0},
 * {@code -Name} takes a field away, {@code Name: value} adds one, {@code lower-case} and {@code go-case} respell the
 * names so far, {@code unknown} hides their case.
 */
class FingerprintsTest {

    private static final Fingerprints BUNDLED = Fingerprints.bundled();

    private static final List<String> HANDSHAKE = List.of(
            "Host: app.example.com",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "User-Agent: Mozilla/5.0",
            "Origin: https://app.example.com",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    private static RequestHead head(String differences) {
        List<String> fields = new ArrayList<>(HANDSHAKE);
        String version = "HTTP/1.1";
        boolean unknown = false;
        for (String word : differences.split(" ;; ")) {
            if (word.startsWith("HTTP/")) {
                version = word;
            } else if (word.startsWith("-")) {
                fields.removeIf(field -> field.startsWith(word.substring(1) + ":"));
            } else if (word.equals("lower-case")) {
                fields.replaceAll(field -> respelled(field, name(field).toLowerCase(Locale.ROOT)));
            } else if (word.equals("go-case")) {
                fields.replaceAll(field -> respelled(field, name(field).replace("WebSocket", "Websocket")));
            } else if (word.equals("unknown")) {
                unknown = true;
            } else if (!word.isEmpty()) {
                fields.add(word);
            }
        }
        RequestHead.Builder head = RequestHead.builder("GET", "/chat", version);
        fields.forEach(
                field -> head.field(name(field), field.substring(name(field).length() + 1)));
        return unknown ? head.namesLoseCase().build() : head.build();
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private static String respelled(String field, String name) {
        return name + field.substring(name.length());
    }

    private static Examination examine(RequestHead request) {
        boolean stripper = BUNDLED.stripsSecHeaders(BUNDLED.recognise(request));
        return HandshakeRules.examine(request, new Circumstances(false, Origins.ANY, stripper));
    }

    private static Diagnosis diagnose(RequestHead request) {
        return BUNDLED.diagnose(examine(request), BUNDLED.recognise(request));
    }

    private static String text(List<Hop> hops) {
        return hops.isEmpty()
                ? "nothing"
                : hops.stream()
                        .map(hop ->
                                hop.product() + " " + hop.confidence().name().toLowerCase(Locale.ROOT) + ": "
                                        + hop.evidence() + (hop.guilty() ? " (guilty)" : ""))
                        .collect(Collectors.joining(", "));
    }

    @Nested
    class Recognising {

        @ParameterizedTest
        @CsvFileSource(resources = "/diagnosis/marks.txt", delimiter = '|', quoteCharacter = '`')
        void aMarkOnAWholeHandshakeNamesTheProduct(String head, String hops) {
            assertThat(examine(head(head)).verdict()).isEqualTo(Verdict.VALID);
            assertThat(text(BUNDLED.recognise(head(head)))).isEqualTo(hops);
            assertThat(diagnose(head(head)))
                    .isEqualTo(new Diagnosis(BUNDLED.recognise(head(head)), null, List.of(), null));
        }

        @Test
        void anOrdinaryHandshakeSaysNothing() {
            assertThat(BUNDLED.recognise(head(""))).isEmpty();
            assertThat(BUNDLED.recognise(head("unknown"))).isEmpty();
            assertThat(BUNDLED.recognise(head("lower-case"))).isEmpty();
        }

        @Test
        void theShapeOfARequestThatIsNoHandshakeSaysNothing() {
            assertThat(BUNDLED.recognise(head("HTTP/1.0 ;; -Upgrade ;; -Connection ;; -Sec-WebSocket-Key")))
                    .isEmpty();
        }

        @Test
        void theShapeOfAnInvalidHandshakeSaysNothing() {
            RequestHead request = head("HTTP/1.0 ;; -Connection ;; -Sec-WebSocket-Key ;; Sec-WebSocket-Key: short");
            assertThat(examine(request).verdict()).isEqualTo(Verdict.INVALID);
            assertThat(BUNDLED.recognise(request)).isEmpty();
        }
    }

    @Nested
    class Diagnosing {

        @ParameterizedTest
        @CsvFileSource(resources = "/diagnosis/shapes.txt", delimiter = '|', quoteCharacter = '`')
        void theShapeOfTheDamageNamesTheGuiltyHop(String head, String hops, String cause) {
            assertThat(examine(head(head)).verdict()).isEqualTo(Verdict.DAMAGED);
            Diagnosis diagnosis = diagnose(head(head));
            assertThat(text(diagnosis.hops())).isEqualTo(hops);
            assertThat(String.valueOf(diagnosis.cause())).isEqualTo(cause.equals("none") ? "null" : cause);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            -Upgrade ;; -Connection                        | hyper            | hyper in a proxy that drops Upgrade and Connection
            -Connection ;; Connection: close               | hyper            | hyper with its client's keep-alive switched off
            -Upgrade ;; -Connection                        | vertx-http-proxy | vertx-http-proxy with supportWebSocket switched off
            """, quoteCharacter = '`')
        void aProductThatIsNeverTheFirstSuspectStillHasACause(String head, String product, String cause) {
            Diagnosis diagnosis = BUNDLED.diagnose(
                    examine(head(head)), List.of(new Hop(product, Confidence.POSSIBLE, "seen", false)));
            assertThat(diagnosis.cause()).isEqualTo(cause);
            assertThat(diagnosis.hops()).containsExactly(new Hop(product, Confidence.POSSIBLE, "seen", true));
        }

        @Test
        void theFixForNginxIsComplete() {
            assertThat(diagnose(head("HTTP/1.0 ;; -Upgrade ;; -Connection ;; Connection: close"))
                            .fix())
                    .containsExactly(
                            "proxy_http_version 1.1;",
                            "proxy_set_header Upgrade $http_upgrade;",
                            "proxy_set_header Connection $connection_upgrade;",
                            "# in http{}:",
                            "map $http_upgrade $connection_upgrade { default upgrade; '' close; }");
        }

        @Test
        void theFixForCloudFrontNamesThePolicyAndTheHeaders() {
            Diagnosis diagnosis = diagnose(head("-Sec-WebSocket-Key ;; X-Amz-Cf-Id: a"));
            assertThat(diagnosis.fix())
                    .containsExactly(
                            "# in the cache behavior of the path, the managed policy AllViewer:",
                            "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3",
                            "# or in an origin request policy of your own, among its headers:",
                            "Sec-WebSocket-Key",
                            "Sec-WebSocket-Version",
                            "Sec-WebSocket-Protocol",
                            "Sec-WebSocket-Extensions");
            assertThat(diagnosis.noTunnel())
                    .isEqualTo("without Sec-WebSocket-Key there is no answer that a client accepts");
        }

        @Test
        void aHopThatNoFileKnowsIsKeptAndNeverGuilty() {
            Hop stranger = new Hop("Stranger", Confidence.SURE, "told so", false);
            assertThat(BUNDLED.diagnose(examine(head("-Upgrade")), List.of(stranger)))
                    .isEqualTo(new Diagnosis(List.of(stranger), null, List.of(), null));
            assertThat(BUNDLED.stripsSecHeaders(List.of(stranger))).isFalse();
        }

        @Test
        void onlyAProductThatIsSureStripsSecHeaders() {
            assertThat(BUNDLED.stripsSecHeaders(BUNDLED.recognise(head("X-Amz-Cf-Id: a"))))
                    .isTrue();
            assertThat(BUNDLED.stripsSecHeaders(List.of(new Hop("CloudFront", Confidence.LIKELY, "a", false))))
                    .isFalse();
            assertThat(BUNDLED.stripsSecHeaders(BUNDLED.recognise(head("CF-Ray: a"))))
                    .isFalse();
        }
    }

    @Nested
    class BundledFile {

        private static final Pattern TEXTS = Pattern.compile("(?m)^\\s*(?:mark|shape|cause) [a-z]+: (.+)$");

        @Test
        void everyMarkShapeAndCauseIsShownInATest() {
            String shown = Corpus.text("/diagnosis/marks.txt")
                    + Corpus.text("/diagnosis/shapes.txt")
                    + Corpus.text("/diagnosis/corpus.txt")
                    + Corpus.text("/diagnosis/corpus-without-case.txt")
                    + "hyper in a proxy that drops Upgrade and Connection, hyper with its client's keep-alive switched off, "
                    + "vertx-http-proxy with supportWebSocket switched off";
            assertThat(TEXTS.matcher(Corpus.text("/io/github/firmshake/diagnosis/fingerprints.txt"))
                            .results())
                    .hasSizeGreaterThan(100)
                    .allSatisfy(text -> assertThat(shown).contains(text.group(1)));
        }

        @Test
        void itIsReadOnce() {
            assertThat(Fingerprints.bundled()).isSameAs(BUNDLED);
        }
    }

    @Nested
    class Parsing {

        private boolean holds(String condition, String head) {
            return !Fingerprints.parse("[A]\nmark sure: seen\n" + condition)
                    .recognise(head(head))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            header X-A                          | X-a: 1                                | true
            header X-A                          | X-B: 1                                | false
            header X-*                          | x-b: 1                                | true
            header X-*                          | Y-X-: 1                               | false
            header X-A ~ ^b$                    | X-A: a ;; X-A: b                      | true
            header X-A ~ ^b$                    | X-A: a                                | false
            header X-A ~ a ~ b                  | X-A: a ~ b                            | true
            no-header X-A                       | X-B: 1                                | true
            no-header X-A                       | X-A: 1                                | false
            no-header X-A ~ b                   | X-A: a                                | true
            no-header X-A ~ b                   | X-A: b                                | false
            lines X-A 2                         | X-A: 1 ;; X-A: 1                      | true
            lines X-A 2                         | X-A: 1, 1                             | false
            list X-A 2                          | X-A: 1, 1                             | true
            list X-A 2                          | X-A: 1 ;; X-A: 1                      | true
            list X-A 2                          | X-A: 1                                | false
            spelled x-A                         | x-A: 1                                | true
            spelled x-A                         | X-A: 1                                | false
            spelled x-A                         | x-A: 1 ;; unknown                     | false
            version 1.0 1.1                     | HTTP/1.0                              | true
            version 1.0                         | HTTP/1.1                              | false
            version 2                           | HTTP/2                                | true
            upgrade absent                      | -Upgrade                              | true
            upgrade absent                      | HTTP/1.1                              | false
            upgrade websocket                   | -Upgrade ;; Upgrade: h2c, WebSocket   | true
            upgrade websocket absent            | -Upgrade ;; Upgrade: h2c              | false
            upgrade other                       | -Upgrade ;; Upgrade: h2c              | true
            connection absent                   | -Connection                           | true
            connection absent                   | HTTP/1.1                              | false
            connection upgrade                  | -Connection ;; Connection: close, Upgrade | true
            connection close                    | -Connection ;; Connection: Close      | true
            connection close                    | -Connection ;; Connection: close, keep-alive | false
            connection keep-alive               | -Connection ;; Connection: Keep-Alive | true
            connection keep-alive close         | -Connection ;; Connection: te         | false
            connection other                    | -Connection ;; Connection: te         | true
            names as-sent                       | HTTP/1.1                              | true
            names lower-case                    | lower-case                            | true
            names go-case                       | go-case                               | true
            names unknown                       | unknown                               | true
            names other                         | lower-case ;; X-A: 1                  | true
            names as-sent lower-case go-case    | unknown                               | false
            """)
        void aConditionHoldsOrNot(String condition, String head, boolean holds) {
            assertThat(holds(condition, head)).isEqualTo(holds);
        }

        @Test
        void allConditionsHaveToHold() {
            assertThat(holds("header X-A\nheader X-B", "X-A: 1")).isFalse();
            assertThat(holds("header X-A\nheader X-B", "X-A: 1 ;; X-B: 1")).isTrue();
        }

        @Test
        void commentsEmptyLinesIndentationAndCarriageReturnsAreSkipped() {
            Fingerprints fingerprints =
                    Fingerprints.parse("# a\r\n\r\n  [A B]\r\n\tmark  likely :  b: c\r\n  header X-A\r\n");
            assertThat(text(fingerprints.recognise(head("X-A: 1")))).isEqualTo("A B likely: b: c");
        }

        @Test
        void aFileWithoutProductsRecognisesNothing() {
            assertThat(Fingerprints.parse("").recognise(head("-Upgrade"))).isEmpty();
        }

        @Test
        void theStrongestMarkIsTheEvidence() {
            Fingerprints fingerprints = Fingerprints.parse(
                    "[A]\nmark possible: a\nheader X-A\nmark sure: b\nheader X-A\nmark sure: c\nheader X-A");
            assertThat(text(fingerprints.recognise(head("X-A: 1")))).isEqualTo("A sure: b");
        }

        @Test
        void aMarkThatAnotherProductLeavesTooSaysNothingWhereThatIsAsSure() {
            Fingerprints fingerprints = Fingerprints.parse(
                    "[A]\nmark likely: a\nheader X-A\nunless B, C\n[B]\nmark possible: b\nheader X-B\n"
                            + "[C]\nmark likely: c\nheader X-C");
            assertThat(text(fingerprints.recognise(head("X-A: 1 ;; X-B: 1")))).isEqualTo("A likely: a, B possible: b");
            assertThat(text(fingerprints.recognise(head("X-A: 1 ;; X-C: 1")))).isEqualTo("C likely: c");
        }

        @Test
        void amongEqualSuspectsTheSurerThenTheFirstIsGuilty() {
            String causes = "cause default: %s is wrong\nupgrade absent\n";
            Fingerprints fingerprints = Fingerprints.parse("[A]\nmark likely: a\nheader X-A\n" + causes.formatted("A")
                    + "[B]\nmark likely: b\nheader X-B\n" + causes.formatted("B") + "[C]\nmark sure: c\nheader X-C\n"
                    + causes.formatted("C"));
            RequestHead two = head("-Upgrade ;; X-A: 1 ;; X-B: 1");
            assertThat(fingerprints
                            .diagnose(examine(two), fingerprints.recognise(two))
                            .cause())
                    .isEqualTo("A is wrong");
            RequestHead three = head("-Upgrade ;; X-A: 1 ;; X-B: 1 ;; X-C: 1");
            assertThat(text(fingerprints
                            .diagnose(examine(three), fingerprints.recognise(three))
                            .hops()))
                    .isEqualTo("C sure: c (guilty), A likely: a, B likely: b");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            header X-A                                 | line 1: "header X-A" stands before any product, expected [its name]
            [A                                         | line 1: "[A", expected [name of a product]
            [A] b                                      | line 1: "[A] b", expected [name of a product]
            []                                         | line 1: "[]", expected [name of a product]
            [A];[A]                                    | line 2: [A] is there already, expected one block per product
            [A];[ ]                                    | line 2: "[ ]", expected [name of a product]
            [A];mark sure                              | line 2: "mark sure", expected mark STRENGTH: in words
            [A];mark                                   | line 2: "mark ", expected mark STRENGTH: in words
            [A];mark sure:                             | line 2: "mark sure:", expected mark STRENGTH: in words
            [A];shape : b                              | line 2: "shape : b", expected shape STRENGTH: in words
            [A];mark certain: b                        | line 2: "certain", expected one of possible, likely, sure
            [A];cause sure: b                          | line 2: "sure", expected one of seldom, configured, default, always
            [A];mark sure: b                           | line 2: a mark without conditions, expected at least one
            [A];shape sure: b;;[B]                     | line 2: a shape without conditions, expected at least one
            [A];header X-A                             | line 2: "header" belongs to a mark or a shape or a cause, expected one above
            [A];cause default: b;unless A              | line 3: "unless" belongs to a mark or a shape, expected one above
            [A];mark sure: b;header X-A;fix c          | line 4: "fix" belongs to a cause, expected one above
            [A];mark sure: b;no-tunnel c               | line 3: "no-tunnel" belongs to a cause, expected one above
            [A];mark sure: b;heeder X-A                | line 3: "heeder" is no keyword, expected [product], mark, shape, cause, unless, fix, no-tunnel, strips-sec-headers or a condition: header, no-header, lines, list, spelled, names, version, upgrade, connection
            [A];mark sure: b;header                    | line 3: "header" stands alone, expected something behind it
            [A];cause default: b;fix                   | line 3: "fix" stands alone, expected something behind it
            [A];cause default: b;no-tunnel             | line 3: "no-tunnel" stands alone, expected something behind it
            [A];mark sure: b;header X-A ~ (            | line 3: "(", expected a regular expression: Unclosed group
            [A];mark sure: b;lines X-A                 | line 3: "X-A", expected a header name and a number
            [A];mark sure: b;list X-A many             | line 3: "X-A many", expected a header name and a number
            [A];mark sure: b;list X-A 0                | line 3: "X-A 0", expected a header name and a number
            [A];mark sure: b;version HTTP/1.1          | line 3: "HTTP/1.1", expected a version such as 1.0
            [A];mark sure: b;upgrade gone              | line 3: "gone", expected one of absent, websocket, other
            [A];mark sure: b;connection gone           | line 3: "gone", expected one of absent, close, keep-alive, upgrade, other
            [A];mark sure: b;names mixed               | line 3: "mixed", expected one of as-sent, lower-case, go-case, other, unknown
            [A];mark sure: b;header X-A;unless B;[C]   | line 4: "B" has no block, expected a product of this file
            [A];mark sure: b;header X-A;unless         | line 4: "unless" stands alone, expected something behind it
            """)
        void aMalformedLineIsNamed(String lines, String message) {
            assertThatThrownBy(() -> Fingerprints.parse(lines.replace(';', '\n')))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }
}
