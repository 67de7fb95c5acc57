package io.github.firmshake.handshake;

/** What a request is, as a WebSocket handshake. */
public enum Verdict {
    /** No handshake. */
    PLAIN,
    /** Meets every rule. */
    VALID,
    /** A WebSocket client sent it and a hop changed it. */
    DAMAGED,
    /** The client's own fault, or hostile. */
    INVALID
}
