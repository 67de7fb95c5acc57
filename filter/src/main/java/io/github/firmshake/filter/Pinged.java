package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.Watched;
import java.io.IOException;

/** A session that {@link PingRunner} pings and closes, on threads of its own. */
interface Pinged extends Watched {

    /** Sends a Ping. May block until the deadline for a sign of life, not longer. */
    void ping(byte[] payload) throws IOException;

    /** Sends a Close as far as that goes without waiting, and closes the connection. */
    void close(int code, String reason);

    /** Closes the connection without a word. */
    default void drop() {}

    /** Whether its connection holds an application of the container, which is to be let go when it stops. */
    default boolean belongsTo(Object application) {
        return false;
    }

    /** Ends with us or with its application, which stop now. */
    default void stop() {
        close(1001, "going away");
    }
}
