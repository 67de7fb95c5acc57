package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.PingSchedule;
import io.github.firmshake.heartbeat.PingSchedule.Kind;
import io.github.firmshake.heartbeat.PingSchedule.Task;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.heartbeat.Watch;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a {@link PingSchedule} decides: one thread waits for the time, a few send and close. None is there
 * before the first session, and none is left after {@link #stop}. Thread-safe.
 */
final class PingRunner {

    // A session that took in no byte for long blocks one of them until its deadline (Tomcat sends Pings no other way):
    // a task gets a new one where all are busy, and waits only where there are as many as may be.
    private static final int MOST_WORKERS = 64;

    private final PingSchedule<Pinged> schedule;
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            0, MOST_WORKERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread, PingRunner::handOver);
    private @Nullable Thread timer;
    private volatile boolean stopped;

    PingRunner(PingTiming timing, HeartbeatListener listener) {
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

    /** Closes the sessions of one application. */
    void stop(Object application) {
        schedule.sessions().stream()
                .filter(session -> session.belongsTo(application))
                .forEach(Pinged::stop);
    }

    /** Closes all sessions and ends all threads. */
    void stop() {
        stopped = true;
        workers.shutdownNow(); // interrupts whoever is stuck in a send
        interruptTimer();
        schedule.clear().forEach(Pinged::stop);
        try {
            workers.awaitTermination(2, TimeUnit.SECONDS);
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void wake() {
        if (timer != null) {
            LockSupport.unpark(timer);
        } else if (!stopped) {
            timer = thread(this::run);
            timer.start();
        }
    }

    private synchronized void interruptTimer() {
        if (timer != null) {
            timer.interrupt();
        }
    }

    private void join() throws InterruptedException {
        Thread last;
        synchronized (this) {
            last = timer;
        }
        if (last != null) {
            last.join(2_000);
        }
    }

    private void run() {
        while (!stopped) {
            try {
                schedule.due(System.nanoTime()).forEach(task -> workers.execute(() -> carryOut(task)));
            } catch (RejectedExecutionException e) {
                return; // stopped at this moment
            }
            LockSupport.parkNanos(schedule.nanosToNext(System.nanoTime()));
        }
    }

    private static void handOver(Runnable task, ThreadPoolExecutor busy) {
        try {
            if (!busy.isShutdown()) {
                busy.getQueue().put(task);
                return;
            }
        } catch (InterruptedException e) {
            // by stop
        }
        throw new RejectedExecutionException("stopped");
    }

    private void carryOut(Task<Pinged> task) {
        try {
            switch (task.kind()) {
                case PING -> ping(task);
                // Not 1001: clients that reconnect only after an accident take that for goodbye.
                case REAP -> task.session().close(1011, "ping timeout");
                case IDLE -> task.session().close(1001, "idle timeout"); // as containers close what is idle
                case DROP -> task.session().drop();
            }
        } catch (RuntimeException e) {
            // An application's own onClose, or a container that closes the session at this moment.
        } finally {
            if (task.kind() != Kind.PING) {
                schedule.done();
            }
            wake();
        }
    }

    private void ping(Task<Pinged> task) {
        if (!task.watch().sending(task.payload(), System.nanoTime())) {
            return;
        }
        wake(); // sending may block beyond the deadline, which may be what is due next
        try {
            task.session().ping(task.payload());
        } catch (IOException | RuntimeException e) {
            // Nothing answers a Ping that was not sent: the deadline decides.
        }
    }

    private Thread thread(Runnable work) {
        // Without what is inheritable: it is some application's, and we may outlive that.
        Thread thread = new Thread(null, work, "firmshake-heartbeat-" + threads.getAndIncrement(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(PingRunner.class.getClassLoader());
        return thread;
    }
}
