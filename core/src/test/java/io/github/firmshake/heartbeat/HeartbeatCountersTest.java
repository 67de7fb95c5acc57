package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatCountersTest {

    private static final long MS = 1_000_000;

    private final HeartbeatCounters counters = new HeartbeatCounters();

    @Test
    void everythingThatHappensIsCounted() {
        counters.opened();
        counters.opened();
        counters.closed();
        counters.pinged();
        counters.answeredLate();
        counters.reaped(1);
        counters.idle();

        assertThat(counters.sessions()).isEqualTo(1);
        assertThat(counters.pings()).isEqualTo(1);
        assertThat(counters.pongs()).isZero();
        assertThat(counters.late()).isEqualTo(1);
        assertThat(counters.reaped()).isEqualTo(1);
        assertThat(counters.idled()).isEqualTo(1);
    }

    @Test
    void roundTripsAreCountedUpToAndIncludingTheirBound() {
        counters.answered(0);
        counters.answered(MS);
        counters.answered(MS + 1);
        counters.answered(10_000 * MS);
        counters.answered(10_000 * MS + 1);

        assertThat(counters.pongs()).isEqualTo(5);
        assertThat(counters.roundTrips())
                .hasSize(14)
                .containsEntry("1 ms", 2L)
                .containsEntry("2 ms", 1L)
                .containsEntry("5 ms", 0L)
                .containsEntry("10000 ms", 1L)
                .containsEntry("more", 1L);
        assertThat(counters.roundTrips().keySet()).startsWith("1 ms", "2 ms").endsWith("10000 ms", "more");
    }

    @Test
    void aListenerMayIgnoreEverything() {
        HeartbeatListener listener = new HeartbeatListener() {};
        listener.opened();
        listener.closed();
        listener.pinged();
        listener.answered(1);
        listener.answeredLate();
        listener.reaped(1);
        listener.idle();
    }
}
