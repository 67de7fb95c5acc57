package io.github.firmshake.benchmarks.heartbeat;

import io.github.firmshake.benchmarks.heartbeat.ServerProcess.Memory;
import java.util.Locale;

/**
 * What one server did in one round.
 *
 * @param opened memory with all sessions open
 * @param used memory after they were used
 * @param perSecond pings answered
 * @param median round trip, microseconds
 * @param p99 round trip that one in a hundred exceeds, microseconds
 * @param cpu the server's processor time for each ping, microseconds
 * @param fromServer Pings that the server sent meanwhile, all answered
 */
record Result(Memory opened, Memory used, double perSecond, double median, double p99, double cpu, int fromServer) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %.1f MB, used %.1f MB, %.0f pings/s, p50 %.0f us, p99 %.0f us, cpu %.1f us, %d Pings received",
                opened.heap() / 1e6,
                used.heap() / 1e6,
                perSecond,
                median,
                p99,
                cpu,
                fromServer);
    }
}
