package io.github.firmshake.heartbeat;

/**
 * How many messages a client may send: 2 a second on average, 10 at once. Time is an argument. Not thread-safe: one
 * session's messages come one after the other.
 */
public final class PingBudget {

    /** What is said to a client that is closed for exceeding it. */
    public static final String EXCEEDED = "more than 2 pings a second";

    private static final long EACH = 500_000_000;
    private static final long BURST = 10;

    // When everything taken so far is paid for: the bucket of tokens as one number (GCRA, ITU-T I.371 A).
    private long paid;

    /** Creates a full budget. */
    public PingBudget(long now) {
        paid = now;
    }

    /** Takes one message from the budget. False: the client has exceeded it. */
    public boolean take(long now) {
        if (paid - now < 0) {
            paid = now;
        }
        if (paid - now > (BURST - 1) * EACH) {
            return false;
        }
        paid += EACH;
        return true;
    }
}
