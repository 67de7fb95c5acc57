package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sentences that no line shows as they are: refusals and {@code explain} do. */
class SentencesTest {

    @Test
    void aHandshakeThatWasNotSwitchedSaysSo() {
        Violation violation = new Violation(ReasonCode.NOT_SWITCHED, "response status", List.of("404"), "101");
        assertThat(Sentences.fault(violation, Sample.valid().head()))
                .isEqualTo("the container did not switch: response status is \"404\", expected \"101\"");
    }

    @Test
    void plainHttpOnAWebSocketPathSaysSo() {
        Violation violation = new Violation(ReasonCode.PLAIN_HTTP_ON_WEBSOCKET_PATH, "Upgrade", List.of(), "websocket");
        assertThat(Sentences.fault(violation, Sample.valid().head()))
                .isEqualTo("plain HTTP on a WebSocket path: Upgrade is missing, expected \"websocket\"");
    }

    @Test
    void theEvidenceForTheMirrorImageIsTheHopsMark() {
        Sample sample = Sample.valid()
                .without("Sec-WebSocket-Key")
                .without("Sec-WebSocket-Version")
                .field("X-Amz-Cf-Id", "abc")
                .field("Via", "1.1 a.cloudfront.net (CloudFront)");
        assertThat(Sentences.evidence(Assessments.of(sample).examination()))
                .contains("Upgrade is there, and a hop that is known to drop Sec-WebSocket-* left its mark");
    }

    @Test
    void theEvidenceForDamageTellsRemovedFromChanged() {
        assertThat(Sentences.evidence(Sample.valid().without("Upgrade").examined())
                        .orElseThrow())
                .endsWith("a hop removed the rest");
        assertThat(Sentences.evidence(Sample.valid().with("Connection", "close").examined())
                        .orElseThrow())
                .endsWith("a hop changed the rest");
    }

    @Test
    void jsonKnowsOneShapeThatIsRepaired() {
        assertThat(AssessmentJson.explained(
                        "a", Assessments.with(Sample.valid().with("Connection", "close"), Assessments.UNKNOWN)))
                .contains("\"repair\":{\"shape\":\"safe\"");
        assertThat(AssessmentJson.explained(
                        "a", Assessments.with(Sample.valid().without("Upgrade"), Assessments.UNKNOWN)))
                .contains("\"repair\":{\"shape\":\"none\"");
    }
}
