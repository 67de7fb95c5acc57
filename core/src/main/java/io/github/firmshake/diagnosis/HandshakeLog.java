package io.github.firmshake.diagnosis;

import java.lang.System.Logger.Level;

/** Where an adapter's log lines go: the container's own log. Implementations are thread-safe. */
public interface HandshakeLog {

    /** Whether lines of this level are written at all. */
    boolean isLoggable(Level level);

    /** Writes one line. */
    void log(Level level, String message);

    /**
     * Writes one line about something that failed. It names the cause's class; the cause's message, which may hold
     * anything, follows at {@code DEBUG} only, escaped and cut at 75 characters.
     */
    default void log(Level level, String message, Throwable cause) {
        String text = message + ": " + cause.getClass().getName();
        log(level, text);
        if (isLoggable(Level.DEBUG)) {
            log(Level.DEBUG, text + ": " + Escape.quoted(String.valueOf(cause.getMessage())));
        }
    }
}
