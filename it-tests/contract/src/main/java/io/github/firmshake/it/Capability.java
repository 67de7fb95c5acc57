package io.github.firmshake.it;

/** What the contract exercises on every container: the rows of docs/reference/container-matrix.md. */
public enum Capability implements Row {
    /** {@link Malformed}, with {@code repair=off}. */
    TELLS_MALFORMED("says what is wrong with a malformed handshake"),
    /** {@link Corpus}, with {@code repair=off}. */
    TELLS_RECORDED("judges a request that a real proxy was recorded to send"),
    /** The line that follows at DEBUG. */
    ORDER_OF_FIELDS("shows the whole head at DEBUG, its fields in the order in which they came"),
    /** Fingerprints that need the case of field names. */
    CASE_OF_NAMES("knows proxies by the case of field names"),
    /** The peer is never a forwarded address. */
    PEER("names the socket's peer, whatever `X-Forwarded-For` says"),
    /** Asynchronous servlets. */
    ASYNCHRONOUS("reports an asynchronous answer when it is there"),
    /** The rows of {@link Malformed} with nothing wrong. */
    CANONICAL_FORM("lets the server switch a valid handshake, in whatever form"),
    /** The shapes that {@code repair=safe} covers, a row each. */
    REPAIRS("repairs `Upgrade: websocket` with"),
    /** The JDK's client behind a damaging hop. */
    STRICT_CLIENT("gives a strict client a 101 that it accepts"),
    /** Pooled connections to a server that answers HTTP/1.0 are poisoned. */
    ANSWERS_HTTP10("answers HTTP/1.0, handshake or not, with an HTTP/1.1 status line"),
    /** {@link Malformed}, with {@code onInvalid=reject}. */
    REFUSES_MALFORMED("refuses a malformed handshake whole, and closes"),
    /** {@link Corpus}, with {@code onInvalid=reject}. */
    REFUSES_RECORDED("refuses a damaged request of a real proxy whole, and closes"),
    /** The same of refusals. */
    REFUSES_HTTP10("refuses HTTP/1.0 with an HTTP/1.1 status line"),
    /** Two requests in one packet. */
    REFUSES_PIPELINED("refuses a request that another follows at once, and leaves that one"),
    /** {@code webSocketPaths}. */
    PLAIN_HTTP("explains plain HTTP on a WebSocket path"),
    /** A key over HTTP/2, where it means nothing. */
    HTTP2_GET("tells and refuses a handshake that came as a GET over HTTP/2"),
    /** RFC 8441. */
    EXTENDED_CONNECT("examines WebSocket over HTTP/2 (RFC 8441)"),
    /** A misspelt setting. */
    UNKNOWN_SETTING("names the known setting nearest to an unknown one"),
    /** Two adapters in front of one application. */
    TOGETHER("examines once where another adapter examines too"),
    /** {@link HeartbeatContract}. */
    HEARTBEAT("serves the heartbeat's endpoint, and pings and reaps its sessions"),
    /** {@link HeartbeatLimitsContract}. */
    HEARTBEAT_FLOOD("closes a client of the heartbeat's endpoint that floods it with"),
    /** {@link ScriptContract}. */
    SCRIPT("serves the browser's script and its types"),
    /** {@code pingSessions=all}. */
    PINGS_APPLICATION("pings and reaps the application's own sessions where asked to"),
    /** {@link AnsweringContract}. */
    ANSWERS_PINGS("answers `:ping` on the application's own connection with one line of code");

    private final String title;

    Capability(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean hasRowsOfSubjects() {
        return this == REPAIRS || this == HEARTBEAT_FLOOD;
    }
}
