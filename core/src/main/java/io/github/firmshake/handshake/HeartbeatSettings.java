package io.github.firmshake.handshake;

import java.util.Locale;

/**
 * The settings of the heartbeat: a part of {@link Settings}, which reads them and holds their defaults. Immutable.
 *
 * @param heartbeatPath the path of the dedicated endpoint, relative to the context or the server; empty: there is none
 * @param heartbeatOrigins origins that may use it
 * @param heartbeatMaxSessions how many sessions it takes at once
 * @param scriptPath the path of the browser's script, relative likewise; empty: it is not served
 * @param pingSessions whose sessions the server pings
 * @param pingIntervalSeconds from one Ping to the next; 0: none is sent
 * @param pongTimeoutSeconds how long a sign of life may take after a Ping
 */
public record HeartbeatSettings(
        String heartbeatPath,
        Origins heartbeatOrigins,
        int heartbeatMaxSessions,
        String scriptPath,
        PingSessions pingSessions,
        int pingIntervalSeconds,
        int pongTimeoutSeconds) {

    /** The setting {@code pingSessions}. */
    public enum PingSessions {
        /** Those of the dedicated endpoint. */
        HEARTBEAT,
        /** Every session that the adapter can see, the application's too. */
        ALL,
        /** None. */
        OFF
    }

    /** The interval of Pings on the dedicated endpoint's sessions; 0: none is sent. */
    public int heartbeatIntervalSeconds() {
        return pingSessions == PingSessions.OFF ? 0 : pingIntervalSeconds;
    }

    /** How many sessions a tenth of a heap holds, within reason: one takes some 18 kB on Tomcat, and no more elsewhere. */
    static int sessionsIn(long heapBytes) {
        return (int) Math.max(1_000, Math.min(10_000, heapBytes / 10 / 18_000));
    }

    /** Whether the application's sessions are pinged too. */
    public boolean pingsApplication() {
        return pingSessions == PingSessions.ALL && pingIntervalSeconds > 0;
    }

    /** A part of the start line. */
    @Override
    public String toString() {
        return "heartbeatPath=\"" + heartbeatPath + "\" heartbeatOrigins=\"" + heartbeatOrigins
                + "\" heartbeatMaxSessions=" + heartbeatMaxSessions + " scriptPath=\"" + scriptPath + "\" pingSessions="
                + pingSessions.name().toLowerCase(Locale.ROOT) + " pingIntervalSeconds=" + pingIntervalSeconds
                + " pongTimeoutSeconds=" + pongTimeoutSeconds;
    }
}
