package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.HandshakeReporter;
import org.jspecify.annotations.Nullable;

/**
 * Has a reporter's counted lines written in time where no container does it: by a daemon thread that exists while
 * something is counted and not said yet. None is left after {@link #stop}. Thread-safe.
 */
final class CountedLines {

    static final String THREAD = "firmshake-log";
    private static final long PERIOD_MILLIS = 5_000;
    private static final long END_MILLIS = 2_000;

    private @Nullable HandshakeReporter reporter;
    private @Nullable Thread thread;
    private boolean stopped;

    /** Names the reporter that calls {@link #start}, and says what another one had not said yet. */
    void of(HandshakeReporter next) {
        HandshakeReporter before;
        synchronized (this) {
            before = reporter;
            reporter = next;
            stopped = false;
        }
        if (before != null) {
            before.close(System.nanoTime());
        }
    }

    /** Starts the thread unless it runs: something was counted. */
    synchronized void start() {
        if (stopped || thread != null) {
            return;
        }
        // Does not inherit thread-locals, nor the context class loader of the request that happens to be served.
        Thread fresh = new Thread(null, this::run, THREAD, 0, false);
        fresh.setDaemon(true);
        fresh.setContextClassLoader(CountedLines.class.getClassLoader());
        thread = fresh;
        fresh.start();
    }

    /** Ends the thread, and says what is left. */
    void stop() {
        Thread last;
        HandshakeReporter rest;
        synchronized (this) {
            stopped = true;
            last = thread;
            rest = reporter;
            notifyAll();
        }
        if (last != null && last != Thread.currentThread()) {
            join(last);
        }
        if (rest != null) {
            rest.close(System.nanoTime());
        }
    }

    private void run() {
        HandshakeReporter current = next();
        while (current != null) {
            current.flush(System.nanoTime());
            current = next();
        }
    }

    /** Waits for the next look; null where the thread is to end. */
    private synchronized @Nullable HandshakeReporter next() {
        try {
            if (!stopped) {
                wait(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            stopped = true; // an application that interrupts its threads ends them
        }
        HandshakeReporter current = reporter;
        if (stopped || current == null || !current.isWaiting()) {
            thread = null;
            return null;
        }
        return current;
    }

    private static void join(Thread thread) {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
