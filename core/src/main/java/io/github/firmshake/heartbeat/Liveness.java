package io.github.firmshake.heartbeat;

/**
 * Whether one session is alive: a Ping with a payload nobody can guess, then any frame, or the end of patience. No two
 * Pings are under way at once. Not thread-safe: {@link PingSchedule} guards it.
 */
final class Liveness {

    /** What is to be done with a session. */
    enum Verdict {
        /** Nothing before {@link Liveness#due()}. */
        WAIT,
        /** Send a Ping. */
        PING,
        /** Close it: no sign of life in time. */
        DEAD,
        /** Close it: its own idle limit is over. */
        IDLE,
        /** Forget it: it was closed by somebody else. */
        GONE
    }

    /** What a Pong is to us. */
    enum Answer {
        TO_LAST_PING,
        TO_EARLIER_PING,
        UNASKED
    }

    private static final long SOON = 50_000_000;
    private static final long GRACE = 1_000_000_000;

    private final Watched session;
    private final PingTiming timing;
    private long due;
    private long unready = SOON; // how long until it is asked again whether it is ready
    private long pingedAt;
    private boolean waiting; // for a sign of life since the last Ping
    private boolean graceGiven; // to this Ping
    private long signsAtPing;

    private long payload;
    private boolean unanswered;
    private long earlierPayload;
    private boolean earlierUnanswered;

    // When they were last looked at.
    private long received;
    private long sent;
    private long signs;

    private long activeAt;
    private int pingsSinceLook;

    Liveness(Watched session, PingTiming timing, long now, long firstPing) {
        this.session = session;
        this.timing = timing;
        due = firstPing;
        activeAt = now;
        received = session.framesReceived();
        sent = session.framesSent();
        signs = session.signsOfLife();
    }

    /** When to ask for a {@link #verdict} again. */
    long due() {
        return due;
    }

    /** How long ago the Ping was sent that nothing answered. */
    long silence(long now) {
        return now - pingedAt;
    }

    Verdict verdict(long now) {
        if (!session.isOpen()) {
            return Verdict.GONE;
        }
        if (!session.isReady()) {
            due = now + unready;
            unready = Math.min(2 * unready, timing.intervalNanos()); // where nobody took the 101 in it stays so
            return Verdict.WAIT;
        }
        lookForActivity(now);
        if (waiting && signs == signsAtPing) {
            long left = timing.timeoutNanos() - (now - pingedAt);
            if (left < -GRACE && !graceGiven) {
                // We slept, not the client: the machine was suspended, or the process stopped. What has come meanwhile
                // is still to be read.
                graceGiven = true;
                due = now + GRACE;
                return Verdict.WAIT;
            }
            due = now + Math.min(left, timing.intervalNanos()); // a late Pong must not hold the next Ping back for long
            return left > 0 ? Verdict.WAIT : Verdict.DEAD;
        }
        if (waiting) {
            waiting = false;
            due = pingedAt + timing.intervalNanos();
        }
        long limit = session.idleLimitNanos();
        if (limit > 0 && now - activeAt >= limit) {
            return Verdict.IDLE;
        }
        return now - due < 0 ? Verdict.WAIT : Verdict.PING;
    }

    void sending(long newPayload, long now) {
        if (unanswered) {
            earlierPayload = payload;
        }
        earlierUnanswered = unanswered;
        payload = newPayload;
        unanswered = true;
        waiting = true;
        graceGiven = false;
        pingedAt = now;
        signsAtPing = session.signsOfLife();
        pingsSinceLook++;
        due = now + Math.min(timing.intervalNanos(), timing.timeoutNanos());
    }

    Answer pong(long body) {
        if (unanswered && body == payload) {
            unanswered = false;
            return Answer.TO_LAST_PING;
        }
        if (earlierUnanswered && body == earlierPayload) {
            earlierUnanswered = false;
            return Answer.TO_EARLIER_PING;
        }
        return Answer.UNASKED;
    }

    // Containers count both directions towards their idle limit, so an application that only sends is not idle. What
    // is ours is not counted: each Ping, where sent frames are seen at all, and its Pong. Other signs of life than
    // frames are an upload under way, or an endpoint at work.
    private void lookForActivity(long now) {
        long newReceived = session.framesReceived();
        long newSent = session.framesSent();
        long newSigns = session.signsOfLife();
        int ours = pingsSinceLook * (newSent > 0 ? 2 : 1);
        boolean frames = newReceived - received + newSent - sent > ours;
        if (frames || (newReceived == received && newSigns != signs)) {
            activeAt = now;
        }
        received = newReceived;
        sent = newSent;
        signs = newSigns;
        pingsSinceLook = 0;
    }
}
