package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeCountersTest {

    private static HandshakeEvent event(Sample sample, Outcome outcome, int status) {
        return event(sample, outcome, status, "");
    }

    private static HandshakeEvent event(Sample sample, Outcome outcome, int status, String message) {
        Examination examination = sample.examined();
        RequestHead request = examination.request();
        return new HandshakeEvent(
                examination.verdict(),
                examination.violations(),
                request.method(),
                request.path(),
                null,
                null,
                List.of(),
                outcome,
                status,
                message);
    }

    @Test
    void countVerdictsOutcomesAndReasons() {
        HandshakeCounters counters = new HandshakeCounters();

        counters.onHandshake(event(Sample.valid(), Outcome.PASSED, 101));
        counters.onHandshake(event(Sample.throughNginx(), Outcome.REFUSED, 426));
        counters.onHandshake(event(Sample.throughNginx(), Outcome.PASSED, 404));

        assertThat(counters.count(Verdict.VALID)).isEqualTo(1);
        assertThat(counters.count(Verdict.DAMAGED)).isEqualTo(2);
        assertThat(counters.count(Verdict.INVALID)).isZero();
        assertThat(counters.count(Outcome.PASSED)).isEqualTo(2);
        assertThat(counters.count(Outcome.REFUSED)).isEqualTo(1);
        assertThat(counters.count(Outcome.REPAIRED)).isZero();
        assertThat(counters.count(ReasonCode.HOP_BY_HOP_STRIPPED)).isEqualTo(2);
        assertThat(counters.count(ReasonCode.HTTP_VERSION_TOO_OLD)).isEqualTo(2);
        assertThat(counters.count(ReasonCode.KEY_MISSING)).isZero();
    }

    @Test
    void reasonsThatNeverOccurredAreLeftOut() {
        HandshakeCounters counters = new HandshakeCounters();
        assertThat(counters.reasons()).isEmpty();

        counters.onHandshake(event(Sample.throughNginx(), Outcome.PASSED, 404));

        assertThat(counters.reasons())
                .containsOnly(entry(ReasonCode.HTTP_VERSION_TOO_OLD, 1L), entry(ReasonCode.HOP_BY_HOP_STRIPPED, 1L));
    }

    @Test
    void theLastTwentyMessagesAreKeptAndNoneOfAValidHandshake() {
        HandshakeCounters counters = new HandshakeCounters();
        for (int number = 1; number <= 22; number++) {
            counters.onHandshake(event(Sample.throughNginx(), Outcome.PASSED, 404, "message " + number));
            counters.onHandshake(event(Sample.valid(), Outcome.PASSED, 101, "valid"));
        }

        assertThat(counters.lastMessages())
                .hasSize(20)
                .startsWith("message 3", "message 4")
                .endsWith("message 22");
    }

    @Test
    void aHandshakeThatBreaksARuleTwiceCountsOnceForIt() {
        HandshakeCounters counters = new HandshakeCounters();

        counters.onHandshake(event(Sample.valid().changed("Content-Length: 5 & Expect: x"), Outcome.PASSED, 400));

        assertThat(counters.count(ReasonCode.BODY_PRESENT)).isEqualTo(1);
    }

    @Test
    void onlyTheLastTwentyMessagesAreKeptAndReasonsThatNeverOccurredAreLeftOut() {
        HandshakeCounters counters = new HandshakeCounters();
        for (int i = 1; i <= 21; i++) {
            HandshakeEvent event = event(Sample.throughNginx(), Outcome.PASSED, 404);
            counters.onHandshake(new HandshakeEvent(
                    event.verdict(),
                    event.violations(),
                    event.method(),
                    event.path(),
                    null,
                    null,
                    List.of(),
                    event.outcome(),
                    event.status(),
                    "message " + i));
        }

        assertThat(counters.lastMessages()).hasSize(20).startsWith("message 2").endsWith("message 21");
        assertThat(counters.reasons())
                .containsOnlyKeys(ReasonCode.HTTP_VERSION_TOO_OLD, ReasonCode.HOP_BY_HOP_STRIPPED)
                .containsValue(21L);
    }

    @ParameterizedTest
    @CsvSource({"GET, 101, true", "GET, 200, false", "CONNECT, 200, true", "CONNECT, 404, false"})
    void anEventSaysWhetherAWebSocketCameOfIt(String method, int status, boolean switched) {
        assertThat(event(Sample.valid().method(method), Outcome.PASSED, status).switched())
                .isEqualTo(switched);
    }
}
