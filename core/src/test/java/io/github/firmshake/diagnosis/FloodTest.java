package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Sample;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile handshakes beside an honest one that a hop damaged, on simulated time. */
class FloodTest {

    private static final int HOSTILE = 100_000;
    private static final int FORMS = 3_100;
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private record Written(long time, Level level, String text) {}

    private final List<Written> lines = new ArrayList<>();
    private long now = -5 * MINUTE; // nanoTime() may be negative
    private final HandshakeReporter reporter = new HandshakeReporter(
            60,
            new HandshakeLog() {
                @Override
                public boolean isLoggable(Level level) {
                    return level != Level.DEBUG;
                }

                @Override
                public void log(Level level, String message) {
                    lines.add(new Written(now, level, message));
                }
            },
            List.of(),
            () -> {});

    private void answered(Sample sample, String peer, int status) {
        reporter.answered(
                Assessments.of(sample.builder().peer(peer, true).build(), "repair", "off"), Action.PASS, status, now);
    }

    /** Many forms, so that attackers have as many kinds of lines as they can. */
    private static List<Assessment> hostile(int peers) {
        List<Sample> forms = List.of(
                Sample.throughNginx(),
                Sample.valid().without("Connection"),
                Sample.valid().without("Upgrade"),
                Sample.valid().with("Connection", "close"),
                Sample.valid().with("Sec-WebSocket-Version", "8"),
                Sample.valid());
        List<Assessment> all = new ArrayList<>();
        for (int i = 0; i < FORMS; i++) {
            Sample sample = forms.get(i % 6).target("/p" + i);
            Sample marked = i % 2 == 0 ? sample.field("Via", "1.1 a (squid/6)") : sample.field("Cf-Ray", "a");
            int peer = i % peers;
            String address = "10." + peer / 200 + "." + peer % 200 + ".9";
            all.add(Assessments.of(marked.builder().peer(address, true).build(), "repair", "off"));
        }
        return all;
    }

    private void answered(List<Assessment> hostile, int i) {
        Assessment assessment = hostile.get(i * 617 % FORMS);
        reporter.answered(assessment, Action.PASS, List.of(404, 400, 403, 500).get(i % 4), now);
    }

    private void honest() {
        answered(Sample.valid().with("Connection", "keep-alive").target("/live"), "192.0.2.1", 404);
    }

    private static boolean isHonest(Written line) {
        return line.text().startsWith("CONNECTION_LACKS_UPGRADE /live: ");
    }

    private static long countIn(String text) {
        Matcher counted = Pattern.compile(
                        "(\\d+) handshakes? (?:like this|of \\d+ more kinds)|: (\\d+) more in |^(\\d+) more handshakes of ")
                .matcher(text);
        if (!counted.find()) {
            return 1;
        }
        for (int group = 1; group <= 3; group++) {
            if (counted.group(group) != null) {
                return Long.parseLong(counted.group(group));
            }
        }
        throw new AssertionError(text);
    }

    private long counted() {
        return lines.stream().mapToLong(line -> countIn(line.text())).sum();
    }

    private void noMinuteHasMoreThan60() {
        for (int i = 60; i < lines.size(); i++) {
            assertThat(lines.get(i).time() - lines.get(i - 60).time()).isPositive();
        }
        long minutes = (now - lines.get(0).time()) / MINUTE + 1;
        assertThat(lines.size()).isLessThanOrEqualTo((int) (60 * minutes + 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "310, 10", "310, 600", "310, 3600"})
    void anHonestLineComesAtOnceOrIsCountedInTime(int peers, int seconds) {
        List<Assessment> hostile = hostile(peers);
        long step = seconds * SECOND / HOSTILE;
        long honestAt = 0;
        for (int i = 0; i < HOSTILE; i++) {
            if (i == HOSTILE / 2) {
                honestAt = now;
                honest();
            }
            answered(hostile, i);
            now += step;
        }
        for (int i = 0; i < 150; i++) { // no further handshake arrives
            reporter.flush(now);
            now += 5 * SECOND;
        }

        assertThat(reporter.isWaiting()).isFalse();
        assertThat(counted()).as("every handshake is written or counted").isEqualTo(HOSTILE + 1);
        noMinuteHasMoreThan60();
        if (peers == 1) {
            long time = honestAt;
            assertThat(lines).anyMatch(line -> isHonest(line) && line.time() == time);
        } else {
            long last = honestAt + 10 * MINUTE;
            assertThat(lines)
                    .anyMatch(line -> line.time() <= last
                            && (isHonest(line) || line.text().startsWith("CONNECTION_LACKS_UPGRADE: ")));
        }
    }

    @Test
    void aBurstOfNotFoundBehindAProxyDoesNotHideAForbidden() {
        for (int i = 0; i < 1000; i++) {
            answered(Sample.valid().target("/wp-" + i + "/x"), "10.0.0.1", 404);
        }
        answered(Sample.valid().target("/chat"), "10.0.0.1", 403);

        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).text()).startsWith("NOT_SWITCHED /chat: ").endsWith("; answered 403");
    }

    @Test
    void anotherCauseOnTheSamePathHasAWholeLineOfItsOwn() {
        answered(Sample.valid().with("Connection", "close").target("/app/zed"), "10.0.0.77", 404);
        answered(Sample.valid().without("Connection").target("/app/zed"), "10.0.0.50", 404);

        assertThat(lines).hasSize(2).allMatch(line -> line.text().contains("; fix: "));
    }

    @Test
    void anIpv6NetworkCannotHideWhatAnotherPeersHandshakesHaveInCommon() {
        Sample damaged = Sample.throughNginx().target("/app/live");
        for (int i = 0; i < 5; i++) {
            answered(damaged, "203.0.113.5", 404);
        }
        for (int i = 0; i < 600; i++) {
            answered(damaged, "2001:db8:1:2::" + Integer.toHexString(i), 404);
        }
        answered(damaged, "203.0.113.5", 426); // of another kind, so it is written

        assertThat(lines.get(lines.size() - 1).text()).contains(": 6 of 6 in 10 min ");
    }

    @Test
    void anAddressOfTheSameIpv6NetworkIsTheSamePeer() {
        for (int i = 0; i < 100; i++) {
            Sample sample = Sample.valid().without("Connection").target("/p" + i);
            answered(sample, "2001:db8:0:1:" + Integer.toHexString(i) + "::1", 404);
        }
        assertThat(lines).hasSize(3);
    }

    /** No two of these handshakes have the same path; with as many peers as handshakes no two have the same peer, too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 310, HOSTILE})
    void memoryIsBounded(int peers) {
        System.gc();
        long before = used();
        for (int i = 0; i < HOSTILE; i++) {
            int peer = i % peers;
            String address = "10." + peer / 62_500 + "." + peer / 250 % 250 + "." + peer % 250;
            answered(Sample.throughNginx().target("/p" + i + "/x"), address, 404);
            now += SECOND / 1000;
        }
        lines.clear();
        System.gc();
        assertThat(used() - before).isLessThan(4_000_000L); // 40 bytes for each would be too many
        assertThat(reporter.isWaiting()).isTrue();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
