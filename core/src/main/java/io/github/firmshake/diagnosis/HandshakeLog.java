package io.github.firmshake.diagnosis;

import java.lang.System.Logger.Level;

/** Where an adapter's log lines go: the container's own log. Implementations are thread-safe. */
public interface HandshakeLog {

    /** Whether lines of this level are written at all. */
    boolean isLoggable(Level level);

    /** Writes one line. */
    void log(Level level, String message);
}
