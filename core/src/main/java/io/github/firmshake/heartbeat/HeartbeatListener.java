package io.github.firmshake.heartbeat;

/** Is told what happens to the sessions that the server pings. Implementations are thread-safe and quick. */
public interface HeartbeatListener {

    /** A session is watched from now on. */
    default void opened() {}

    /** A session is not watched any more, for whatever reason. */
    default void closed() {}

    /** A Ping was handed to the connection. */
    default void pinged() {}

    /** The last Ping was answered after this time. */
    default void answered(long roundTripNanos) {}

    /** A Pong came that answers a Ping before the last one. */
    default void answeredLate() {}

    /** A session gave no sign of life in time and is closed with 1011. */
    default void reaped(long silentNanos) {}

    /** A session exceeded its own idle limit, which Pings had kept from being noticed by its container. */
    default void idle() {}
}
