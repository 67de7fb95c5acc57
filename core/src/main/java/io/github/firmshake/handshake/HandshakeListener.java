package io.github.firmshake.handshake;

/**
 * Told of every handshake once it has been answered: valid ones, repaired ones, refused ones. By then the adapter's own
 * counters and Flight Recorder have it.
 *
 * <p>Called on the thread that served the request, so it has to be thread-safe and quick. What it throws is logged and
 * harms neither the request nor other listeners.
 */
@FunctionalInterface
public interface HandshakeListener {

    /** Takes one answered handshake. */
    void onHandshake(HandshakeEvent event);
}
