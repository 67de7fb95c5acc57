package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.PingSchedule;
import io.github.firmshake.heartbeat.PingSchedule.Kind;
import io.github.firmshake.heartbeat.PingSchedule.Task;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.heartbeat.Watch;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    // How long a close may keep the next one waiting. It runs the application's onClose, which may never return.
    private static final long CLOSE_NANOS = 2_000_000_000L;

    private final PingSchedule<Pinged> schedule;
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            0, MOST_WORKERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread, PingRunner::handOver);
    private final Queue<Close> closes = new ConcurrentLinkedQueue<>(); // the oldest first
    private @Nullable Thread timer;
    private volatile boolean stopped;

    /** One close under way. */
    private record Close(long deadline, AtomicBoolean done) {}

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
        workers.shutdownNow(); // interrupts a worker that is stuck in a send
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
            long now = System.nanoTime();
            LockSupport.parkNanos(Math.min(schedule.nanosToNext(now), nanosToLateClose(now)));
        }
    }

    // Gives up waiting for those that take too long.
    private long nanosToLateClose(long now) {
        for (Close oldest = closes.peek(); oldest != null; oldest = closes.peek()) {
            if (!oldest.done().get() && oldest.deadline() - now > 0) {
                return oldest.deadline() - now;
            }
            closes.remove();
            done(oldest); // it still has its worker
        }
        return Long.MAX_VALUE;
    }

    private Close begin() {
        Close close = new Close(System.nanoTime() + CLOSE_NANOS, new AtomicBoolean());
        closes.add(close);
        wake();
        return close;
    }

    private void done(Close close) {
        if (close.done().compareAndSet(false, true)) {
            schedule.done();
            wake();
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
        if (task.kind() == Kind.PING) {
            ping(task);
        } else {
            close(task);
        }
    }

    private void close(Task<Pinged> task) {
        Close close = begin();
        try {
            switch (task.kind()) {
                // Not 1001: clients that reconnect only after an accident take that for goodbye.
                case REAP -> task.session().close(1011, "ping timeout");
                case IDLE -> task.session().close(1001, "idle timeout"); // as containers close what is idle
                default -> task.session().drop();
            }
        } catch (RuntimeException e) {
            // An application's own onClose, or a container that closes the session at this moment.
        } finally {
            done(close);
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
        wake();
    }

    private Thread thread(Runnable work) {
        // Without what is inheritable: it is some application's, and we may outlive that.
        Thread thread = new Thread(null, work, "firmshake-heartbeat-" + threads.getAndIncrement(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(PingRunner.class.getClassLoader());
        return thread;
    }
}
