package io.github.firmshake.jetty;

import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.PingSchedule;
import io.github.firmshake.heartbeat.PingSchedule.Task;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.heartbeat.Watch;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a {@link PingSchedule} decides. Has a thread only from the first session on, and none after {@link
 * #stop}; one is enough, since nothing that it does waits for a session. Thread-safe.
 */
final class Pings {

    private final PingSchedule<Pinged> schedule;
    private @Nullable Thread timer;
    private volatile boolean stopped;

    Pings(PingTiming timing, HeartbeatListener listener) {
        schedule = new PingSchedule<>(timing, new SecureRandom(), listener);
    }

    /** Takes a session in. */
    Watch<Pinged> add(Pinged session) {
        Watch<Pinged> watch = schedule.add(session, System.nanoTime());
        wake();
        return watch;
    }

    /** Says that a session has sent its Close. */
    void linger(Watch<Pinged> watch) {
        watch.linger(System.nanoTime());
        wake();
    }

    boolean isStopped() {
        return stopped;
    }

    /** Ends every session that is ours, and the thread. */
    void stop() {
        stopped = true;
        wake();
        CompletableFuture<?>[] closes =
                schedule.clear().stream().map(Pinged::stop).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closes).join(); // connectors would cut off what is not sent yet
        Thread last;
        synchronized (this) {
            last = timer;
        }
        if (last != null) {
            try {
                last.join(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void wake() {
        if (timer != null) {
            LockSupport.unpark(timer);
        } else if (!stopped) {
            // Without what is inheritable: it is some application's, and we may outlive that.
            timer = new Thread(null, this::run, "firmshake-heartbeat", 0, false);
            timer.setDaemon(true);
            timer.setContextClassLoader(Pings.class.getClassLoader());
            timer.start();
        }
    }

    private void run() {
        while (!stopped) {
            schedule.due(System.nanoTime()).forEach(this::tryTo);
            long wait = schedule.nanosToNext(System.nanoTime());
            if (!stopped) { // whose wake-up a lock may have taken that a task has waited for
                LockSupport.parkNanos(wait);
            }
        }
    }

    private void tryTo(Task<Pinged> task) {
        try {
            carryOut(task);
        } catch (RuntimeException e) {
            // Code of an application, where the server has no thread for it; the others are to be pinged all the same.
        }
    }

    private void carryOut(Task<Pinged> task) {
        Pinged session = task.session();
        switch (task.kind()) {
            case PING -> session.run(() -> ping(task));
            case IDLE -> {
                session.run(() -> session.expire(this));
                done();
            }
            // REAP, and DROP, where nothing is sent any more. Not 1001: clients that reconnect only after an
            // accident take that for goodbye.
            default -> session.close(1011, "ping timeout").whenComplete((nothing, failure) -> done());
        }
    }

    private void ping(Task<Pinged> task) {
        if (task.watch().sending(task.payload(), System.nanoTime())) { // now, however long a thread was waited for
            task.session().ping(task.payload());
            wake();
        }
    }

    private void done() {
        schedule.done();
        wake();
    }
}
