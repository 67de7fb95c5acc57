package io.github.firmshake.handshake;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts handshakes by verdict, outcome and reason. Thread-safe; never reset. */
public final class HandshakeCounters implements HandshakeListener {

    private final Map<Verdict, LongAdder> verdicts = adders(Verdict.class);
    private final Map<Outcome, LongAdder> outcomes = adders(Outcome.class);
    private final Map<ReasonCode, LongAdder> reasons = adders(ReasonCode.class);

    /** Creates counters that stand at zero. */
    public HandshakeCounters() {}

    @Override
    public void onHandshake(HandshakeEvent event) {
        verdicts.get(event.verdict()).increment();
        outcomes.get(event.outcome()).increment();
        event.violations().stream()
                .map(Violation::code)
                .distinct()
                .forEach(code -> reasons.get(code).increment());
    }

    /** Handshakes with this verdict since the start. */
    public long count(Verdict verdict) {
        return verdicts.get(verdict).sum();
    }

    /** Handshakes with this outcome since the start. */
    public long count(Outcome outcome) {
        return outcomes.get(outcome).sum();
    }

    /** Handshakes that broke this rule since the start; one that broke several counts for each. */
    public long count(ReasonCode code) {
        return reasons.get(code).sum();
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            adders.put(constant, new LongAdder());
        }
        return adders;
    }
}
