package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeCountersTest {

    private static HandshakeEvent event(Sample sample, Outcome outcome, int status) {
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
                "");
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
    void aHandshakeThatBreaksARuleTwiceCountsOnceForIt() {
        HandshakeCounters counters = new HandshakeCounters();

        counters.onHandshake(event(Sample.valid().changed("Content-Length: 5 & Expect: x"), Outcome.PASSED, 400));

        assertThat(counters.count(ReasonCode.BODY_PRESENT)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"GET, 101, true", "GET, 200, false", "CONNECT, 200, true", "CONNECT, 404, false"})
    void anEventSaysWhetherAWebSocketCameOfIt(String method, int status, boolean switched) {
        assertThat(event(Sample.valid().method(method), Outcome.PASSED, status).switched())
                .isEqualTo(switched);
    }
}
