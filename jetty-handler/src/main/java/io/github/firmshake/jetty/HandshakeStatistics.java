package io.github.firmshake.jetty;

import io.github.firmshake.handshake.HandshakeCounters;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.Verdict;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;

/** What a handler has seen since it was created, for JMX. Thread-safe. */
@ManagedObject("WebSocket handshakes: what was wrong with them, and what became of them")
public final class HandshakeStatistics {

    private final HandshakeCounters counters;

    HandshakeStatistics(HandshakeCounters counters) {
        this.counters = counters;
    }

    /** Handshakes that met every rule. */
    @ManagedAttribute(value = "Handshakes that met every rule", readonly = true)
    public long getValid() {
        return counters.count(Verdict.VALID);
    }

    /** Handshakes that a hop damaged. */
    @ManagedAttribute(value = "Handshakes that a hop damaged", readonly = true)
    public long getDamaged() {
        return counters.count(Verdict.DAMAGED);
    }

    /** Handshakes wrong by their client's own fault. */
    @ManagedAttribute(value = "Handshakes wrong by their client's own fault", readonly = true)
    public long getInvalid() {
        return counters.count(Verdict.INVALID);
    }

    /** Plain HTTP requests on WebSocket paths. */
    @ManagedAttribute(value = "Plain HTTP requests on WebSocket paths", readonly = true)
    public long getPlain() {
        return counters.count(Verdict.PLAIN);
    }

    /** Damaged handshakes that were repaired. */
    @ManagedAttribute(value = "Damaged handshakes that were repaired", readonly = true)
    public long getRepaired() {
        return counters.count(Outcome.REPAIRED);
    }

    /** Handshakes that Firmshake answered itself. */
    @ManagedAttribute(value = "Handshakes that Firmshake answered itself", readonly = true)
    public long getRefused() {
        return counters.count(Outcome.REFUSED);
    }

    /** How often each reason code occurred, as CODE=COUNT. */
    @ManagedAttribute(value = "How often each reason code occurred, as CODE=COUNT", readonly = true)
    public String[] getReasons() {
        return counters.reasons().entrySet().stream().map(Object::toString).toArray(String[]::new);
    }

    /** The messages of the last 20 handshakes that broke a rule, oldest first. */
    @ManagedAttribute(value = "The messages of the last 20 handshakes that broke a rule, oldest first", readonly = true)
    public String[] getLastMessages() {
        return counters.lastMessages().toArray(String[]::new);
    }
}
