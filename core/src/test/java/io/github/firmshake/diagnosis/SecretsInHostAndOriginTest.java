package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Sample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a Host, an Origin and what hops forward of them nothing but scheme, host and port is printed anywhere. */
class SecretsInHostAndOriginTest {

    private static final String SECRET = "S3cr3t";

    private static final List<String> SCHEMES = List.of(
            "", "https://", "//", "https:", "wss://", "/", "://", "https:///", "https:\\\\", " ", "\u00E9://", "[");
    private static final List<String> USERS = List.of(
            "",
            "S3cr3t@",
            "user:S3cr3t@",
            "S3cr3t:@",
            "@S3cr3t@",
            "S3cr3t%40x@",
            "user:S3cr3t/x@",
            "user:S3cr3t?@",
            "S3cr3t#@",
            "S3cr3t;@",
            "S3cr3t,x@",
            "S3cr3t @",
            "S3cr3t\\@",
            "\"S3cr3t\"@");
    private static final List<String> HOSTS = List.of("app.example.com", "app.example.com:8443", "[::1]:80", "a_b");
    private static final List<String> ENDS = List.of(
            "",
            "?S3cr3t",
            "?token=S3cr3t",
            "#S3cr3t",
            "/S3cr3t",
            "/x?S3cr3t",
            ";S3cr3t",
            ";x=S3cr3t",
            "/;S3cr3t",
            "?a@S3cr3t",
            "/@S3cr3t",
            "#@b?S3cr3t",
            ":S3cr3t",
            ":80S3cr3t",
            ":80?S3cr3t",
            "&S3cr3t",
            "\\S3cr3t",
            " S3cr3t",
            ",S3cr3t=",
            "=S3cr3t",
            "\tS3cr3t",
            "\"S3cr3t",
            "?");

    private static final List<String> FIELDS =
            List.of("Host", "Origin", "X-Forwarded-Host", "X-Forwarded-Server", "Forwarded");

    static Stream<String> everyHostileForm() {
        return SCHEMES.stream()
                .flatMap(scheme -> USERS.stream().map(user -> scheme + user))
                .flatMap(start -> ENDS.stream().map(end -> start + host(start, end) + end))
                .filter(value -> value.contains(SECRET));
    }

    private static String host(String start, String end) {
        return HOSTS.get((start.length() + end.length()) % HOSTS.size());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void appearNowhere(String field) {
        assertThat(everyHostileForm().count()).isGreaterThan(3_000);
        assertThat(everyHostileForm().flatMap(value -> leaks(field, value))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void norWhereTheFieldIsRepeated(String field) {
        assertThat(everyHostileForm()
                        .filter(value -> value.length() % 7 == 0)
                        .flatMap(value -> leaks(field, "a", value)))
                .isEmpty();
    }

    private static Stream<String> leaks(String field, String... values) {
        String[] received = field.equals("Forwarded")
                ? Stream.of(values).map(value -> "for=1;host=\"" + value + "\"").toArray(String[]::new)
                : values;
        Sample sample = Outputs.broken().with(field, received);
        return outputs(sample).stream().filter(output -> output.contains(SECRET));
    }

    static List<String> fields() {
        return FIELDS;
    }

    private static List<String> outputs(Sample sample) {
        Assessment assessment = Assessments.of(
                sample, "allowedOrigins", "https://a same-origin", "onInvalid", "reject", "repair", "off");
        List<String> outputs = Outputs.of(assessment, Action.REFUSE, 403);
        assertThat(outputs).hasSize(7);
        return outputs;
    }
}
