package io.github.firmshake.heartbeat;

/** What {@link FrameReader} found (RFC 6455 5.2). Payloads are unmasked, and belong to the receiver. */
public sealed interface Frame {

    /** No status code was received (RFC 6455 7.4.1); never sent. */
    int NO_STATUS = 1005;

    /** A whole text message. */
    record Text(String text) implements Frame {}

    /** A part of a text message that is not complete yet. */
    record Fragment() implements Frame {}

    /** A Ping. */
    record Ping(byte[] payload) implements Frame {}

    /** A Pong, asked for or not. */
    record Pong(byte[] payload) implements Frame {}

    /** A Close; {@link Frame#NO_STATUS} where it says nothing. */
    record Close(int code) implements Frame {}

    /**
     * The connection has to fail (RFC 6455 7.1.7). Nothing is read after it.
     *
     * @param code the code of the Close to send
     * @param reason what is wrong
     */
    record Fault(int code, String reason) implements Frame {}
}
