package io.github.firmshake.handshake;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the rules say of a request.
 *
 * @param request the request examined
 * @param verdict what it is
 * @param violations every rule it breaks, in the order of the RFC
 */
public record Examination(RequestHead request, Verdict verdict, List<Violation> violations) {

    // The order in which statuses win where several rules are broken: what no retry can fix comes first, and before it
    // what the container did with a handshake that was valid or repaired.
    private static final List<Integer> STATUS_ORDER = List.of(500, 431, 405, 400, 403, 501, 426);

    public Examination {
        violations = List.copyOf(violations);
    }

    /** The violation that decides the status of a refusal and leads the log line; empty where there is none. */
    public Optional<Violation> leading() {
        return violations.stream()
                .min(Comparator.<Violation>comparingInt(violation ->
                                STATUS_ORDER.indexOf(violation.code().status()))
                        // HTTP/1.0 says least: what is missing beside it tells more
                        .thenComparing(violation -> violation.code() == ReasonCode.HTTP_VERSION_TOO_OLD));
    }

    /** The same without what the answer showed: {@link ReasonCode#NOT_SWITCHED}. */
    public Examination withoutAnswer() {
        return new Examination(
                request,
                verdict,
                violations.stream()
                        .filter(violation -> violation.code() != ReasonCode.NOT_SWITCHED)
                        .toList());
    }

    public boolean has(ReasonCode code) {
        return violations.stream().anyMatch(violation -> violation.code() == code);
    }
}
