package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A handshake costs time in proportion to its length, whatever it says: nobody needs a login to send one. The whole way
 * through core is measured: snapshot, assessment, lines, and both forms of the refusal.
 *
 * <p>Processor time of this thread, the best of several runs. Eight times the length may take 24 times as long; in
 * quadratic time it is 64.
 */
class LinearTimeTest {

    private static final List<Integer> KILOBYTES = List.of(4, 8, 16, 32);
    private static final int LENIENCE = 3;
    private static final long SHORTEST = 500_000; // nanoseconds; below, the clock and the compiler decide
    private static final int ATTEMPTS = 12; // more than two are made only where the machine disturbed them

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final List<String> UNITS =
            List.of("/", "//", "//@", "@", ",", ";", "\"", "\\", " ", "a;b=\"", "a,", "\u00E9");

    // Leads into the part of a value that is read most closely.
    private static final Map<String, String> BEGINNINGS = Map.of(
            "Origin", "https://",
            "Host", "//",
            "Sec-WebSocket-Extensions", "a; b=\"",
            "Sec-WebSocket-Protocol", "a, b",
            "Accept", "application/problem+json;",
            "Forwarded", "for=1;host=\"",
            "Via", "1.1 ",
            "X-Forwarded-For", "1.",
            "X-Forwarded-Proto", "https,",
            "Connection", "keep-alive, ");

    // And every field whose value a fingerprint looks at.
    static Stream<String> everyFieldThatIsRead() throws IOException {
        TreeSet<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        fields.addAll(Outputs.FIELDS);
        try (InputStream file = Fingerprints.class.getResourceAsStream("fingerprints.txt")) {
            Matcher condition = Pattern.compile("(?m)^ +(?:no-)?(?:header (\\S+) ~|(?:list|lines) (\\S+))")
                    .matcher(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            while (condition.find()) {
                fields.add(condition.group(1) == null ? condition.group(2) : condition.group(1));
            }
        }
        assertThat(fields).hasSizeGreaterThan(Outputs.FIELDS.size() + 5);
        return fields.stream();
    }

    @ParameterizedTest
    @MethodSource("everyFieldThatIsRead")
    void aLongValueCostsInProportion(String field) {
        for (String unit : UNITS) {
            assertLinear(field + " of " + unit, length -> Outputs.broken().with(field, repeated(unit, length)));
            String beginning = BEGINNINGS.getOrDefault(field, "");
            if (!beginning.isEmpty()) {
                assertLinear(
                        field + " of " + beginning + unit,
                        length -> Outputs.broken().with(field, beginning + repeated(unit, length)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyFieldThatIsRead")
    void manyFieldLinesCostInProportion(String field) {
        for (String unit : List.of("a", "//@", ",")) {
            String[][] lines = new String[33][];
            for (int kilobytes : KILOBYTES) {
                lines[kilobytes] = IntStream.range(0, (kilobytes << 10) / (unit.length() + 4))
                        .mapToObj(i -> unit)
                        .toArray(String[]::new);
            }
            assertLinear("lines of " + field, length -> Outputs.broken().with(field, lines[length >> 10]));
        }
    }

    @Test
    void aLongRequestLineCostsInProportion() {
        for (String unit : UNITS) {
            assertLinear("path of " + unit, length -> Outputs.broken().target("/" + repeated(unit, length)));
            assertLinear("target of " + unit, length -> Outputs.broken().target(repeated(unit, length)));
            assertLinear("method of " + unit, length -> Outputs.broken().method(repeated(unit, length)));
        }
        assertLinear(
                "absolute target",
                length -> Outputs.broken().target("http://" + repeated("a@", length) + repeated("/;", length)));
    }

    // Each forwarded host is compared with the origin: its scheme must not be read again for each of them.
    @Test
    void aLongSchemeBesideManyForwardedHostsCostsInProportion() {
        assertLinear(
                "scheme and X-Forwarded-Host",
                length -> Outputs.broken()
                        .with("Origin", repeated("a", length / 2) + "://a")
                        .with("X-Forwarded-Host", repeated("a,", length / 2)));
        assertLinear(
                "scheme and Forwarded",
                length -> Outputs.broken()
                        .with("Origin", repeated("a", length / 2) + "://a")
                        .with("Forwarded", repeated("host=b;", length / 2)));
        assertLinear(
                "scheme and X-Forwarded-Proto",
                length -> Outputs.broken()
                        .with("Origin", repeated("a", length / 2) + "://a")
                        .with("X-Forwarded-Proto", repeated("a,", length / 2)));
    }

    @ParameterizedTest
    @MethodSource("everyFieldThatIsRead")
    void membersOfOneHashCodeCostInProportion(String field) {
        String members = IntStream.range(0, 1 << 11)
                .mapToObj(LinearTimeTest::colliding)
                .reduce(new StringBuilder(), (all, member) -> all.append(member).append(','), StringBuilder::append)
                .toString();
        assertThat(members).hasSizeGreaterThan(32 << 10);
        assertThat(colliding(1)).hasSameHashCodeAs(colliding(2));

        assertLinear("members of " + field, length -> Outputs.broken().with(field, members.substring(0, length)));
    }

    // "a~" and "b_" have the same hash code, and are tokens.
    private static String colliding(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 11; bit++) {
            text.append((number >> bit & 1) == 0 ? "a~" : "b_");
        }
        return text.toString();
    }

    private static String repeated(String unit, int length) {
        return unit.repeat(length / unit.length());
    }

    private static void assertLinear(String what, IntFunction<Sample> sampleOfLength) {
        List<Sample> samples = KILOBYTES.stream()
                .map(kilobytes -> sampleOfLength.apply(kilobytes << 10))
                .toList();
        long[] best = new long[samples.size()];
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (int i = 0; i < best.length; i++) {
                long start = THREADS.getCurrentThreadCpuTime();
                wholeWay(samples.get(i));
                long took = THREADS.getCurrentThreadCpuTime() - start;
                best[i] = attempt == 0 ? took : Math.min(best[i], took);
            }
            if (attempt > 0 && isLinear(best)) {
                return;
            }
        }
        assertThat(isLinear(best))
                .as(() -> what + " at " + KILOBYTES + " kB took "
                        + IntStream.range(0, best.length)
                                .mapToObj(i -> best[i] / 1000)
                                .toList()
                        + " microseconds")
                .isTrue();
    }

    private static boolean isLinear(long[] nanos) {
        long first = Math.max(nanos[0], SHORTEST);
        return IntStream.range(1, nanos.length)
                .allMatch(i -> nanos[i] <= LENIENCE * first * KILOBYTES.get(i) / KILOBYTES.get(0));
    }

    private static void wholeWay(Sample sample) {
        RequestHead head = sample.head();
        Assessment assessment = Assessments.of(
                head, "allowedOrigins", "https://app.example.com same-origin", "onInvalid", "reject", "repair", "off");
        assertThat(Outputs.of(assessment, Action.REFUSE, 400)).hasSize(7).doesNotContain("");
    }
}
