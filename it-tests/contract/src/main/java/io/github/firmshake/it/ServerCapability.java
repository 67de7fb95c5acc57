package io.github.firmshake.it;

/** What is tried on servers as they are downloaded: the rows of the second table of docs/reference/container-matrix.md. */
public enum ServerCapability implements Row {
    /** The application starts. */
    DEPLOYS("starts without a stack trace, and says so"),
    /** The line of a damaged handshake. */
    TELLS("says what is wrong with a damaged handshake"),
    /** The shapes that {@code repair=safe} covers, a row each. */
    REPAIRS("repairs `Upgrade: websocket` with"),
    /** The JDK's client behind a damaging hop. */
    STRICT_CLIENT("gives a strict client a 101 that it accepts"),
    /** {@code onInvalid=reject}. */
    REFUSES("refuses a damaged handshake whole, with an HTTP/1.1 status line, and closes"),
    /** {@code allowedOrigins} and {@code heartbeatOrigins}. */
    ORIGINS("refuses an origin that is not allowed"),
    /** The dedicated endpoint. */
    HEARTBEAT("serves the heartbeat's endpoint, and pings and reaps its sessions"),
    /** Pings sent at once: too many answers must not be asked of a server at one time. */
    HEARTBEAT_AT_ONCE("answers each of 72 heartbeats that ping as soon as they may"),
    /** Messages, and Ping frames, which many servers answer below their WebSocket API. */
    HEARTBEAT_FLOOD("closes the heartbeat of a client that floods it"),
    /** {@code pingSessions=all}. */
    PINGS_APPLICATION("pings and reaps the application's own sessions where asked to"),
    /** The browser's. */
    SCRIPT("serves the browser's script"),
    /** JDK Flight Recorder. */
    FLIGHT_RECORDER("writes events to Flight Recorder"),
    /** A misspelt setting. */
    WRONG_SETTING("stops an application with a wrong setting, and names the known one nearest to it"),
    /** The application comes and goes. */
    REDEPLOYS("closes the heartbeat's sessions with 1001 when the application goes, and works when it is back");

    private final String title;

    ServerCapability(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean hasRowsOfSubjects() {
        return this == REPAIRS;
    }

    /** Notes that it was done on a server. */
    public void did(String server, String subject) {
        Results.add(server, this, subject, "");
    }

    /** Notes why it cannot be done on a server. */
    public void cannot(String server, String subject, String reason) {
        Results.add(server, this, subject, reason);
    }
}
