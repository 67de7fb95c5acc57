package io.github.firmshake.heartbeat;

/**
 * One session in a {@link PingSchedule}. Thread-safe.
 *
 * @param <S> the session's type
 */
public final class Watch<S extends Watched> {

    final PingSchedule<S> schedule;
    final S session;
    final Liveness liveness;
    final long number;

    // Guarded by the schedule.
    long due;
    boolean lingering;
    boolean over;

    Watch(PingSchedule<S> schedule, S session, Liveness liveness, long number) {
        this.schedule = schedule;
        this.session = session;
        this.liveness = liveness;
        this.number = number;
        due = liveness.due();
    }

    /**
     * Says that a Ping is about to be sent: the deadline counts from here, however long it waited for its turn.
     *
     * @return whether to send it; not where the session has ended or sent its Close meanwhile
     */
    public boolean sending(byte[] payload, long now) {
        return schedule.sending(this, payload, now);
    }

    /**
     * Takes a Pong.
     *
     * @return whether it answers a Ping of ours
     */
    public boolean pong(byte[] payload, long now) {
        return schedule.pong(this, payload, now);
    }

    /** Says that the session has sent its Close: it is dropped unless it ends within some seconds. */
    public void linger(long now) {
        schedule.linger(this, now);
    }

    /** Says that the session has ended. Has an effect once. */
    public void end() {
        schedule.end(this);
    }
}
