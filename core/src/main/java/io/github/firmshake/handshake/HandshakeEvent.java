package io.github.firmshake.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One handshake and how it was answered. Immutable; holds no secret: no key, cookie, query or subprotocol.
 *
 * @param verdict what the request was when it arrived
 * @param violations every rule it broke, and {@link ReasonCode#NOT_SWITCHED} where the container did not switch
 * @param method the request method
 * @param path the path without query and path parameters
 * @param peer where it came from, or null where unknown
 * @param guiltyHop the product that probably did the damage, or null where none is named
 * @param hops every product recognised in the chain
 * @param outcome what was done with it
 * @param status the status of the answer
 * @param message the log line's text, written or not
 */
public record HandshakeEvent(
        Verdict verdict,
        List<Violation> violations,
        String method,
        String path,
        @Nullable String peer,
        @Nullable String guiltyHop,
        List<String> hops,
        Outcome outcome,
        int status,
        String message) {

    /** What was done with a handshake. */
    public enum Outcome {
        /** Passed on as it was; the container answered. */
        PASSED,
        /** Repaired, then passed on; the container answered. */
        REPAIRED,
        /** Refused by Firmshake itself, and the connection closed. */
        REFUSED
    }

    public HandshakeEvent {
        violations = List.copyOf(violations);
        hops = List.copyOf(hops);
    }

    /** Whether a WebSocket came of it: 101, or 2xx for an extended CONNECT. */
    public boolean switched() {
        return status == 101 || (method.equals("CONNECT") && status / 100 == 2);
    }
}
