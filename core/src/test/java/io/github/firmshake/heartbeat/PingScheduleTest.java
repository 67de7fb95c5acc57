package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.heartbeat.PingSchedule.Kind;
import io.github.firmshake.heartbeat.PingSchedule.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingScheduleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int INTERVAL = 25;
    private static final int TIMEOUT = 20;

    /** A session whose other side does what the test says. */
    private static final class Fake implements Watched {
        private boolean open = true;
        private boolean ready = true;
        private long received;
        private long parts;
        private long sent;
        private long idleLimit;

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public long framesReceived() {
            return received;
        }

        @Override
        public long signsOfLife() {
            return received + parts;
        }

        @Override
        public long framesSent() {
            return sent;
        }

        @Override
        public long idleLimitNanos() {
            return idleLimit;
        }
    }

    private final HeartbeatCounters counters = new HeartbeatCounters();
    private PingSchedule<Fake> schedule = schedule(INTERVAL, TIMEOUT);
    private final Fake session = new Fake();
    private long now = Long.MAX_VALUE - 10 * SECOND; // nanoTime may overflow at any moment

    private PingSchedule<Fake> schedule(int interval, int timeout) {
        return new PingSchedule<>(PingTiming.ofSeconds(interval, timeout), new Random(1), counters);
    }

    private List<Task<Fake>> after(long nanos) {
        now += nanos;
        return schedule.due(now);
    }

    private List<Task<Fake>> next() {
        return after(schedule.nanosToNext(now));
    }

    private Task<Fake> only(List<Task<Fake>> tasks, Kind kind) {
        assertThat(tasks).extracting(Task::kind).containsExactly(kind);
        return tasks.get(0);
    }

    private Task<Fake> ping() {
        Task<Fake> task = only(next(), Kind.PING);
        assertThat(task.watch().sending(task.payload(), now)).isTrue();
        session.sent++;
        return task;
    }

    @Test
    void theFirstPingComesAtARandomMomentOfTheFirstInterval() {
        for (int i = 0; i < 1000; i++) {
            schedule.add(new Fake(), now);
        }
        int before = 0;
        for (int i = 1; i <= INTERVAL; i++) {
            int pinged = after(SECOND).size();
            assertThat(pinged).isBetween(15, 70);
            before += pinged;
        }
        assertThat(before).isEqualTo(1000);
    }

    @Test
    void aMatchingPongIsLifeAndMeasuresTheRoundTrip() {
        Watch<Fake> watch = schedule.add(session, now);
        Task<Fake> first = ping();
        session.received++;
        assertThat(watch.pong(first.payload(), now + 3_000_000)).isTrue();
        assertThat(watch.pong(first.payload(), now + 4_000_000)).isFalse();
        long pingedAt = now;

        assertThat(next()).isEmpty();
        Task<Fake> second = ping();

        assertThat(now - pingedAt).isEqualTo(INTERVAL * SECOND);
        assertThat(second.payload()).hasSize(8).isNotEqualTo(first.payload());
        assertThat(counters.roundTrips()).containsEntry("5 ms", 1L);
        assertThat(counters.pings()).isEqualTo(2);
    }

    @Test
    void anyInboundFrameIsLifeAndTheLatePongIsCounted() {
        Watch<Fake> watch = schedule.add(session, now);
        Task<Fake> first = ping();
        session.received++;
        assertThat(next()).isEmpty();
        Task<Fake> second = ping();

        assertThat(watch.pong(new byte[8], now)).isFalse();
        assertThat(watch.pong(first.payload(), now)).isTrue();
        assertThat(watch.pong(first.payload(), now)).isFalse();
        assertThat(watch.pong(second.payload(), now)).isTrue();
        assertThat(watch.pong(new byte[8], now)).isFalse();
        assertThat(watch.pong(new byte[7], now)).isFalse();
        assertThat(counters.late()).isEqualTo(1);
        assertThat(counters.pongs()).isEqualTo(1);
    }

    @Test
    void whatIsNotAFrameYetIsLifeToo() {
        schedule.add(session, now);
        for (int i = 0; i < 3; i++) {
            ping();
            session.parts++;
            assertThat(next()).isEmpty();
        }
        ping();
        only(next(), Kind.REAP);
    }

    // A machine that was suspended has the Pongs in its sockets' buffers, and nobody has read them yet.
    @Test
    void aServerThatSleptPastTheDeadlineListensBeforeItReaps() {
        Watch<Fake> watch = schedule.add(session, now);
        Task<Fake> task = ping();

        assertThat(after(TIMEOUT * SECOND + 60 * SECOND)).isEmpty();
        assertThat(schedule.nanosToNext(now)).isEqualTo(SECOND);
        session.received++;
        assertThat(watch.pong(task.payload(), now)).isTrue();
        only(next(), Kind.PING); // the one that was overdue
        assertThat(counters.reaped()).isZero();
    }

    @Test
    void aServerThatSleptReapsWhoStaysSilentHoweverLateItIsAgain() {
        schedule.add(session, now);
        ping();

        assertThat(after(TIMEOUT * SECOND + 60 * SECOND)).isEmpty();
        only(after(60 * SECOND), Kind.REAP);
    }

    @Test
    void silenceIsReapedAtTheDeadlineAndForgottenFirst() {
        schedule.add(session, now);
        ping();
        long pingedAt = now;

        Task<Fake> reap = only(next(), Kind.REAP);

        assertThat(now - pingedAt).isEqualTo(TIMEOUT * SECOND);
        assertThat(reap.session()).isSameAs(session);
        assertThat(reap.payload()).isEmpty();
        assertThat(schedule.size()).isZero();
        assertThat(counters.reaped()).isEqualTo(1);
        assertThat(counters.sessions()).isZero();
        assertThat(schedule.nanosToNext(now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeadlineLongerThanTheIntervalHoldsTheNextPingBack() {
        schedule = schedule(10, 30);
        schedule.add(session, now);
        ping();

        assertThat(after(10 * SECOND)).isEmpty();
        assertThat(after(5 * SECOND)).isEmpty();
        session.received++; // late, so what was to come at 10 s comes at 20 s
        Task<Fake> task = only(after(5 * SECOND), Kind.PING);
        task.watch().sending(task.payload(), now);

        assertThat(after(29 * SECOND)).isEmpty();
        only(after(SECOND), Kind.REAP);
    }

    @Test
    void theDeadlineCountsFromTheSendingNotFromTheDecision() {
        Watch<Fake> watch = schedule.add(session, now);
        Task<Fake> ping = only(next(), Kind.PING);
        assertThat(after(3600 * SECOND)).isEmpty();

        watch.sending(ping.payload(), now);

        assertThat(after(TIMEOUT * SECOND - 1)).isEmpty();
        only(after(1), Kind.REAP);
    }

    @Test
    void aSessionThatCannotSendYetIsPingedOnceItCan() {
        session.ready = false;
        schedule.add(session, now);
        assertThat(after(INTERVAL * SECOND)).isEmpty();
        assertThat(next()).isEmpty();
        assertThat(schedule.nanosToNext(now)).isBetween(1L, SECOND / 10);

        session.ready = true;
        ping();
        assertThat(counters.reaped()).isZero();
    }

    @Test
    void aSessionThatNeverGetsReadyIsAskedEverMoreRarely() {
        session.ready = false;
        schedule.add(session, now);
        long end = now + 3600 * SECOND;
        int asked = 0;
        while (now - end < 0) {
            assertThat(next()).isEmpty();
            asked++;
        }
        assertThat(asked).isBetween(3600 / INTERVAL, 3600 / INTERVAL + 15);
    }

    @Test
    void whatIsClosedElsewhereIsForgotten() {
        schedule.add(session, now);
        session.open = false;

        assertThat(next()).isEmpty();
        assertThat(schedule.size()).isZero();
        assertThat(counters.reaped()).isZero();
    }

    @Test
    void whatHasEndedIsNeitherPingedNorReapedNorCountedTwice() {
        Watch<Fake> watch = schedule.add(session, now);
        Task<Fake> ping = only(next(), Kind.PING);
        watch.end();
        watch.end();
        assertThat(watch.sending(ping.payload(), now)).isFalse();
        watch.linger(now);

        assertThat(after(3600 * SECOND)).isEmpty();
        assertThat(counters.sessions()).isZero();
        assertThat(counters.pings()).isZero();
    }

    @Test
    void whoDoesNotAnswerOurCloseIsDroppedAfterTwoSeconds() {
        Watch<Fake> watch = schedule.add(session, now);
        watch.linger(now);
        watch.linger(now + SECOND);
        assertThat(watch.sending(new byte[8], now)).isFalse();

        assertThat(after(2 * SECOND - 1)).isEmpty();
        only(after(1), Kind.DROP);
        assertThat(schedule.size()).isZero();
    }

    @Test
    void withoutPingsOnlyLingeringSessionsAreDue() {
        schedule = schedule(0, TIMEOUT);
        Watch<Fake> watch = schedule.add(session, now);
        assertThat(schedule.nanosToNext(now)).isEqualTo(Long.MAX_VALUE);
        watch.linger(now);

        only(next(), Kind.DROP);
    }

    @Test
    void sessionsThatDieTogetherAreClosedTwoAtATime() {
        for (int i = 0; i < 5; i++) {
            schedule.add(new Fake(), now).linger(now);
        }

        assertThat(next()).hasSize(2);
        assertThat(after(SECOND)).isEmpty();
        assertThat(schedule.nanosToNext(now)).isEqualTo(Long.MAX_VALUE);
        schedule.done();
        assertThat(schedule.nanosToNext(now)).as("until the next may be closed").isZero();
        assertThat(after(0)).hasSize(1);
        schedule.done();
        schedule.done();
        assertThat(after(0)).hasSize(2);
    }

    @Test
    void clearingHandsEverySessionOut() {
        schedule.add(session, now);
        schedule.add(new Fake(), now).linger(now);

        assertThat(schedule.sessions()).hasSize(2).contains(session);
        assertThat(schedule.clear()).hasSize(2).contains(session);
        assertThat(schedule.sessions()).isEmpty();
        assertThat(after(3600 * SECOND)).isEmpty();
        assertThat(counters.sessions()).isZero();
    }

    /** Runs for a while with a client that answers every Ping, and says how it ends. */
    private List<Kind> run(int seconds, Runnable eachSecond) {
        List<Kind> closes = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            eachSecond.run();
            for (Task<Fake> task : after(SECOND)) {
                if (task.kind() == Kind.PING) {
                    task.watch().sending(task.payload(), now);
                    session.sent++;
                    session.received++;
                } else {
                    closes.add(task.kind());
                }
            }
        }
        return closes;
    }

    @Test
    void ourPingsDoNotKeepASessionFromItsOwnIdleLimit() {
        session.idleLimit = 60 * SECOND;
        schedule.add(session, now);

        assertThat(run(55, () -> {})).isEmpty();
        assertThat(run(60, () -> {})).containsExactly(Kind.IDLE);
        assertThat(counters.idled()).isEqualTo(1);
    }

    @Test
    void aSessionThatReceivesOrSendsIsNotIdle() {
        session.idleLimit = 60 * SECOND;
        schedule.add(session, now);

        assertThat(run(300, () -> session.received++)).isEmpty();
        assertThat(run(300, () -> session.sent++)).isEmpty();
        assertThat(run(300, () -> session.parts++)).isEmpty();
        assertThat(run(120, () -> {})).containsExactly(Kind.IDLE);
    }

    @Test
    void whereSentFramesCannotBeSeenOnlyReceivedOnesCount() {
        Fake blind = new Fake();
        blind.idleLimit = 60 * SECOND;
        schedule.add(blind, now);
        List<Kind> kinds = new ArrayList<>();
        for (int second = 0; second < 120; second++) {
            for (Task<Fake> task : after(SECOND)) {
                kinds.add(task.kind());
                task.watch().sending(task.payload(), now);
                blind.received++;
            }
        }

        assertThat(kinds).endsWith(Kind.IDLE).contains(Kind.PING);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void stalledSessionsAmongTwoThousandDelayNobody(int stalled) {
        // As many workers as an adapter has; a stalled session holds one until its deadline.
        int workers = 8;
        List<Fake> sessions = new ArrayList<>();
        long[] lastPing = new long[2000];
        for (int i = 0; i < 2000; i++) {
            sessions.add(new Fake());
            schedule.add(sessions.get(i), now);
            lastPing[i] = now;
        }
        long longest = 0;
        List<Task<Fake>> waiting = new ArrayList<>();
        List<Long> busyUntil = new ArrayList<>();
        for (int step = 0; step < 4 * INTERVAL * 10; step++) {
            now += SECOND / 10;
            waiting.addAll(schedule.due(now));
            busyUntil.removeIf(until -> until - now <= 0);
            while (!waiting.isEmpty() && busyUntil.size() < workers) {
                Task<Fake> task = waiting.remove(0);
                int index = sessions.indexOf(task.session());
                if (task.kind() != Kind.PING) {
                    assertThat(index).isLessThan(stalled);
                    schedule.done();
                    continue;
                }
                task.watch().sending(task.payload(), now);
                if (index < stalled) {
                    busyUntil.add(now + TIMEOUT * SECOND);
                } else {
                    longest = Math.max(longest, now - lastPing[index]);
                    lastPing[index] = now;
                    task.session().received++;
                }
            }
        }
        assertThat(counters.reaped()).isEqualTo(stalled);
        assertThat(longest).isLessThanOrEqualTo(INTERVAL * SECOND + SECOND / 5);
        for (int i = stalled; i < 2000; i++) {
            assertThat(now - lastPing[i]).isLessThanOrEqualTo(INTERVAL * SECOND + SECOND / 5);
        }
    }
}
