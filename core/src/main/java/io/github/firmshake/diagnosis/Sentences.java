package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sentences that log line, refusal and {@code explain} share. Every received value in them is escaped and cut. */
public final class Sentences {

    // The fields whose values an operator needs to lay logs of several hops side by side.
    private static final List<String> CORRELATION = List.of("X-Request-Id", "traceparent", "Cf-Ray", "X-Amzn-Trace-Id");

    private Sentences() {}

    /** What is wrong, the leading violation first; {@code the handshake is valid} where nothing is. */
    public static String faults(Examination examination) {
        Optional<Violation> leading = examination.leading();
        if (leading.isEmpty()) {
            return examination.verdict() == Verdict.VALID ? "the handshake is valid" : "no WebSocket handshake";
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(fault(leading.get(), examination.request()));
        for (Violation violation : examination.violations()) {
            if (violation != leading.get()) {
                sentences.add("also " + violation.code() + ": " + fault(violation, examination.request()));
            }
        }
        return String.join("; ", sentences);
    }

    /** One violation: what was received and what was expected. */
    public static String fault(Violation violation, RequestHead request) {
        if (violation.code() == ReasonCode.HOP_BY_HOP_STRIPPED) {
            return "Upgrade is " + state(violation.received()) + ", Connection is " + state(request, "Connection")
                    + ", expected Upgrade \"websocket\" and Connection \"upgrade\"";
        }
        String text = violation.header() + " is " + state(violation.received()) + ", expected "
                + expected(violation.expected());
        return switch (violation.code()) {
            case PLAIN_HTTP_ON_WEBSOCKET_PATH -> "plain HTTP on a WebSocket path: " + text;
            case NOT_SWITCHED -> "the container did not switch: " + text;
            default -> text;
        };
    }

    /** Everything about a request but where it came from and how it was answered, in one line. */
    static String summary(Assessment assessment) {
        Examination examination = assessment.examination();
        return Stream.of(
                        Optional.of(LogLine.code(examination) + ": " + faults(examination)),
                        evidence(examination),
                        hops(assessment),
                        fix(assessment.diagnosis()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    }

    /** The body of a refusal as text: what problem details say, a line each. */
    public static String problem(Assessment assessment, boolean full) {
        Violation leading = assessment.examination().leading().orElseThrow();
        List<String> lines = new ArrayList<>();
        lines.add(leading.code() + ": " + leading.code().title());
        lines.add(faults(assessment.examination()));
        if (full) {
            hops(assessment).ifPresent(lines::add);
            fix(assessment.diagnosis()).ifPresent(lines::add);
            lines.addAll(CurlCommands.of(assessment));
        }
        return String.join("\n", lines) + "\n";
    }

    /** By what it is known that a WebSocket client sent it; empty where nobody damaged anything. */
    static Optional<String> evidence(Examination examination) {
        if (examination.verdict() != Verdict.DAMAGED) {
            return Optional.empty();
        }
        if (examination.has(ReasonCode.SEC_HEADERS_STRIPPED)) {
            return Optional.of("Upgrade is there, and a hop that is known to drop Sec-WebSocket-* left its mark");
        }
        boolean removed = examination.violations().stream()
                .anyMatch(violation -> violation.received().isEmpty());
        return Optional.of("Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a hop "
                + (removed ? "removed the rest" : "changed the rest"));
    }

    /** The guilty hop and why, then who else is in the chain; empty where there is nothing to explain. */
    static Optional<String> hops(Assessment assessment) {
        Diagnosis diagnosis = assessment.diagnosis();
        if (assessment.examination().verdict() != Verdict.DAMAGED) {
            return Optional.empty();
        }
        if (diagnosis.hops().isEmpty()) {
            return Optional.of("no known proxy recognised");
        }
        Optional<Hop> guilty = diagnosis.guilty();
        if (guilty.isEmpty()) {
            return Optional.of("culprit unknown" + others(diagnosis, hop -> true, ", in the chain: "));
        }
        // What only its shape gave away may have been another product that sends the same.
        boolean certain = guilty.get().confidence() == Confidence.SURE;
        Predicate<Hop> alternative = hop -> !certain && hop.confidence() == Confidence.POSSIBLE;
        return Optional.of(cause(guilty.get(), diagnosis)
                + ' '
                + recognition(guilty.get())
                + others(diagnosis, alternative, ", or ")
                + others(diagnosis, alternative.negate(), "; also in the chain: "));
    }

    private static String others(Diagnosis diagnosis, Predicate<Hop> which, String lead) {
        List<String> others = diagnosis.hops().stream()
                .filter(hop -> !hop.guilty())
                .filter(which)
                .map(Sentences::recognised)
                .toList();
        return others.isEmpty() ? "" : lead + String.join(", ", others);
    }

    /** The lines of the fix, each behind its place, as one clause; empty where none is known. */
    static Optional<String> fix(Diagnosis diagnosis) {
        StringBuilder text = new StringBuilder();
        String separator = "";
        for (String line : diagnosis.fix()) {
            boolean place = line.startsWith("#"); // says where the next lines belong, or what to do without any
            String part = place ? line.substring(1).trim() : line;
            boolean ended = part.endsWith(";") || part.endsWith(":");
            text.append(place && !text.isEmpty() ? "; " : separator)
                    .append(ended ? part.substring(0, part.length() - 1) : part);
            separator = place ? ": " : "; ";
        }
        return text.isEmpty() ? Optional.empty() : Optional.of("fix: " + text);
    }

    /** The request's own correlation id, by which logs of several hops can be laid side by side. */
    static Optional<String> correlationId(RequestHead request) {
        return CORRELATION.stream()
                .filter(request::has)
                .findFirst()
                .map(name -> "id " + lower(name) + "="
                        + Escape.word(request.values(name).get(0)));
    }

    /** A hop with what it was recognised by. */
    static String recognised(Hop hop) {
        return hop.product() + ' ' + recognition(hop);
    }

    private static String cause(Hop hop, Diagnosis diagnosis) {
        String cause = diagnosis.cause();
        if (cause == null) {
            return hop.product();
        }
        return cause.startsWith(hop.product()) ? cause : hop.product() + ", " + cause;
    }

    private static String recognition(Hop hop) {
        return "(" + lower(hop.confidence().name()) + ": " + hop.evidence() + ")";
    }

    /** A field as received: missing, empty, or its values. */
    static String state(RequestHead request, String header) {
        // A violation bounds how many field lines are shown.
        return state(new Violation(ReasonCode.NOT_SWITCHED, header, request.values(header), "").received());
    }

    private static String state(List<String> received) {
        if (received.isEmpty()) {
            return "missing";
        }
        return received.stream()
                .map(value -> value.isEmpty() ? "empty" : Escape.quoted(value))
                .collect(Collectors.joining(" and "));
    }

    // A single word is a literal, anything else a description.
    private static String expected(String expected) {
        return expected.indexOf(' ') < 0 ? '"' + expected + '"' : expected;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
