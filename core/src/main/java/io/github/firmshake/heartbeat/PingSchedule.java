package io.github.firmshake.heartbeat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Decides which of many sessions is to be pinged or closed next. It does neither: an adapter takes the tasks that are
 * {@link #due}, and does them on threads of its own, so that a session which blocks a thread delays no other. Time is an
 * argument, in nanoseconds. Thread-safe; no method blocks.
 *
 * @param <S> the session's type
 */
public final class PingSchedule<S extends Watched> {

    /** What is to be done with a session. */
    public enum Kind {
        /** If {@link Watch#sending} says so, send a Ping with the task's payload. */
        PING,
        /** Close it with 1011; the client is silent, so wait for nothing. Then call {@link PingSchedule#done}. */
        REAP,
        /** Close it as its container would have done at its idle limit. Then call {@link PingSchedule#done}. */
        IDLE,
        /** Its Close is out and the client does not answer: close the connection. Then call {@link PingSchedule#done}. */
        DROP
    }

    /**
     * One thing to do.
     *
     * @param payload of a Ping; else empty
     */
    public record Task<S extends Watched>(Kind kind, S session, Watch<S> watch, byte[] payload) {}

    // Sessions that die together are closed a few at a time: containers wake threads, applications run their own code,
    // and clients come back (Tomcat bug 68884 shows what all at once does).
    private static final int MAX_CLOSES = 2;

    private static final long LINGER = 2_000_000_000L;
    private static final byte[] NOTHING = {};

    private final PingTiming timing;
    private final RandomGenerator random;
    private final HeartbeatListener listener;
    private final Set<Watch<S>> watches = new HashSet<>();
    private final NavigableSet<Watch<S>> queue = new TreeSet<>(PingSchedule::compare);
    private final Queue<Task<S>> toClose = new ArrayDeque<>();
    private int closing;
    private long added;

    /**
     * Creates an empty schedule.
     *
     * @param timing when sessions are pinged
     * @param random where phases and payloads come from: unforgeable as far as this is unpredictable
     * @param listener who is told; called under a lock
     */
    public PingSchedule(PingTiming timing, RandomGenerator random, HeartbeatListener listener) {
        this.timing = timing;
        this.random = random;
        this.listener = listener;
    }

    /** Takes a session in. Its first Ping comes at a random moment of the first interval. */
    public synchronized Watch<S> add(S session, long now) {
        long phase = timing.isOff() ? 0 : random.nextLong(timing.intervalNanos());
        Watch<S> watch = new Watch<>(this, session, new Liveness(session, timing, now, now + phase), ++added);
        watches.add(watch);
        if (!timing.isOff()) {
            queue.add(watch);
        }
        listener.opened();
        return watch;
    }

    /** What is to be done now. Each task is handed out once. */
    public synchronized List<Task<S>> due(long now) {
        List<Task<S>> tasks = new ArrayList<>();
        while (!queue.isEmpty() && queue.first().due - now <= 0) {
            examine(queue.pollFirst(), now, tasks);
        }
        while (mayClose()) {
            closing++;
            tasks.add(toClose.remove());
        }
        return tasks;
    }

    /** How long {@link #due} will have nothing new to say, unless a watch or {@link #done} is called before. */
    public synchronized long nanosToNext(long now) {
        if (mayClose()) {
            return 0;
        }
        return queue.isEmpty() ? Long.MAX_VALUE : Math.max(0, queue.first().due - now);
    }

    /** Says that a task which closes a session has been carried out, well or not. */
    public synchronized void done() {
        closing--;
    }

    /** Sessions in the schedule. */
    public synchronized int size() {
        return watches.size();
    }

    /** Every session in the schedule. */
    public synchronized List<S> sessions() {
        return watches.stream().map(watch -> watch.session).toList();
    }

    /** Takes every session out, and gives them to the caller, which closes them. */
    public synchronized List<S> clear() {
        List<S> all = sessions();
        List.copyOf(watches).forEach(this::end);
        toClose.clear();
        return all;
    }

    private boolean mayClose() {
        return closing < MAX_CLOSES && !toClose.isEmpty();
    }

    private void examine(Watch<S> watch, long now, List<Task<S>> tasks) {
        if (watch.lingering) {
            close(Kind.DROP, watch);
            return;
        }
        switch (watch.liveness.verdict(now)) {
            case PING -> {
                byte[] payload = ByteBuffer.allocate(Long.BYTES)
                        .putLong(random.nextLong())
                        .array();
                tasks.add(new Task<>(Kind.PING, watch.session, watch, payload));
            }
            case DEAD -> {
                listener.reaped(watch.liveness.silence(now));
                close(Kind.REAP, watch);
            }
            case IDLE -> {
                listener.idle();
                close(Kind.IDLE, watch);
            }
            case GONE -> end(watch);
            default -> enqueue(watch, watch.liveness.due());
        }
    }

    // Out of our books first: whether the container ever says that it has closed a session is not relied on.
    private void close(Kind kind, Watch<S> watch) {
        end(watch);
        toClose.add(new Task<>(kind, watch.session, watch, NOTHING));
    }

    private void enqueue(Watch<S> watch, long due) {
        watch.due = due;
        queue.add(watch);
    }

    // Only while a watch is not in the queue may its due time change.
    private static int compare(Watch<?> a, Watch<?> b) {
        int byTime = Long.signum(a.due - b.due);
        return byTime == 0 ? Long.compare(a.number, b.number) : byTime;
    }

    synchronized boolean sending(Watch<S> watch, byte[] payload, long now) {
        if (watch.over || watch.lingering) {
            return false;
        }
        watch.liveness.sending(ByteBuffer.wrap(payload).getLong(), now);
        listener.pinged();
        enqueue(watch, watch.liveness.due());
        return true;
    }

    synchronized boolean pong(Watch<S> watch, byte[] payload, long now) {
        if (payload.length != Long.BYTES) {
            return false;
        }
        return switch (watch.liveness.pong(ByteBuffer.wrap(payload).getLong())) {
            case TO_LAST_PING -> {
                listener.answered(watch.liveness.silence(now));
                yield true;
            }
            case TO_EARLIER_PING -> {
                listener.answeredLate();
                yield true;
            }
            case UNASKED -> false;
        };
    }

    synchronized void linger(Watch<S> watch, long now) {
        if (!watch.over && !watch.lingering) {
            watch.lingering = true;
            queue.remove(watch);
            enqueue(watch, now + LINGER);
        }
    }

    synchronized void end(Watch<S> watch) {
        if (watches.remove(watch)) {
            watch.over = true;
            queue.remove(watch);
            listener.closed();
        }
    }
}
