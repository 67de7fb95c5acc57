package io.github.firmshake.jetty;

import io.github.firmshake.heartbeat.HeartbeatCounters;
import java.util.function.IntSupplier;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;

/** What became of heartbeat sessions and their Pings since the handler was created, for JMX. Thread-safe. */
@ManagedObject("WebSocket heartbeat: sessions, and what became of Pings")
public final class HeartbeatStatistics {

    private final HeartbeatCounters counters;
    private final IntSupplier heartbeatSessions;

    HeartbeatStatistics(HeartbeatCounters counters, IntSupplier heartbeatSessions) {
        this.counters = counters;
        this.heartbeatSessions = heartbeatSessions;
    }

    /** Sessions of the heartbeat endpoint that are open now. */
    @ManagedAttribute(value = "Sessions of the heartbeat endpoint that are open now", readonly = true)
    public int getHeartbeatSessions() {
        return heartbeatSessions.getAsInt();
    }

    /** Sessions that are pinged now, those of the heartbeat endpoint among them. */
    @ManagedAttribute(
            value = "Sessions that are pinged now, those of the heartbeat endpoint among them",
            readonly = true)
    public long getPingedSessions() {
        return counters.sessions();
    }

    /** Pings sent. */
    @ManagedAttribute(value = "Pings sent", readonly = true)
    public long getPings() {
        return counters.pings();
    }

    /** Pongs that answered the last Ping. */
    @ManagedAttribute(value = "Pongs that answered the last Ping", readonly = true)
    public long getPongs() {
        return counters.pongs();
    }

    /** Pongs that answered an earlier Ping. */
    @ManagedAttribute(value = "Pongs that answered an earlier Ping", readonly = true)
    public long getLatePongs() {
        return counters.late();
    }

    /** Sessions closed because they gave no sign of life in time. */
    @ManagedAttribute(value = "Sessions closed because they gave no sign of life in time", readonly = true)
    public long getReaped() {
        return counters.reaped();
    }

    /** Sessions of an application closed at their own idle limit. */
    @ManagedAttribute(value = "Sessions of an application closed at their own idle limit", readonly = true)
    public long getIdled() {
        return counters.idled();
    }

    /** Round-trip times, as BOUND=COUNT: how many Pongs took at most so long, and longer than the bound before. */
    @ManagedAttribute(value = "Round-trip times of Pings, as BOUND=COUNT", readonly = true)
    public String[] getRoundTrips() {
        return counters.roundTrips().entrySet().stream().map(Object::toString).toArray(String[]::new);
    }
}
