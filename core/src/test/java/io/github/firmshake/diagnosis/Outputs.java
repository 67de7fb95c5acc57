package io.github.firmshake.diagnosis;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.web.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Everything that is said of a hostile handshake, and the places where its hostility can stand. */
final class Outputs {

    /** The fields that the rules, the lines and the refusals read, and some that fingerprints read. */
    static final List<String> FIELDS = List.of(
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Accept",
            "Origin",
            "Content-Length",
            "Transfer-Encoding",
            "Expect",
            "Accept",
            "Cookie",
            "HTTP2-Settings",
            "X-Request-Id",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-For",
            "Forwarded",
            "Via",
            "X-Varnish",
            "Cf-Ray",
            "User-Agent");

    private Outputs() {}

    /** Damaged, and with a foreign Origin, so that every clause of a line is written. */
    static Sample broken() {
        return Sample.throughNginx().field("Origin", "https://evil.test");
    }

    /** Its line, its head as received, its event, its explanation, and the bodies of its refusal: seven texts. */
    static List<String> of(Assessment assessment, Action action, int status) {
        List<String> outputs = new ArrayList<>();
        HandshakeListener listener = event -> outputs.add(event.toString());
        HandshakeReporter reporter = new HandshakeReporter(0, new ListLog(outputs), List.of(listener), () -> {});
        reporter.answered(assessment, action, status, 0);
        outputs.add(AssessmentJson.explained("a.http", assessment));
        outputs.add(AssessmentJson.problem(assessment, status, true));
        outputs.add(Sentences.problem(assessment, true));
        outputs.add(Refusal.of(assessment, ExplainToClient.FULL).body());
        return outputs;
    }

    private record ListLog(List<String> lines) implements HandshakeLog {

        @Override
        public boolean isLoggable(System.Logger.Level level) {
            return true;
        }

        @Override
        public void log(System.Logger.Level level, String message) {
            lines.add(message);
        }
    }
}
