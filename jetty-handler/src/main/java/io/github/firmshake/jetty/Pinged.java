package io.github.firmshake.jetty;

import io.github.firmshake.heartbeat.Watched;
import java.util.concurrent.CompletableFuture;

/** A session that {@link Pings} pings and closes. */
interface Pinged extends Watched {

    /** Does something with it where code of an application may run and block. */
    void run(Runnable task);

    /** Sends a Ping. Does not wait until it is sent. */
    void ping(byte[] payload);

    /**
     * Sends a Close and closes the connection, without waiting for the client's Close. A client that takes nothing in
     * would keep the Close waiting and the connection with it: after two seconds the connection is closed all the same.
     *
     * @return done when the connection is closed, or two seconds have passed
     */
    CompletableFuture<?> close(int code, String reason);

    /**
     * Does what Jetty does with a session that has exceeded its idle limit. An application may veto: then it is pinged on.
     */
    void expire(Pings pings);

    /** Ends with us, who stop now. */
    CompletableFuture<?> stop();
}
