package io.github.firmshake.heartbeat;

/**
 * When sessions are pinged.
 *
 * @param intervalNanos from one Ping to the next; 0: none is sent
 * @param timeoutNanos how long a sign of life may take after a Ping
 */
public record PingTiming(long intervalNanos, long timeoutNanos) {

    private static final long SECOND = 1_000_000_000;

    /** The same in seconds, as the settings have it. */
    public static PingTiming ofSeconds(int interval, int timeout) {
        return new PingTiming(interval * SECOND, timeout * SECOND);
    }

    boolean isOff() {
        return intervalNanos == 0;
    }
}
