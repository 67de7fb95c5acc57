package io.github.firmshake.diagnosis;

import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps faults of our own away from the requests that they happen on. A fault is logged without a stack trace, one line a
 * minute, and the adapter goes on with what it does then. Thread-safe.
 *
 * <p>Out of memory and the death of a thread are nobody's own fault: they are not caught.
 */
public final class Guard {

    private static final long MINUTE = 60_000_000_000L;
    private static final String OURS = "io.github.firmshake.";

    private final HandshakeLog log;
    private final LongSupplier clock;
    private boolean written;
    private long writtenAt;
    private long leftOut;

    /**
     * Creates a guard.
     *
     * @param log where faults are said
     * @param clock the time, as {@link System#nanoTime()} gives it
     */
    public Guard(HandshakeLog log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Computes something.
     *
     * @param instead what there is where that fails
     * @param consequence what becomes of the request then, as a clause
     */
    public <T extends @Nullable Object> T attempt(Supplier<T> work, T instead, String consequence) {
        try {
            return work.get();
        } catch (Exception | LinkageError | StackOverflowError e) { // Exception: listeners throw checked ones too
            failed(e, consequence);
            return instead;
        }
    }

    /** Does something that no answer depends on, or as much of it as can be done. */
    public void run(Runnable work, String consequence) {
        attempt(
                () -> {
                    work.run();
                    return "";
                },
                "",
                consequence);
    }

    /** Says that something failed, and what becomes of the request. */
    public void failed(Throwable fault, String consequence) {
        try {
            write(fault, consequence);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // The log fails too, and there is no other place to say so.
        }
    }

    private void write(Throwable fault, String consequence) {
        long more;
        synchronized (this) {
            long now = clock.getAsLong();
            if (written && now - writtenAt < MINUTE) {
                leftOut++;
                return;
            }
            written = true;
            writtenAt = now;
            more = leftOut;
            leftOut = 0;
        }
        log.log(
                Level.WARNING,
                "fault of Firmshake itself, " + fault.getClass().getName() + place(fault) + ": " + consequence
                        + (more == 0 ? "" : "; " + more + " more faults since the last such line"));
        if (log.isLoggable(Level.DEBUG)) { // a message may hold anything that the request held
            log.log(Level.DEBUG, "that fault's message: " + Escape.quoted(String.valueOf(fault.getMessage())));
        }
    }

    // The first line of ours: enough to find it, and nothing of the request.
    private static String place(Throwable fault) {
        for (StackTraceElement frame : fault.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return " at " + frame.getClassName().substring(OURS.length()) + '.' + frame.getMethodName() + ':'
                        + frame.getLineNumber();
            }
        }
        return "";
    }
}
