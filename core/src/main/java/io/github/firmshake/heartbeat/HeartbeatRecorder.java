package io.github.firmshake.heartbeat;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Writes what becomes of sessions and of their Pings to JDK Flight Recorder as {@code io.github.firmshake.Heartbeat}, and
 * passes everything on to another listener. Thread-safe.
 */
public final class HeartbeatRecorder implements HeartbeatListener {

    private final HeartbeatListener next;

    private HeartbeatRecorder(HeartbeatListener next) {
        this.next = next;
    }

    /** A recorder in front of a listener, or the listener alone where the runtime image has no {@code jdk.jfr}. */
    public static HeartbeatListener before(HeartbeatListener next) {
        try {
            new Heartbeat();
            return new HeartbeatRecorder(next);
        } catch (LinkageError e) { // jdk.jfr is an optional module: an image made by jlink may lack it
            return next;
        }
    }

    @Override
    public void opened() {
        record("OPENED", 0);
        next.opened();
    }

    @Override
    public void closed() {
        record("CLOSED", 0);
        next.closed();
    }

    @Override
    public void pinged() {
        record("PINGED", 0);
        next.pinged();
    }

    @Override
    public void answered(long roundTripNanos) {
        record("ANSWERED", roundTripNanos);
        next.answered(roundTripNanos);
    }

    @Override
    public void answeredLate() {
        record("LATE", 0);
        next.answeredLate();
    }

    @Override
    public void reaped(long silentNanos) {
        record("REAPED", silentNanos);
        next.reaped(silentNanos);
    }

    @Override
    public void idle() {
        record("IDLE", 0);
        next.idle();
    }

    private static void record(String outcome, long nanos) {
        Heartbeat event = new Heartbeat();
        event.outcome = outcome;
        event.after = nanos;
        event.commit();
    }

    @Name("io.github.firmshake.Heartbeat")
    @Label("WebSocket heartbeat")
    @Description("What became of one Ping, or of the session it is sent to")
    @Category("Firmshake")
    @StackTrace(false)
    private static final class Heartbeat extends Event {
        @Label("Outcome")
        @Description("OPENED, PINGED, ANSWERED, LATE, REAPED, IDLE or CLOSED")
        @Nullable
        String outcome;

        @Label("After")
        @Description("The round trip of an answered Ping, or the silence of a reaped session; else 0")
        @Timespan(Timespan.NANOSECONDS)
        long after;
    }
}
