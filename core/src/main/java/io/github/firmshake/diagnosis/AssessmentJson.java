package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.Repair;
import io.github.firmshake.handshake.RepairShape;
import io.github.firmshake.handshake.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An assessment as JSON: the shapes that {@code explain --json} and the bodies of refusals share. */
public final class AssessmentJson {

    private AssessmentJson() {}

    /** What {@code explain --json} prints for one source, as one line. */
    static String explained(String source, Assessment assessment) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("source", source);
        members.put("verdict", assessment.examination().verdict().name());
        members.put("violations", violations(assessment));
        members.put(
                "hops",
                assessment.diagnosis().hops().stream().map(AssessmentJson::hop).toList());
        members.put("repair", repair(assessment.repair()));
        members.put("fix", assessment.diagnosis().fix());
        members.put("curl", CurlCommands.of(assessment));
        members.put("summary", Sentences.summary(assessment));
        return Json.write(members);
    }

    /**
     * Problem details (RFC 9457) of a refused handshake.
     *
     * @param assessment the handshake; its examination has a leading violation
     * @param status the status it is answered with
     * @param full whether hop, evidence, fix and curl commands are told too
     */
    public static String problem(Assessment assessment, int status, boolean full) {
        Violation leading = assessment.examination().leading().orElseThrow();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "urn:firmshake:" + leading.code());
        members.put("title", leading.code().title());
        members.put("status", status);
        members.put("detail", Sentences.faults(assessment.examination()));
        members.put("violations", violations(assessment));
        if (full) {
            assessment.diagnosis().guilty().ifPresent(hop -> {
                members.put("hop", hop(hop));
                members.put("evidence", hop.evidence());
            });
            members.put("fix", assessment.diagnosis().fix());
            members.put("curl", CurlCommands.of(assessment));
        }
        return Json.write(members);
    }

    private static List<Object> violations(Assessment assessment) {
        List<Object> violations = new ArrayList<>();
        for (Violation violation : assessment.examination().violations()) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("code", violation.code().name());
            members.put("header", violation.header());
            members.put("received", violation.received());
            members.put("expected", violation.expected());
            members.put("section", violation.section());
            violations.add(members);
        }
        return violations;
    }

    private static Map<String, Object> hop(Hop hop) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("product", hop.product());
        members.put("confidence", hop.confidence().name().toLowerCase(Locale.ROOT));
        members.put("evidence", hop.evidence());
        members.put("guilty", hop.guilty());
        return members;
    }

    private static Map<String, Object> repair(Repair repair) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("shape", repair.shape() == RepairShape.SAFE ? "safe" : "none");
        members.put("reason", repair.reason());
        return members;
    }
}
