package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.LogLimiter.Kind;
import io.github.firmshake.diagnosis.LogLimiter.Line;
import io.github.firmshake.diagnosis.LogLimiter.Text;
import java.lang.System.Logger.Level;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLimiterTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private final LogLimiter limiter = new LogLimiter(60);

    private static Kind kind(Level level, String code) {
        return new Kind(level, code, 404, "/chat", "nginx");
    }

    private boolean admit(Level level, String code, String peer, long now) {
        return limiter.admit(
                kind(level, code), peer, new Text(code + " whole from " + peer, code, " (from " + peer + ")"), now);
    }

    private boolean warn(String code, String peer, long now) {
        return admit(Level.WARNING, code, peer, now);
    }

    private List<String> due(long now) {
        return limiter.due(now).stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }

    private List<String> rest(long now) {
        return limiter.rest(now).stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }

    @Nested
    class OneKind {

        @Test
        void isWrittenOnceAnHourAndCountedInBetween() {
            assertThat(warn("A", "p", 0)).isTrue();
            for (int i = 1; i < 3600; i++) {
                assertThat(warn("A", "p", i * SECOND)).isFalse();
                if (i % 60 == 0) {
                    limiter.due(i * SECOND);
                }
            }
            assertThat(warn("A", "p", HOUR)).isTrue();
        }

        @Test
        void isSaidTenMinutesAfterTheFirstThatWasLeftOut() {
            warn("A", "p", 0);
            assertThat(limiter.isWaiting()).isFalse();
            warn("A", "p", MINUTE);
            warn("A", "q", 2 * MINUTE);
            assertThat(limiter.isWaiting()).isTrue();

            assertThat(due(11 * MINUTE - 11 * SECOND)).isEmpty();
            assertThat(due(11 * MINUTE)).containsExactly("WARNING A: 2 more in 10 min (from q)");
            assertThat(due(11 * MINUTE)).isEmpty();
            assertThat(limiter.isWaiting()).isFalse();
        }

        @Test
        void isToldFromOthersByEachOfItsParts() {
            Text text = new Text("", "", "");
            for (Kind kind : List.of(
                    new Kind(Level.WARNING, "A", 404, "/a", "x"),
                    new Kind(Level.INFO, "A", 404, "/a", "x"),
                    new Kind(Level.WARNING, "B", 404, "/a", "x"),
                    new Kind(Level.WARNING, "A", 403, "/a", "x"),
                    new Kind(Level.WARNING, "A", 404, "/b", "x"),
                    new Kind(Level.WARNING, "A", 404, "/a", "y"))) {
                assertThat(limiter.admit(kind, null, text, 0)).isTrue();
                assertThat(limiter.admit(kind, null, text, 0)).isFalse();
            }
        }

        @Test
        void isWrittenWholeByItsCountedLineWhereItNeverWas() {
            warn("A", "p", 0);
            warn("B", "p", 0);
            warn("C", "p", 0);
            assertThat(warn("D", "p", 1)).isFalse();
            assertThat(warn("D", "p", 2)).isFalse();
            assertThat(warn("E", "p", 3)).isFalse();

            assertThat(due(10 * MINUTE + 3))
                    .containsExactly(
                            "WARNING D whole from p; 2 handshakes like this in 10 min", "WARNING E whole from p");
            assertThat(warn("D", "q", 11 * MINUTE)).as("in the same hour").isFalse();
        }
    }

    @Nested
    class Shares {

        @Test
        void aPeerHasThreeLinesAMinute() {
            assertThat(List.of(warn("A", "p", 0), warn("B", "p", 0), warn("C", "p", 0), warn("D", "p", 0)))
                    .containsExactly(true, true, true, false);
            assertThat(warn("E", "q", 0)).as("another peer").isTrue();
            assertThat(warn("D", "p", MINUTE - 1)).isFalse();
            assertThat(warn("D", "p", MINUTE)).isTrue();
        }

        @Test
        void warningsCannotBeCrowdedOutByInformation() {
            for (int i = 0; i < 100; i++) {
                assertThat(admit(Level.INFO, "I" + i, "p" + i, 0)).isEqualTo(i < 30);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(warn("W" + i, "p" + i, 0)).isEqualTo(i < 30);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 60})
        void noMinuteHasMoreLinesThanTheLimit(int limit) {
            LogLimiter small = new LogLimiter(limit);
            int written = 0;
            for (int i = 0; i < 200; i++) {
                Kind kind = kind(i % 2 == 0 ? Level.WARNING : Level.INFO, "C" + i);
                written += small.admit(kind, "p" + i, new Text("", "", ""), 0) ? 1 : 0;
            }
            assertThat(written).isEqualTo(limit);
            assertThat(small.due(20 * MINUTE)).hasSize(Math.max(1, limit / 2));
        }

        @Test
        void ofOneLineAMinuteAnInfoLeavesNothingToAWarning() {
            LogLimiter one = new LogLimiter(1);
            assertThat(one.admit(kind(Level.INFO, "A"), "p", new Text("", "", ""), 0))
                    .isTrue();
            assertThat(one.admit(kind(Level.WARNING, "B"), "q", new Text("", "", ""), 0))
                    .isFalse();
        }

        @Test
        void zeroIsNoLimit() {
            LogLimiter none = new LogLimiter(0);
            for (int i = 0; i < 1000; i++) {
                assertThat(none.admit(kind(Level.INFO, "A"), "p", new Text("", "", ""), 0))
                        .isTrue();
            }
            assertThat(none.isWaiting()).isFalse();
        }
    }

    @Nested
    class ManyKinds {

        // None of them from a peer that may write.
        private void flood(int from, int to, long now) {
            for (int i = from; i < to; i++) {
                warn("W" + i, "p", now);
            }
        }

        @Test
        void theOldestIsFoldedIntoOneLineOfItsCode() {
            for (int i = 0; i < LogLimiter.MAX_KINDS + 10; i++) {
                limiter.admit(new Kind(Level.WARNING, "A", i, "", ""), "p", new Text("w", "A", ""), i);
            }

            List<String> said = rest(MINUTE);

            assertThat(said.get(0)).isEqualTo("WARNING A: 7 handshakes of 7 more kinds in 1 min");
            assertThat(said).hasSize(31);
        }

        @Test
        void oneOfWhichNothingIsLeftToSayIsForgottenFirst() {
            warn("quiet", "q", 0); // written
            flood(0, LogLimiter.MAX_KINDS + 3, 0); // three are written
            assertThat(warn("quiet", "r", 1))
                    .as("forgotten, and so it is the first again")
                    .isTrue();
        }

        @Test
        void foldedOnesKeepTheTimeOfTheFirst() {
            flood(0, 3, 0);
            warn("F", "p", 0);
            flood(3, LogLimiter.MAX_KINDS, MINUTE);
            flood(0, 3, MINUTE);
            for (int i = 0; i < 5; i++) { // the same code, forgotten later
                limiter.admit(new Kind(Level.WARNING, "F", i, "", ""), "p", new Text("", "", ""), 2 * MINUTE);
            }
            flood(1000, 1000 + LogLimiter.MAX_KINDS, 2 * MINUTE);

            assertThat(due(10 * MINUTE)).first().isEqualTo("WARNING F: 3 handshakes of 3 more kinds in 10 min");
        }

        @Test
        void allAreSaidWithinTenMinutesAndTheirCountsAreExact() {
            for (int i = 0; i < 560; i++) {
                Kind kind = new Kind(Level.WARNING, "W" + i % 20, i % 280, "", "");
                limiter.admit(kind, "p", new Text("w", "W", ""), i < 280 ? 0 : SECOND);
            }
            long said = 0;
            for (long now = 2 * SECOND; now <= 10 * MINUTE; now += 10 * SECOND) {
                for (Line line : limiter.due(now)) {
                    said += line.text().contains(" handshakes ") ? count(line.text()) : 1;
                }
            }
            assertThat(limiter.isWaiting()).isFalse();
            assertThat(said).isEqualTo(560 - 3);
        }

        private long count(String text) {
            return Long.parseLong(text.replaceAll(".*?(\\d+) handshakes .*", "$1"));
        }

        @Test
        void atTheEndTheRestIsSaidInOneLine() {
            warn("A", "p", 0);
            warn("A", "p", 0);
            assertThat(rest(0)).containsExactly("WARNING A: 1 more in 1 min (from p)");
            assertThat(rest(0)).isEmpty();

            flood(0, 35, MINUTE);
            flood(0, 35, MINUTE);
            assertThat(rest(MINUTE))
                    .hasSize(31)
                    .last()
                    .isEqualTo("WARNING 10 more handshakes of 5 kinds were not logged");
            for (int i = 0; i < 40; i++) {
                admit(Level.INFO, "I" + i, "p", 3 * MINUTE);
            }
            assertThat(rest(3 * MINUTE)).last().isEqualTo("INFO 10 more handshakes of 10 kinds were not logged");
        }
    }
}
