package io.github.firmshake.demo.hop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What lies between a hop and the application. Once {@link #cut}, it drops every byte in both directions and lets neither
 * end notice: connections stay open, and that the other end has closed is not told either. Thread-safe.
 *
 * <p>TCP sends again what a real cable has lost. Here it is lost for good, as where a router has started anew meanwhile:
 * {@link #plugIn} heals connections that nothing was lost of, and new ones.
 */
public final class Cable {

    private final AtomicLong dropped = new AtomicLong();
    private final Set<Runnable> atPlugIn = new HashSet<>();
    private volatile boolean cut;

    /** Drops everything from now on. */
    public synchronized void cut() {
        if (!cut) {
            dropped.set(0);
        }
        cut = true;
    }

    /** Carries everything from now on. Connections that were begun in between are over: their request was dropped. */
    public synchronized void plugIn() {
        cut = false;
        atPlugIn.forEach(Runnable::run);
        atPlugIn.clear();
    }

    public boolean isCut() {
        return cut;
    }

    /** Bytes dropped since it was cut last. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Copies until the stream ends.
     *
     * @param gone whether the receiver has closed without being heard: the next byte to it is answered with a reset then
     */
    void carry(InputStream from, OutputStream to, BooleanSupplier gone) throws IOException {
        byte[] buffer = new byte[8192];
        for (int got = from.read(buffer); got >= 0; got = from.read(buffer)) {
            if (cut) {
                dropped.addAndGet(got);
            } else if (gone.getAsBoolean()) {
                throw new IOException("the other end has closed");
            } else {
                to.write(buffer, 0, got);
            }
        }
    }

    /**
     * Drops a request and all that follows, until the client gives up.
     *
     * @param bytes how long the request was
     * @param end ends the connection when the cable is plugged in again
     * @return false: the cable is not cut
     */
    boolean swallow(int bytes, InputStream rest, Runnable end) throws IOException {
        synchronized (this) {
            if (!cut) {
                return false;
            }
            atPlugIn.add(end);
        }
        try {
            dropped.addAndGet(bytes);
            byte[] buffer = new byte[8192];
            for (int got = rest.read(buffer); got >= 0; got = rest.read(buffer)) {
                dropped.addAndGet(got);
            }
            return true;
        } finally {
            synchronized (this) {
                atPlugIn.remove(end);
            }
        }
    }
}
