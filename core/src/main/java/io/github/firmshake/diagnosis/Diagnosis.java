package io.github.firmshake.diagnosis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which hops a request came through and which of them probably damaged it.
 *
 * @param hops the products recognised, the guilty one first, then by confidence
 * @param cause what is wrong on the guilty hop, such as {@code nginx without WebSocket settings}; null where none is
 *     guilty
 * @param fix the lines that fix it there, each pasteable as it is; a line that starts with {@code #} says where the
 *     lines behind it belong
 * @param noTunnel why a 101 that the guilty hop did not ask for does not reach the client; null where nothing such is
 *     known
 */
public record Diagnosis(
        List<Hop> hops,
        @Nullable String cause,
        List<String> fix,
        @Nullable String noTunnel) {

    public Diagnosis {
        hops = List.copyOf(hops);
        fix = List.copyOf(fix);
    }

    /** The hop that probably did the damage. */
    public Optional<Hop> guilty() {
        return hops.stream().filter(Hop::guilty).findFirst();
    }
}
