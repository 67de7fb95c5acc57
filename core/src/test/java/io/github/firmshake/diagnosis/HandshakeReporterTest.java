package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.HandshakeCounters;
import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeReporterTest {

    private static final Sample SAFE = Sample.valid().with("Connection", "close");
    private static final long MINUTE = 60_000_000_000L;

    private Level threshold = Level.INFO;
    private int waiting;
    private final List<String> lines = new ArrayList<>();
    private final List<HandshakeEvent> events = new ArrayList<>();
    private final HandshakeLog log = new HandshakeLog() {
        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= threshold.getSeverity();
        }

        @Override
        public void log(Level level, String message) {
            lines.add(level + " " + message);
        }
    };

    private HandshakeReporter reporter(HandshakeListener... listeners) {
        List<HandshakeListener> all = new ArrayList<>(List.of(listeners));
        all.add(events::add);
        return new HandshakeReporter(60, log, all, () -> waiting++);
    }

    private void answered(Sample sample, Action done, int status) {
        reporter().answered(Assessments.with(sample, Assessments.UNKNOWN), done, status, 0);
    }

    @Nested
    class Levels {

        @ParameterizedTest
        @CsvSource({
            "-Connection, PASS, 400, WARNING CONNECTION_MISSING",
            "-Connection, REFUSE, 426, WARNING CONNECTION_MISSING",
            "-Connection, PASS, 101, WARNING CONNECTION_MISSING",
            "Connection: close, REPAIR, 101, INFO CONNECTION_LACKS_UPGRADE",
            "Connection: close, REPAIR, 404, WARNING NOT_SWITCHED",
            "Sec-WebSocket-Version: 8, PASS, 426, INFO VERSION_UNSUPPORTED",
            "Sec-WebSocket-Version: 8, REFUSE, 426, INFO VERSION_UNSUPPORTED",
            "Host: a, CANONICALIZE, 300, INFO NOT_SWITCHED",
            "Host: a, CANONICALIZE, 403, INFO NOT_SWITCHED",
            "Host: a, CANONICALIZE, 499, INFO NOT_SWITCHED",
            "Host: a, CANONICALIZE, 200, WARNING NOT_SWITCHED",
            "Host: a, CANONICALIZE, 500, WARNING NOT_SWITCHED",
            "Host: a, CANONICALIZE, 101, DEBUG VALID",
        })
        void followWhoIsToAct(String changes, Action done, int status, String start) {
            threshold = Level.DEBUG;

            answered(Sample.valid().changed(changes), done, status);

            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).startsWith(start + " /chat: ");
            assertThat(lines.get(1)).startsWith("DEBUG head as received: GET /chat HTTP/1.1; ");
        }

        @Test
        void aPlainRequestOnAWebSocketPathIsInfo() {
            reporter().answered(Assessments.of(Sample.plain(), "webSocketPaths", "/chat"), Action.PASS, 404, 0);

            assertThat(lines).singleElement().asString().startsWith("INFO PLAIN_HTTP_ON_WEBSOCKET_PATH ");
            assertThat(events).extracting(HandshakeEvent::verdict).containsExactly(Verdict.PLAIN);
        }

        @Test
        void aPlainRequestElsewhereIsNobodysBusiness() {
            threshold = Level.ALL;

            answered(Sample.plain(), Action.PASS, 200);

            assertThat(lines).isEmpty();
            assertThat(events).isEmpty();
        }

        @Test
        void aLevelThatIsNotWrittenCostsNoLineButIsStillTold() {
            threshold = Level.ERROR;

            answered(Sample.throughNginx(), Action.PASS, 404);

            assertThat(lines).isEmpty();
            assertThat(events)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.message()).startsWith("HOP_BY_HOP_STRIPPED /chat: 1 of 1 in 10 min "));
        }

        @Test
        void theHeadFollowsAtDebugOnly() {
            answered(Sample.throughNginx(), Action.PASS, 404);

            assertThat(lines).hasSize(1);
        }
    }

    @Nested
    class NotSwitched {

        private Violation last() {
            List<Violation> violations = events.get(0).violations();
            return violations.get(violations.size() - 1);
        }

        @Test
        void isAddedWhereAValidHandshakeGotAnotherAnswer() {
            answered(Sample.valid(), Action.CANONICALIZE, 404);

            assertThat(last())
                    .isEqualTo(new Violation(ReasonCode.NOT_SWITCHED, "response status", List.of("404"), "101"));
            assertThat(lines)
                    .containsExactly(
                            "INFO NOT_SWITCHED /chat: the handshake is valid, but the container did not switch; got"
                                    + " GET HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there;"
                                    + " from 10.0.0.7; answered 404");
            assertThat(events.get(0).switched()).isFalse();
        }

        @Test
        void isAddedWhereARepairDidNotHelp() {
            answered(SAFE, Action.REPAIR, 500);

            assertThat(events.get(0).violations())
                    .extracting(Violation::code)
                    .containsExactly(ReasonCode.CONNECTION_LACKS_UPGRADE, ReasonCode.NOT_SWITCHED);
        }

        @Test
        void isNotSaidOfWhatWasExpectedToFail() {
            answered(SAFE, Action.PASS, 404);

            assertThat(last().code()).isEqualTo(ReasonCode.CONNECTION_LACKS_UPGRADE);
        }

        @ParameterizedTest
        @CsvSource({"200, true", "204, true", "404, false"})
        void overHttp2TheStatusIs2xx(int status, boolean switched) {
            answered(Sample.overHttp2(), Action.PASS, status);

            assertThat(events.get(0).switched()).isEqualTo(switched);
            assertThat(events.get(0).violations()).hasSize(switched ? 0 : 1);
            if (!switched) {
                assertThat(last().expected()).isEqualTo("200");
            }
        }
    }

    @Nested
    class Events {

        @Test
        void carryWhatALineCarries() {
            reporter().answered(Assessments.with(Sample.throughNginx(), Assessments.NGINX), Action.REFUSE, 426, 0);

            HandshakeEvent event = events.get(0);
            assertThat(event.verdict()).isEqualTo(Verdict.DAMAGED);
            assertThat(event.method()).isEqualTo("GET");
            assertThat(event.path()).isEqualTo("/chat");
            assertThat(event.peer()).isEqualTo("10.0.0.7");
            assertThat(event.guiltyHop()).isEqualTo("nginx");
            assertThat(event.hops()).containsExactly("nginx");
            assertThat(event.status()).isEqualTo(426);
            assertThat("WARNING " + event.message()).isEqualTo(lines.get(0));
        }

        @ParameterizedTest
        @CsvSource({"REPAIR, REPAIRED", "REFUSE, REFUSED", "PASS, PASSED", "CANONICALIZE, PASSED"})
        void sayWhatWasDone(Action done, Outcome outcome) {
            answered(SAFE, done, 101);

            assertThat(events.get(0).outcome()).isEqualTo(outcome);
            assertThat(events.get(0).guiltyHop()).isNull();
        }

        @Test
        void areCountedWhetherTheirLineIsWrittenOrNot() {
            HandshakeCounters counters = new HandshakeCounters();
            HandshakeReporter reporter = reporter(counters);
            for (int i = 0; i < 100; i++) {
                reporter.answered(Assessments.with(SAFE, Assessments.UNKNOWN), Action.PASS, 404, i);
            }

            assertThat(lines).hasSize(1);
            assertThat(waiting).isEqualTo(99);
            assertThat(counters.count(Verdict.DAMAGED)).isEqualTo(100);
            assertThat(counters.count(Outcome.PASSED)).isEqualTo(100);
            assertThat(counters.count(ReasonCode.CONNECTION_LACKS_UPGRADE)).isEqualTo(100);
        }

        @Test
        void anExceptionOfAListenerHarmsNobodyElse() {
            HandshakeReporter reporter = reporter(
                    event -> {
                        throw new IllegalStateException("a\nforged");
                    },
                    event -> {
                        throw new NoClassDefFoundError("gone");
                    });

            reporter.answered(Assessments.with(SAFE, Assessments.UNKNOWN), Action.REPAIR, 101, 0);

            assertThat(events).hasSize(1);
            assertThat(lines).hasSize(3);
            assertThat(lines.get(1))
                    .startsWith("WARNING handshake listener ")
                    .endsWith(" threw java.lang.IllegalStateException");
            assertThat(lines.get(2)).endsWith(" threw java.lang.NoClassDefFoundError");
        }

        @Test
        void theMessageOfAnExceptionAppearsAtDebugOnlyAndEscaped() {
            threshold = Level.DEBUG;
            HandshakeReporter reporter = reporter(event -> {
                throw new IllegalStateException("a\nforged");
            });

            reporter.answered(Assessments.with(Sample.valid(), Assessments.UNKNOWN), Action.PASS, 101, 0);

            assertThat(lines)
                    .filteredOn(line -> line.contains("forged"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("DEBUG handshake listener ")
                            .endsWith(" threw java.lang.IllegalStateException: a\\x0Aforged"));
        }

        @Test
        void aListenerThatAlwaysThrowsDoesNotFloodTheLog() {
            HandshakeReporter reporter = reporter(event -> {
                throw new IllegalStateException("again");
            });
            for (int i = 0; i < 100; i++) {
                reporter.answered(Assessments.with(Sample.valid(), Assessments.UNKNOWN), Action.PASS, 101, 0);
            }
            assertThat(lines).hasSize(1);

            reporter.flush(10 * MINUTE);
            assertThat(lines).hasSize(2);
            assertThat(lines.get(1)).endsWith(" threw java.lang.IllegalStateException: 99 more in 10 min");
        }

        @Test
        void showNoMoreThanTheSettingsAllow() {
            Sample sample = Sample.throughNginx().target("/ws/0123456789abcdef");
            reporter().answered(Assessments.of(sample, "logPeer", "off"), Action.PASS, 404, 0);

            assertThat(events.get(0).path()).isEqualTo("/ws/{16}");
            assertThat(events.get(0).peer()).isNull();
        }
    }

    @Nested
    class Limits {

        private final Assessment damaged = Assessments.with(Sample.throughNginx(), Assessments.NGINX);
        private final Assessment valid = Assessments.with(Sample.valid(), Assessments.UNKNOWN);

        @Test
        void whatWasLeftOutIsSaidTenMinutesLater() {
            HandshakeReporter reporter = reporter();
            for (int i = 0; i < 41; i++) {
                reporter.answered(damaged, Action.REFUSE, 426, 0);
            }
            assertThat(lines).hasSize(1);
            assertThat(reporter.isWaiting()).isTrue();
            assertThat(reporter.flush(9 * MINUTE)).isTrue();
            assertThat(reporter.flush(10 * MINUTE)).isFalse();

            assertThat(lines).hasSize(2);
            assertThat(lines.get(1))
                    .isEqualTo("WARNING HOP_BY_HOP_STRIPPED /chat: 40 more in 10 min, answered 426; 41 of 41 in 10 min"
                            + " arrived damaged like this, so configuration rather than a pooled connection or one bad"
                            + " node; likely: nginx; the last one from 10.0.0.7");
        }

        @Test
        void theNextHandshakeBringsWhatIsDue() {
            HandshakeReporter reporter = reporter();
            reporter.answered(damaged, Action.REFUSE, 426, 0);
            reporter.answered(damaged, Action.REFUSE, 426, 0);
            reporter.answered(valid, Action.PASS, 101, 10 * MINUTE);

            assertThat(lines).hasSize(2);
        }

        @Test
        void whatIsLeftOverIsSaidAtTheEnd() {
            HandshakeReporter reporter = reporter();
            for (int i = 0; i < 3; i++) {
                reporter.answered(Assessments.with(SAFE, Assessments.UNKNOWN), Action.PASS, 404, 0);
            }
            lines.clear();

            reporter.close(0);
            reporter.close(0);

            assertThat(lines)
                    .containsExactly(
                            "WARNING CONNECTION_LACKS_UPGRADE /chat: 2 more in 1 min, answered 404; 3 of 3 in 10"
                                    + " min arrived damaged like this; the last one from 10.0.0.7");
        }

        @Test
        void atDebugEveryHandshakeIsWritten() {
            threshold = Level.DEBUG;
            HandshakeReporter reporter = reporter();
            for (int i = 0; i < 10; i++) {
                reporter.answered(valid, Action.PASS, 101, 0);
            }
            assertThat(lines).hasSize(20);
            lines.clear();

            reporter.answered(damaged, Action.PASS, 404, 0);
            reporter.answered(damaged, Action.PASS, 404, 0);
            assertThat(lines).hasSize(4);
            assertThat(lines.get(2)).startsWith("DEBUG HOP_BY_HOP_STRIPPED /chat: 2 of 12 in 10 min ");
        }

        @Test
        void tenWholeOnesBehindADamagedOneAreARecovery() {
            HandshakeReporter reporter = reporter();
            for (int round = 0; round < 3; round++) {
                reporter.answered(damaged, Action.PASS, 404, 0);
                for (int i = 0; i < 10; i++) {
                    reporter.answered(valid, Action.PASS, 101, 0);
                }
            }
            reporter.flush(10 * MINUTE);

            assertThat(lines)
                    .filteredOn(line -> line.contains("recovered"))
                    .containsExactly(
                            "INFO VALID /chat: recovered, 10 handshakes in a row arrived whole; damaged before: 1 of 11"
                                    + " in 10 min; from 10.0.0.7",
                            "INFO VALID /chat: recovered: 2 more in 10 min");
        }

        @Test
        void pathsToWhichNothingIsMappedShareOneLine() {
            HandshakeReporter reporter = reporter();
            reporter.answered(Assessments.of(Sample.valid().target("/a")), Action.PASS, 404, 0);
            reporter.answered(Assessments.of(Sample.valid().target("/b")), Action.PASS, 404, 0);
            reporter.answered(Assessments.of(Sample.valid().target("/c")), Action.PASS, 403, 0);
            reporter.answered(Assessments.of(Sample.valid().target("/d")), Action.PASS, 403, 0);

            assertThat(lines)
                    .extracting(line -> line.substring(0, 21))
                    .containsExactly("INFO NOT_SWITCHED /a:", "INFO NOT_SWITCHED /c:", "INFO NOT_SWITCHED /d:");
        }
    }
}
