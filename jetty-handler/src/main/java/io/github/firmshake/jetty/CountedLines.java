package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.HandshakeReporter;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Has a reporter's counted lines written in time, by the server's scheduler while there are any. Thread-safe. */
final class CountedLines {

    private static final long PERIOD_MILLIS = 5_000;

    private final Scheduler scheduler;
    private @Nullable HandshakeReporter reporter;
    private Scheduler.@Nullable Task next;
    private boolean stopped;

    CountedLines(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Names the reporter that calls {@link #start}. */
    synchronized void of(HandshakeReporter newReporter) {
        reporter = newReporter;
    }

    /** Has it looked at soon, unless it is already so: something was counted. */
    synchronized void start() {
        if (!stopped && next == null) {
            next = scheduler.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the looking, and says what is left. */
    void stop() {
        HandshakeReporter last;
        synchronized (this) {
            stopped = true;
            if (next != null) {
                next.cancel();
            }
            last = reporter;
        }
        if (last != null) {
            last.close(System.nanoTime());
        }
    }

    private void look() {
        HandshakeReporter current;
        synchronized (this) {
            next = null;
            current = reporter;
        }
        if (current != null && current.flush(System.nanoTime())) {
            start();
        }
    }
}
