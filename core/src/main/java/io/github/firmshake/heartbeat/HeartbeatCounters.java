package io.github.firmshake.heartbeat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to the sessions that the server pings. Thread-safe; never reset. */
public final class HeartbeatCounters implements HeartbeatListener {

    private static final long MILLISECOND = 1_000_000;
    private static final long[] BOUNDS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};

    private final LongAdder sessions = new LongAdder();
    private final LongAdder pings = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder reaped = new LongAdder();
    private final LongAdder idle = new LongAdder();
    private final LongAdder[] roundTrips = new LongAdder[BOUNDS.length + 1];

    /** Creates counters that stand at zero. */
    public HeartbeatCounters() {
        Arrays.setAll(roundTrips, i -> new LongAdder());
    }

    @Override
    public void opened() {
        sessions.increment();
    }

    @Override
    public void closed() {
        sessions.decrement();
    }

    @Override
    public void pinged() {
        pings.increment();
    }

    @Override
    public void answered(long roundTripNanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && roundTripNanos > BOUNDS[bucket] * MILLISECOND) {
            bucket++;
        }
        roundTrips[bucket].increment();
    }

    @Override
    public void answeredLate() {
        late.increment();
    }

    @Override
    public void reaped(long silentNanos) {
        reaped.increment();
    }

    @Override
    public void idle() {
        idle.increment();
    }

    /** Sessions watched now. */
    public long sessions() {
        return sessions.sum();
    }

    /** Pings sent. */
    public long pings() {
        return pings.sum();
    }

    /** Pongs that answered the last Ping. */
    public long pongs() {
        return Arrays.stream(roundTrips).mapToLong(LongAdder::sum).sum();
    }

    /** Pongs that answered an earlier Ping. */
    public long late() {
        return late.sum();
    }

    /** Sessions closed because they gave no sign of life in time. */
    public long reaped() {
        return reaped.sum();
    }

    /** Sessions closed because they exceeded their own idle limit. */
    public long idled() {
        return idle.sum();
    }

    /** Round-trip times: how many Pongs took at most so long, and longer than the bound before; in order. */
    public Map<String, Long> roundTrips() {
        Map<String, Long> buckets = new LinkedHashMap<>();
        for (int i = 0; i < BOUNDS.length; i++) {
            buckets.put(BOUNDS[i] + " ms", roundTrips[i].sum());
        }
        buckets.put("more", roundTrips[BOUNDS.length].sum());
        return buckets;
    }
}
