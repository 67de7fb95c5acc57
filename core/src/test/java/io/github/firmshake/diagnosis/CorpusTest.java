package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import io.github.firmshake.handshake.Origins;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of every head in the corpus, with and without the case of field names. */
class CorpusTest {

    private static final Pattern ENTRY =
            Pattern.compile("\"name\": \"([^\"]+)\",\\s+\"proxy\": \"([^\"]+)\"[^}]*\"valid\": (true|false)\\s+}");

    /** The products behind the names in the index. */
    private static final Map<String, String> PRODUCTS = Map.of(
            "apache", "Apache httpd",
            "caddy", "Caddy",
            "haproxy", "HAProxy",
            "nginx-new", "nginx",
            "squid", "Squid",
            "varnish", "Varnish",
            "java-jetty.chrome", "Jetty",
            "java-scg-mvc.chrome", "Spring Cloud Gateway",
            "field-cloudflare-elb-nginx-sso-istio", "AWS classic ELB");

    /** One entry of the index: the file's name without suffix, the proxy in front, whether it arrived whole. */
    record Entry(String name, String proxy, boolean valid) {

        String product() {
            return PRODUCTS.getOrDefault(name, PRODUCTS.getOrDefault(proxy, proxy));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Entry> index() {
        Matcher matcher = ENTRY.matcher(Corpus.text("/corpus/index.json"));
        List<Entry> entries = new ArrayList<>();
        while (matcher.find()) {
            entries.add(new Entry(matcher.group(1), matcher.group(2), Boolean.parseBoolean(matcher.group(3))));
        }
        return entries;
    }

    static List<Entry> damaged() {
        return index().stream().filter(entry -> !entry.valid()).toList();
    }

    @Test
    void theIndexNames33HeadsOfWhich25AreDamaged() {
        assertThat(index()).hasSize(33);
        assertThat(damaged()).hasSize(25);
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void noRepairLevelIsNamedThatDoesNotExist(Entry entry) {
        for (String level : List.of("off", "safe")) {
            Assessment assessment = Assessments.of(Corpus.read(entry.name(), true), "repair", level);
            String said = String.join("\n", Outputs.of(assessment, Assessment.Action.PASS, 404));

            assertThat(said).contains("\"repair\":{\"shape\":").doesNotContain("trustedProxies");
            assertThat(all("\"shape\":\"(\\w+)\"", said)).isNotEmpty().isSubsetOf("safe", "none");
            assertThat(all("repair=(\\w+)", said)).isSubsetOf("safe");
        }
    }

    private static List<String> all(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("index")
    void aHeadIsDamagedUnlessItArrivedWhole(Entry entry) {
        Verdict expected = entry.valid() ? Verdict.VALID : Verdict.DAMAGED;
        assertThat(examine(Corpus.read(entry.name(), true)).verdict()).isEqualTo(expected);
        assertThat(examine(Corpus.read(entry.name(), false)).verdict()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("index")
    void theDiagnosisIsTheOneWrittenDown(Entry entry) {
        assertThat(diagnosis(entry, true)).isEqualTo(written("/diagnosis/corpus.txt", entry));
    }

    @ParameterizedTest
    @MethodSource("index")
    void withoutTheCaseOfNamesTheDiagnosisIsTheOneWrittenDown(Entry entry) {
        assertThat(diagnosis(entry, false)).isEqualTo(written("/diagnosis/corpus-without-case.txt", entry));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void theGuiltyHopIsTheProxyThatDidIt(Entry entry) {
        assertThat(diagnose(Corpus.read(entry.name(), true))
                        .guilty()
                        .orElseThrow()
                        .product())
                .isEqualTo(entry.product());
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void withoutTheCaseOfNamesTheProxyThatDidItIsAmongTheHops(Entry entry) {
        assertThat(diagnose(Corpus.read(entry.name(), false)).hops())
                .extracting(Hop::product)
                .contains(entry.product());
    }

    @ParameterizedTest
    @MethodSource("index")
    void whateverIsSureIsThere(Entry entry) {
        Set<String> there = entry.name().startsWith("field")
                ? Set.of("Cloudflare", "ingress-nginx", "Istio")
                : Set.of(entry.product());
        for (boolean namesKeepCase : List.of(true, false)) {
            assertThat(diagnose(Corpus.read(entry.name(), namesKeepCase)).hops())
                    .filteredOn(hop -> hop.confidence() == Confidence.SURE)
                    .extracting(Hop::product)
                    .allMatch(there::contains);
        }
    }

    private static Examination examine(RequestHead request) {
        return HandshakeRules.examine(request, new Circumstances(false, Origins.ANY, false));
    }

    private static Diagnosis diagnose(RequestHead request) {
        Fingerprints fingerprints = Fingerprints.bundled();
        return fingerprints.diagnose(examine(request), fingerprints.recognise(request));
    }

    private static String written(String resource, Entry entry) {
        return Arrays.stream(Corpus.text(resource).split("\n\n"))
                .filter(block -> block.lines().findFirst().equals(Optional.of(entry.name())))
                .collect(Collectors.joining())
                .strip();
    }

    private static String diagnosis(Entry entry, boolean namesKeepCase) {
        RequestHead request = Corpus.read(entry.name(), namesKeepCase);
        List<String> lines = new ArrayList<>(List.of(entry.name()));
        examine(request).violations().forEach(violation -> lines.add("  violates  " + violation.code()));
        Diagnosis diagnosis = diagnose(request);
        diagnosis
                .hops()
                .forEach(hop -> lines.add("  hop       " + hop.product() + ", "
                        + hop.confidence().name().toLowerCase(Locale.ROOT) + ": " + hop.evidence()
                        + (hop.guilty() ? " (guilty)" : "")));
        if (diagnosis.cause() != null) {
            lines.add("  cause     " + diagnosis.cause());
        }
        diagnosis.fix().forEach(line -> lines.add("  fix       " + line));
        if (diagnosis.noTunnel() != null) {
            lines.add("  no-tunnel " + diagnosis.noTunnel());
        }
        return String.join("\n", lines);
    }
}
