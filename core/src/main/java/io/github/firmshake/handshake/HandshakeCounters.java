package io.github.firmshake.handshake;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts handshakes by verdict, outcome and reason, and keeps the messages of the last that failed or were repaired.
 * Thread-safe; never reset.
 */
public final class HandshakeCounters implements HandshakeListener {

    private static final int LAST = 20;

    private final Deque<String> last = new ArrayDeque<>(LAST);
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
        if (!event.violations().isEmpty()) {
            keep(event.message());
        }
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

    /** How often each reason occurred since the start; reasons that never did are left out. */
    public Map<ReasonCode, Long> reasons() {
        Map<ReasonCode, Long> counts = new EnumMap<>(ReasonCode.class);
        reasons.forEach((code, adder) -> counts.put(code, adder.sum()));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** The messages of the last 20 handshakes that broke a rule, oldest first. */
    public List<String> lastMessages() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    private void keep(String message) {
        synchronized (last) {
            if (last.size() == LAST) {
                last.removeFirst();
            }
            last.addLast(message);
        }
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            adders.put(constant, new LongAdder());
        }
        return adders;
    }
}
