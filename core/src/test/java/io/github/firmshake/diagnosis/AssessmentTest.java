package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Repair;
import io.github.firmshake.handshake.RepairShape;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssessmentTest {

    private static Action action(Sample sample, String... settings) {
        return Assessments.of(sample, settings).action();
    }

    @Test
    void aValidHandshakeIsPassedOnInCanonicalForm() {
        assertThat(action(Sample.valid())).isEqualTo(Action.CANONICALIZE);
        assertThat(action(Sample.valid(), "onInvalid", "reject")).isEqualTo(Action.CANONICALIZE);
    }

    @Test
    void overHttp2ThereIsNothingToWrite() {
        assertThat(action(Sample.overHttp2())).isEqualTo(Action.PASS);
    }

    @Test
    void whatMayBeRepairedIsRatherThanRefused() {
        Sample safe = Sample.valid().with("Connection", "close");

        assertThat(action(safe)).isEqualTo(Action.REPAIR);
        assertThat(action(safe, "onInvalid", "reject")).isEqualTo(Action.REPAIR);
        assertThat(action(safe, "repair", "off")).isEqualTo(Action.PASS);
        assertThat(action(safe, "repair", "off", "onInvalid", "reject")).isEqualTo(Action.REFUSE);
    }

    @Test
    void theRestIsReportedOrRefused() {
        assertThat(action(Sample.throughNginx())).isEqualTo(Action.PASS);
        assertThat(action(Sample.throughNginx(), "onInvalid", "reject")).isEqualTo(Action.REFUSE);
        assertThat(action(Sample.valid().method("POST"), "onInvalid", "reject")).isEqualTo(Action.REFUSE);
    }

    @Test
    void aPlainRequestPassesInEveryModeButOnAWebSocketPath() {
        assertThat(action(Sample.plain(), "onInvalid", "reject")).isEqualTo(Action.PASS);
        assertThat(action(Sample.plain(), "onInvalid", "reject", "webSocketPaths", "/chat"))
                .isEqualTo(Action.REFUSE);
        assertThat(action(Sample.plain(), "webSocketPaths", "/chat")).isEqualTo(Action.PASS);
    }

    @Test
    void whatAnAdapterCannotRepairIsReportedOrRefused() {
        Sample safe = Sample.valid().with("Connection", "close");
        Settings report = Settings.parse(Map.of());
        Settings reject = Settings.parse(Map.of("onInvalid", "reject"));

        Assessment unrepaired = Assessments.of(safe).unrepaired("not possible here", report);

        assertThat(unrepaired.action()).isEqualTo(Action.PASS);
        assertThat(unrepaired.repair())
                .isEqualTo(new Repair(RepairShape.SAFE, false, List.of("Connection: Upgrade"), "not possible here"));
        assertThat(Assessments.of(safe).unrepaired("not possible here", reject).action())
                .isEqualTo(Action.REFUSE);
    }

    @Test
    void whatIsNotRepairedAnywayStaysAsItIs() {
        Assessment valid = Assessments.of(Sample.valid());

        assertThat(valid.unrepaired("not possible here", Settings.parse(Map.of())))
                .isSameAs(valid);
    }
}
