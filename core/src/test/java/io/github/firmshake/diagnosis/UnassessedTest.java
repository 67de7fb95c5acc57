package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decisions on requests that no rule is applied to, or that stay as they are. */
class UnassessedTest {

    private static final Settings DEFAULTS = Settings.parse(Map.of());

    @Test
    void aHeadThatWasCutShortHasOneFaultAndPasses() {
        Violation why = new Violation(ReasonCode.HEAD_TOO_LARGE, "request head", List.of("too much"), "less");
        Assessment assessment = Assessment.cutShort(
                Sample.valid().without("Sec-WebSocket-Version").head(), why, Settings.parse(Map.of()));
        assertThat(assessment.examination().violations()).containsExactly(why);
        assertThat(assessment.examination().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(assessment.action()).isEqualTo(Action.PASS);
        assertThat(assessment.repair().allowed()).isFalse();
    }

    @Test
    void aRequestThatCouldNotBeAssessedPasses() {
        assertThat(Assessment.unassessed(DEFAULTS)).isEqualTo(Action.PASS);
        assertThat(Assessment.unassessed(Settings.parse(Map.of("onInvalid", "reject"))))
                .isEqualTo(Action.PASS);
        assertThat(Assessment.unassessed(Settings.parse(Map.of("allowedOrigins", "same-origin"))))
                .isEqualTo(Action.PASS);
    }

    @Test
    void butNotPastAnOriginCheck() {
        Settings enforced = Settings.parse(Map.of("onInvalid", "reject", "allowedOrigins", "same-origin"));
        assertThat(Assessment.unassessed(enforced)).isEqualTo(Action.REFUSE);
        assertThat(Assessment.unassessed(DEFAULTS.atHeartbeatPath())).isEqualTo(Action.REFUSE);
    }

    @Test
    void whatTheContainerHasRefusedCanBeLeftAsItIs() {
        Assessment assessment = Assessment.of(Sample.valid().head(), false, DEFAULTS);
        assertThat(assessment.passed().action()).isEqualTo(Action.PASS);
        assertThat(assessment.passed().examination()).isSameAs(assessment.examination());
    }
}
