package io.github.firmshake.diagnosis;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.Repair;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Shown;
import io.github.firmshake.handshake.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The one line a handshake leaves in the log, and the head as received that follows it at DEBUG. */
final class LogLine {

    // The fields whose values may be shown. Of all others only the length is: names of secret fields cannot be listed.
    private static final Set<String> SHOWN = Set.of(
            "host",
            "connection",
            "upgrade",
            "keep-alive",
            "origin",
            "user-agent",
            "accept",
            "accept-encoding",
            "content-length",
            "transfer-encoding",
            "expect",
            "http2-settings",
            "sec-websocket-version",
            "sec-websocket-extensions",
            "via",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-forwarded-server",
            "x-real-ip",
            "x-request-id",
            "x-amzn-trace-id",
            "x-varnish",
            "x-envoy-attempt-count",
            "traceparent",
            "cdn-loop",
            "cf-ray");

    private static final int MAX_FIELDS = 100;

    private LogLine() {}

    static String of(Assessment assessment, Action done, int status) {
        RequestHead request = assessment.request();
        List<String> clauses = new ArrayList<>();
        clauses.add(code(assessment.examination()) + ' ' + Escape.word(request.method()) + ' '
                + Escape.word(request.path()) + " from " + peer(request) + ' ' + request.version() + ": "
                + Sentences.faults(assessment.examination()));
        Sentences.evidence(assessment.examination()).ifPresent(clauses::add);
        Sentences.hops(assessment).ifPresent(clauses::add);
        // The semicolon that separates clauses ends the fix's last line too; two would not work when pasted.
        Sentences.fix(assessment.diagnosis())
                .map(fix -> fix.endsWith(";") ? fix.substring(0, fix.length() - 1) : fix)
                .ifPresent(clauses::add);
        repair(assessment, done).ifPresent(clauses::add);
        Sentences.correlationId(request).ifPresent(clauses::add);
        // Over HTTP/2 only the stream ends.
        clauses.add("answered " + status + (done == Action.REFUSE && request.isHttp1() ? ", closed" : ""));
        return String.join("; ", clauses);
    }

    /** The leading code, or VALID. */
    static String code(Examination examination) {
        return examination
                .leading()
                .map(violation -> violation.code().name())
                .orElse(examination.verdict().name());
    }

    /** The whole head in one line: every field's name, and of the values those that are no secret. */
    static String head(RequestHead request) {
        String fields =
                request.fields().stream().limit(MAX_FIELDS).map(LogLine::field).collect(Collectors.joining("; "));
        int more = request.fields().size() - MAX_FIELDS;
        return "head as received: " + Escape.word(request.method()) + ' ' + Escape.word(request.path()) + ' '
                + request.version() + "; " + fields + (more > 0 ? "; and " + more + " fields more" : "");
    }

    private static String field(RequestHead.Field field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        String value = field.value();
        if (name.equals("host") || name.equals("origin")) {
            value = Shown.hostAndPort(value);
        } else if (!SHOWN.contains(name) || isDoubtful(name, value)) {
            return Escape.word(field.name()) + ": (" + value.length() + " characters)";
        }
        return Escape.word(field.name()) + ": " + Escape.quoted(value);
    }

    // Before an at sign may be a password, behind a question mark a token.
    private static boolean isDoubtful(String name, String value) {
        return switch (name) {
            case "x-forwarded-host", "x-forwarded-server" -> !Shown.areHosts(value);
            case "forwarded" -> !Shown.areForwardedHosts(value);
            default -> value.indexOf('@') >= 0 || value.indexOf('?') >= 0;
        };
    }

    private static Optional<String> repair(Assessment assessment, Action done) {
        Repair repair = assessment.repair();
        if (done == Action.REPAIR) {
            return Optional.of("repaired (restored " + String.join(", ", repair.restored()) + ")");
        }
        return assessment.examination().verdict() == Verdict.DAMAGED
                ? Optional.of("not repaired: " + repair.reason())
                : Optional.empty();
    }

    private static String peer(RequestHead request) {
        String peer = request.peer();
        return peer == null ? "unknown" : Escape.word(peer);
    }
}
