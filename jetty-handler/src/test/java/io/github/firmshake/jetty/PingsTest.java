package io.github.firmshake.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.PingTiming;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The thread of the heartbeat's Pings. */
class PingsTest {

    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private volatile Thread timer;

    /** A session that takes a lock, as Jetty's do. */
    private final class Locked implements Pinged {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public long framesReceived() {
            return 0;
        }

        @Override
        public void run(Runnable task) {
            timer = Thread.currentThread();
            waiting.countDown();
            lock.lock();
            lock.unlock();
        }

        @Override
        public void ping(byte[] payload) {}

        @Override
        public CompletableFuture<?> close(int code, String reason) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void expire(Pings pings) {}

        @Override
        public CompletableFuture<?> stop() {
            sleep(); // until the thread, which was woken, waits for the lock again
            lock.unlock();
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // A thread that waits for a lock takes the wake-up that was meant for its next sleep.
    @Test
    void stopEndsTheThreadThoughALockTakesItsWakeUp() throws Exception {
        Pings pings = new Pings(PingTiming.ofSeconds(1, 86_400), new HeartbeatListener() {});
        lock.lock();
        pings.add(new Locked());
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
        while (!lock.hasQueuedThread(timer)) {
            Thread.onSpinWait();
        }
        pings.stop();
        timer.join(20_000); // stop itself does not wait for ever
        assertThat(timer.isAlive()).isFalse();
    }
}
