package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.web.Refusal;
import java.util.ArrayList;
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

    private static final List<String> FIELDS = List.of(
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Accept",
            "Origin",
            "Content-Length",
            "Transfer-Encoding",
            "Expect",
            "X-Request-Id",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-For",
            "Forwarded",
            "Via",
            "X-Varnish",
            "Cf-Ray",
            "User-Agent",
            "Accept",
            "HTTP2-Settings");

    static Stream<Arguments> everyPlace() {
        return VALUES.stream()
                .flatMap(value -> Stream.concat(
                        FIELDS.stream().map(field -> Arguments.of(field, value, broken().with(field, value))),
                        Stream.of(
                                Arguments.of("method", value, broken().method(value)),
                                Arguments.of("path", value, broken().target("/" + value)),
                                Arguments.of("field name", value, broken().field(value, "a")),
                                Arguments.of(
                                        ":protocol", value, Sample.overHttp2().protocol(value)))));
    }

    // Damaged, and with a foreign Origin, so that as much as possible is said.
    private static Sample broken() {
        return Sample.throughNginx().field("Origin", "https://evil.test");
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
        for (String field : FIELDS) {
            RequestHead.Builder builder = broken().without(field).builder();
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
                        broken().with("Sec-WebSocket-Key", secret),
                        broken().with("Sec-WebSocket-Key", secret, secret),
                        broken().with("Sec-WebSocket-Key", "S3cr3tAAAAAAAAAAAAAAAA=="),
                        broken().field("Cookie", "JSESSIONID=" + secret),
                        broken().field("Authorization", "Basic " + secret),
                        broken().field("Proxy-Authorization", secret),
                        broken().field("X-Api-Key", secret),
                        broken().field("Referer", "https://a/" + secret),
                        broken().field("Sec-WebSocket-Protocol", secret),
                        broken().field("Sec-WebSocket-Protocol", secret + " " + secret + ", " + secret),
                        broken().target("/chat?token=" + secret),
                        broken().target("/chat;jsessionid=" + secret),
                        broken().target("/chat;a=" + secret + "/b#" + secret),
                        broken().target("http://user:" + secret + "@host/chat?" + secret),
                        broken().target("login?next=https://a/" + secret),
                        broken().with("Host", "user:" + secret + "@app.example.com"),
                        broken().with("Origin", "https://user:" + secret + "@a"),
                        broken().with("Origin", "https://a/?" + secret),
                        Sample.plain().field("Cookie", secret).target("/chat?" + secret))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("everySecret")
    void secretsAppearNowhere(Sample sample) {
        Assessment assessment = Assessments.of(sample, "allowedOrigins", "same-origin", "webSocketPaths", "/*");
        List<String> outputs = new ArrayList<>();
        HandshakeListener listener = event -> outputs.add(event(event));
        HandshakeReporter reporter = new HandshakeReporter(0, new ListLog(outputs), List.of(listener), () -> {});
        reporter.answered(assessment, Action.PASS, 404, 0);
        outputs.add(AssessmentJson.explained("a.http", assessment));
        outputs.add(Refusal.of(assessment, ExplainToClient.FULL).body());
        outputs.add(Sentences.problem(assessment, true));
        outputs.add(assessment.request().path());

        assertThat(outputs).hasSize(7).noneMatch(output -> output.contains("S3cr3t"));
    }

    private static String event(HandshakeEvent event) {
        return event.toString();
    }

    private record ListLog(List<String> lines) implements HandshakeLog {

        @Override
        public boolean isLoggable(System.Logger.Level level) {
            return true;
        }

        @Override
        public void log(System.Logger.Level level, String message) {
            lines.add(message);
        }
    }
}
