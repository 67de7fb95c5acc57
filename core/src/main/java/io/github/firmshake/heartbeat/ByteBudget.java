package io.github.firmshake.heartbeat;

/**
 * Limits the bytes of a client whose frames cannot be counted, since the container answers Pings and joins fragments by
 * itself. It may send twice the bytes of the longest frames that {@link PingBudget} allows. Time is an argument. Not
 * thread-safe: one connection is read by one thread at a time.
 */
public final class ByteBudget {

    private static final int LONGEST_FRAME = 2 + 4 + HeartbeatText.MAX_MESSAGE;
    private static final long BYTES_A_SECOND = 2 * 2 * LONGEST_FRAME;
    private static final long BURST = 2 * 10 * LONGEST_FRAME;
    private static final long SECOND = 1_000_000_000;

    private long paid; // as in PingBudget

    /** Creates a full budget. */
    public ByteBudget(long now) {
        paid = now;
    }

    /** Takes bytes from the budget. False: the client has exceeded it, for good. */
    public boolean take(long bytes, long now) {
        if (paid - now < 0) {
            paid = now;
        }
        paid += bytes * SECOND / BYTES_A_SECOND;
        return paid - now <= BURST * SECOND / BYTES_A_SECOND;
    }
}
