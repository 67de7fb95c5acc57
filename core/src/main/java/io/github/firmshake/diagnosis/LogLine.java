package io.github.firmshake.diagnosis;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.Privacy;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.RepairShape;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Shown;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
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

    /**
     * The fault comes first, then the culprit and the fix, then the received values.
     *
     * @param count how many others of this path and peer are damaged
     */
    static String of(Assessment assessment, Action done, int status, PathTally.Count count) {
        Examination examination = assessment.examination();
        RequestHead request = assessment.request();
        boolean damaged = examination.verdict() == Verdict.DAMAGED;
        boolean helped = done == Action.REPAIR && !examination.has(ReasonCode.NOT_SWITCHED);
        List<String> clauses = new ArrayList<>();
        clauses.add(subject(assessment) + ": "
                + (damaged ? damage(examination, done, helped, status, count) : fault(examination)));
        clauses.addAll(otherFaults(examination));
        Sentences.hops(assessment).ifPresent(clauses::add);
        Sentences.fix(assessment.diagnosis()).ifPresent(clauses::add);
        if (damaged && done != Action.REPAIR && assessment.repair().shape() == RepairShape.SAFE) {
            clauses.add("not repaired: " + assessment.repair().reason());
        }
        clauses.add(received(examination));
        from(assessment).ifPresent(clauses::add);
        Sentences.correlationId(request).ifPresent(clauses::add);
        if (!helped) {
            // Over HTTP/2 only the stream ends.
            clauses.add("answered " + status + (done == Action.REFUSE && request.isHttp1() ? ", closed" : ""));
        }
        return String.join("; ", clauses);
    }

    /** The end of a counted line: the last handshake that it stands for. */
    static String counted(Assessment assessment, int status, PathTally.Count count) {
        List<String> clauses = new ArrayList<>();
        clauses.add(", answered " + status);
        if (count.damaged() > 0) {
            clauses.add(times(count) + " arrived damaged like this" + PathTally.meaning(count));
        }
        assessment
                .diagnosis()
                .guilty()
                .map(hop -> lower(hop.confidence().name()) + ": " + hop.product())
                .ifPresent(clauses::add);
        from(assessment).map(from -> "the last one " + from).ifPresent(clauses::add);
        return String.join("; ", clauses);
    }

    /** The line that a path works again. */
    static String recovered(Assessment assessment, PathTally.Count count) {
        return subject(assessment) + ": recovered, 10 handshakes in a row arrived whole; damaged before: "
                + count.recoveredFrom() + " of " + count.all() + " in 10 min"
                + from(assessment).map(from -> "; " + from).orElse("");
    }

    /** The leading code, or VALID, and the path. */
    static String subject(Assessment assessment) {
        return code(assessment.examination()) + ' ' + Escape.word(assessment.shownPath());
    }

    /** The leading code, or VALID. */
    static String code(Examination examination) {
        return examination
                .leading()
                .map(violation -> violation.code().name())
                .orElse(examination.verdict().name());
    }

    /** The whole head in one line: every field's name, and of the values those that are no secret. */
    static String head(Assessment assessment) {
        RequestHead request = assessment.request();
        String fields = request.fields().stream()
                .limit(MAX_FIELDS)
                .map(field -> field(field, assessment.privacy()))
                .collect(Collectors.joining("; "));
        int more = request.fields().size() - MAX_FIELDS;
        return "head as received: " + Escape.word(request.method()) + ' ' + Escape.word(assessment.shownPath()) + ' '
                + request.version() + "; " + fields + (more > 0 ? "; and " + more + " fields more" : "");
    }

    private static String field(RequestHead.Field field, Privacy privacy) {
        String name = field.name().toLowerCase(Locale.ROOT);
        String received = field.value();
        String value = null;
        if (name.equals("host") || name.equals("origin")) {
            value = Shown.hostAndPort(received);
        } else if (SHOWN.contains(name) && !isDoubtful(name, received)) {
            value = privacy.value(name, received);
        }
        return Escape.word(field.name()) + ": "
                + (value == null ? "(" + received.length() + " characters)" : Escape.quoted(value));
    }

    // Before an at sign may be a password, behind a question mark a token.
    private static boolean isDoubtful(String name, String value) {
        return switch (name) {
            case "x-forwarded-host", "x-forwarded-server" -> !Shown.areHosts(value);
            case "forwarded" -> !Shown.areForwardedHosts(value);
            default -> value.indexOf('@') >= 0 || value.indexOf('?') >= 0;
        };
    }

    private static String damage(
            Examination examination, Action done, boolean helped, int status, PathTally.Count count) {
        String result = "";
        if (helped) {
            result = "repaired, " + status + "; ";
        } else if (done == Action.REPAIR) {
            result = "repaired, but the container did not switch; ";
        }
        ReasonCode damage = damageOf(examination);
        return result + times(count) + ' ' + arrived(damage, examination.request()) + PathTally.meaning(count);
    }

    private static String times(PathTally.Count count) {
        return count.damaged() + " of " + count.all() + " in 10 min";
    }

    /** The leading code of the hop's damage, repaired here or not. */
    static ReasonCode damageOf(Examination examination) {
        return examination.withoutAnswer().leading().map(Violation::code).orElseThrow();
    }

    private static String arrived(ReasonCode damage, RequestHead request) {
        return switch (damage) {
            case HOP_BY_HOP_STRIPPED -> "arrived without Upgrade and Connection";
            case UPGRADE_MISSING -> "arrived without Upgrade";
            case UPGRADE_NOT_WEBSOCKET -> "arrived with another Upgrade than websocket";
            case CONNECTION_MISSING -> "arrived without Connection";
            case CONNECTION_LACKS_UPGRADE -> "arrived with a Connection that lacks upgrade";
            case HTTP_VERSION_TOO_OLD -> "arrived as " + request.version();
            default -> "arrived without Sec-WebSocket-Key or -Version"; // SEC_HEADERS_STRIPPED
        };
    }

    private static String fault(Examination examination) {
        return examination
                .leading()
                .map(leading -> leading.code() == ReasonCode.NOT_SWITCHED
                        ? "the handshake is valid, but the container did not switch"
                        : Sentences.fault(leading, examination.request()))
                .orElse("the handshake is valid");
    }

    // The line repeats none that its received values show.
    private static List<String> otherFaults(Examination examination) {
        Optional<Violation> leading = examination.leading();
        Set<String> received = Set.of("Upgrade", "Connection", "HTTP version");
        return examination.violations().stream()
                .filter(violation -> violation != leading.orElse(null))
                .map(violation -> "also " + violation.code()
                        + (received.contains(violation.header())
                                ? ""
                                : ": " + Sentences.fault(violation, examination.request())))
                .toList();
    }

    private static String received(Examination examination) {
        RequestHead request = examination.request();
        String got = "got " + Escape.word(request.method()) + ' ' + request.version();
        if (!request.isHttp1()) {
            return got;
        }
        got += ", Upgrade " + Sentences.state(request, "Upgrade") + ", Connection "
                + Sentences.state(request, "Connection");
        return got + ", " + keyAndVersion(request.has("Sec-WebSocket-Key"), request.has("Sec-WebSocket-Version"));
    }

    private static String keyAndVersion(boolean key, boolean version) {
        if (key == version) {
            return "key and version " + (key ? "there" : "missing");
        }
        return key ? "key there, version missing" : "key missing, version there";
    }

    private static Optional<String> from(Assessment assessment) {
        String peer = assessment.shownPeer();
        if (peer == null) {
            boolean hidden = assessment.request().peer() != null;
            return hidden ? Optional.empty() : Optional.of("from unknown");
        }
        return Optional.of("from " + Escape.word(peer));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
