package io.github.firmshake.heartbeat;

/** A session as {@link PingSchedule} sees it. Implementations are thread-safe and block nobody. */
public interface Watched {

    /** Whether it is open still. What is not is forgotten. */
    boolean isOpen();

    /** Whether it can send yet. A Ping waits for that: one that nobody sent would be taken for one that nobody answered. */
    default boolean isReady() {
        return true;
    }

    /** Frames received since the session was opened, Pongs included. */
    long framesReceived();

    /**
     * Grows with every sign of life: with frames received and, as far as it can be seen, with parts of one, and while an
     * application leaves unread what has come. No Pong can come before the end of either.
     */
    default long signsOfLife() {
        return framesReceived();
    }

    /** Frames sent since the session was opened, Pings included; 0 where that does not matter or is not known. */
    default long framesSent() {
        return 0;
    }

    /**
     * After how long without a frame the session's own container would close it, were it not for our Pings and their
     * Pongs, in nanoseconds; 0: never.
     */
    default long idleLimitNanos() {
        return 0;
    }
}
