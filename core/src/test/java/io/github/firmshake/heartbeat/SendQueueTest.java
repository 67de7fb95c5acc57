package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendQueueTest {

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<Consumer<@Nullable Throwable>> unfinished = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final SendQueue queue = new SendQueue(failures::incrementAndGet);

    private boolean offer(String name) {
        return queue.offer(done -> {
            sent.add(name);
            unfinished.add(done);
        });
    }

    private void finish(@Nullable Throwable failure) {
        unfinished.remove(0).accept(failure);
    }

    @Test
    void aFrameWaitsUntilTheOneBeforeHasBeenSent() {
        offer("a");
        offer("b");
        queue.last(done -> sent.add("close"));
        assertThat(sent).containsExactly("a");
        finish(null);
        assertThat(sent).containsExactly("a", "b");
        finish(null);
        assertThat(sent).containsExactly("a", "b", "close");
    }

    @Test
    void nothingIsSentBehindTheLast() {
        queue.last(done -> {
            sent.add("close");
            done.accept(null);
        });
        assertThat(offer("late")).isTrue();
        queue.last(done -> sent.add("another"));
        assertThat(sent).containsExactly("close");
    }

    @Test
    void sixtyFourMayWait() {
        offer("on its way");
        for (int i = 0; i < 64; i++) {
            assertThat(offer("waiting")).isTrue();
        }
        assertThat(offer("too many")).isFalse();
        finish(null);
        assertThat(offer("room again")).isTrue();
    }

    @Test
    void aFailureIsToldOnceAndEndsIt() {
        offer("a");
        offer("b");
        Consumer<@Nullable Throwable> first = unfinished.get(0);
        first.accept(new IOException("write not allowed"));
        first.accept(null);
        offer("c");
        assertThat(failures).hasValue(1);
        assertThat(sent).containsExactly("a");
    }

    @Test
    void whatIsThrownIsAFailure() {
        queue.offer(done -> {
            throw new IOException("closed");
        });
        assertThat(failures).hasValue(1);
    }

    @Test
    void whatIsThrownBehindAResultIsNot() {
        queue.offer(done -> {
            done.accept(null);
            throw new IllegalStateException("told already");
        });
        offer("b");
        assertThat(failures).hasValue(0);
        assertThat(sent).containsExactly("b");
    }

    @Test
    void stoppedItForgetsWhatWaits() {
        offer("a");
        offer("b");
        queue.stop();
        finish(null);
        assertThat(sent).containsExactly("a");
    }

    @Test
    void framesThatAreSentAtOnceDoNotPileUpOnTheStack() {
        AtomicInteger left = new AtomicInteger(100_000);
        queue.offer(new SendQueue.Frame() {
            @Override
            public void send(Consumer<@Nullable Throwable> done) {
                if (left.decrementAndGet() > 0) {
                    queue.offer(this);
                }
                done.accept(null);
            }
        });
        assertThat(left).hasValue(0);
    }

    // As Open Liberty's sends: on another thread, and a second one at the same time fails.
    @Test
    void noTwoOverlapWhateverThreadTheyEndOn() throws InterruptedException {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(4_000);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        ExecutorService container = Executors.newFixedThreadPool(4);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        AtomicInteger number = new AtomicInteger();
        List<Integer> offered = Collections.synchronizedList(new ArrayList<>());
        for (int thread = 0; thread < 4; thread++) {
            clients.execute(() -> {
                for (int i = 0; i < 1_000; i++) {
                    synchronized (offered) {
                        int mine = number.getAndIncrement();
                        offered.add(mine); // here: the last is sent, and looked at, before this thread comes back
                        boolean taken = false;
                        while (!taken) {
                            taken = queue.offer(done -> {
                                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                                order.add(mine);
                                container.execute(() -> {
                                    atOnce.decrementAndGet();
                                    all.countDown();
                                    done.accept(null);
                                });
                            });
                        }
                    }
                }
            });
        }
        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        clients.shutdown();
        container.shutdown();
        assertThat(most).hasValue(1);
        assertThat(order).isEqualTo(offered);
    }
}
