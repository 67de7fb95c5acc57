package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.Privacy;
import io.github.firmshake.handshake.Repair;
import io.github.firmshake.handshake.RepairLevel;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Sample;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import java.util.List;
import java.util.Map;

/** Assessments to test with: of the bundled fingerprints, or with a diagnosis that does not depend on them. */
public final class Assessments {

    static final Diagnosis UNKNOWN = new Diagnosis(List.of(), null, List.of(), null);

    static final Diagnosis NGINX = new Diagnosis(
            List.of(new Hop("nginx", Confidence.LIKELY, "HTTP/1.0 with \"Connection: close\"", true)),
            "nginx without WebSocket settings",
            List.of(
                    "proxy_http_version 1.1;",
                    "proxy_set_header Upgrade $http_upgrade;",
                    "proxy_set_header Connection $connection_upgrade;",
                    "# in http{}:",
                    "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"),
            null);

    private Assessments() {}

    /** As an adapter gets it under these settings, given as names and values in turn. */
    public static Assessment of(Sample sample, String... settings) {
        return of(sample.head(), settings);
    }

    public static Assessment of(RequestHead request, String... settings) {
        Map<String, String> named = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            named.put(settings[i], settings[i + 1]);
        }
        Settings parsed = Settings.parse(named);
        return Assessment.of(request, parsed.webSocketPaths().matches(request.path()), parsed);
    }

    /** With default settings and this diagnosis. */
    public static Assessment with(Sample sample, Diagnosis diagnosis) {
        Examination examination = sample.examined();
        Repair repair = Repair.decide(examination, RepairLevel.SAFE, diagnosis.noTunnel());
        boolean valid = examination.verdict() == Verdict.VALID;
        Assessment.Action action = repair.allowed()
                ? Assessment.Action.REPAIR
                : valid ? Assessment.Action.CANONICALIZE : Assessment.Action.PASS;
        return new Assessment(examination, diagnosis, repair, action, Privacy.NONE);
    }
}
