package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.web.Refusal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a request says, in whatever place: no output of ours is broken, forged or made to tell a secret. */
class HostileInputTest {

    private static final List<String> VALUES = List.of(
            "a\r\nWARN forged",
            "a\nforged",
            "a\u001B[2Jforged",
            "a\u0000forged",
            "\"; answered 101; \"forged",
            "x\\\"; forged",
            "\u0085\u2028\u2029\u202Eforged",
            "\u00C0\u00AF\u00FF\u00FEforged",
            "; fix: rm -rf /; forged",
            "x".repeat(100_000));

    static Stream<Arguments> everyPlace() {
        return VALUES.stream()
                .flatMap(value -> Stream.concat(
                        Outputs.FIELDS.stream()
                                .map(field -> Arguments.of(
                                        field, value, Outputs.broken().with(field, value))),
                        Stream.of(
                                Arguments.of("method", value, Outputs.broken().method(value)),
                                Arguments.of("path", value, Outputs.broken().target("/" + value)),
                                Arguments.of(
                                        "field name", value, Outputs.broken().field(value, "a")),
                                Arguments.of(
                                        ":protocol", value, Sample.overHttp2().protocol(value)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyPlace")
    void linesAreNeitherBrokenNorForgedNorLong(String place, String value, Sample sample) {
        Assessment assessment = Assessments.of(sample, "allowedOrigins", "same-origin", "repair", "off");
        List<String> lines = List.of(
                LogLine.of(assessment, Action.PASS, 404, new PathTally.Count(1, 1, 0)),
                LogLine.head(assessment),
                AssessmentJson.explained(value, assessment),
                AssessmentJson.problem(assessment, 426, true),
                Sentences.summary(assessment));

        assertThat(lines).allSatisfy(line -> assertThat(line).matches("[ -~]*"));
        assertThat(lines.get(0)).hasSizeLessThan(8_000);
        assertThat(lines.get(1)).hasSizeLessThan(8_000);
        // What stands outside of quotes is ours: clauses can be told apart by a reader, or by a program.
        String ours = lines.get(0).replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "\"\"");
        assertThat(ours).doesNotContain("; fix: rm", "; answered 101").endsWith("; answered 404");
        assertThat(ours).doesNotContain("; forged");
        assertThat(Refusal.of(assessment, ExplainToClient.FULL).headers().values())
                .allSatisfy(header -> assertThat(header).matches("[ -~]*"));
        assertThat(Sentences.problem(assessment, true)).matches("[ -~\n]*");
    }

    @Test
    void tenThousandFieldLinesStayOneLine() {
        for (String field : Outputs.FIELDS) {
            RequestHead.Builder builder = Outputs.broken().without(field).builder();
            for (int i = 0; i < 10_000; i++) {
                builder.field(field, "value" + i);
            }
            Assessment assessment = Assessments.of(builder.build(), "allowedOrigins", "same-origin");

            assertThat(LogLine.of(assessment, Action.PASS, 404, new PathTally.Count(1, 1, 0)))
                    .as(field)
                    .hasSizeLessThan(5_000);
            assertThat(AssessmentJson.explained("a", assessment)).as(field).hasSizeLessThan(20_000);
        }
    }

    static Stream<Arguments> everySecret() {
        String secret = "S3cr3t";
        return Stream.of(
                        Outputs.broken().with("Sec-WebSocket-Key", secret),
                        Outputs.broken().with("Sec-WebSocket-Key", secret, secret),
                        Outputs.broken().with("Sec-WebSocket-Key", "S3cr3tAAAAAAAAAAAAAAAA=="),
                        Outputs.broken().field("Cookie", "JSESSIONID=" + secret),
                        Outputs.broken().field("Authorization", "Basic " + secret),
                        Outputs.broken().field("Proxy-Authorization", secret),
                        Outputs.broken().field("X-Api-Key", secret),
                        Outputs.broken().field("Referer", "https://a/" + secret),
                        Outputs.broken().field("Sec-WebSocket-Protocol", secret),
                        Outputs.broken().field("Sec-WebSocket-Protocol", secret + " " + secret + ", " + secret),
                        Outputs.broken().target("/chat?token=" + secret),
                        Outputs.broken().target("/chat;jsessionid=" + secret),
                        Outputs.broken().target("/chat;a=" + secret + "/b#" + secret),
                        Outputs.broken().target("http://user:" + secret + "@host/chat?" + secret),
                        Outputs.broken().target("login?next=https://a/" + secret),
                        Outputs.broken().with("Host", "user:" + secret + "@app.example.com"),
                        Outputs.broken().with("Origin", "https://user:" + secret + "@a"),
                        Outputs.broken().with("Origin", "https://a/?" + secret),
                        Sample.plain().field("Cookie", secret).target("/chat?" + secret))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("everySecret")
    void secretsAppearNowhere(Sample sample) {
        Assessment assessment = Assessments.of(sample, "allowedOrigins", "same-origin", "webSocketPaths", "/*");
        List<String> outputs = Outputs.of(assessment, Action.PASS, 404);
        outputs.add(assessment.request().path());

        assertThat(outputs).hasSize(8).noneMatch(output -> output.contains("S3cr3t"));
    }
}
