package io.github.firmshake.heartbeat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of one session in order, each when the one before has been sent: containers differ in what becomes of
 * sends that overlap, and some lose them. Thread-safe; it waits for nothing.
 */
public final class SendQueue {

    private static final int MOST_WAITING = 64;

    /** One frame. */
    @FunctionalInterface
    public interface Frame {
        /**
         * Begins to send it.
         *
         * @param done called once, on any thread, also before this method returns: with what went wrong, or null
         */
        void send(Consumer<@Nullable Throwable> done) throws IOException;
    }

    private final Runnable failed;
    private final Queue<Frame> waiting = new ArrayDeque<>();
    private @Nullable Attempt sending; // of the frame that is on its way
    private boolean ended; // by a last frame, a failure, or stop

    /**
     * Creates an empty queue.
     *
     * @param failed called when a frame was not sent; none is sent behind it
     */
    public SendQueue(Runnable failed) {
        this.failed = failed;
    }

    /** Takes a frame, unless the end has come. False: so many are waiting that the client cannot be reading. */
    public boolean offer(Frame frame) {
        synchronized (this) {
            if (ended) {
                return true;
            }
            if (waiting.size() == MOST_WAITING) {
                return false;
            }
            waiting.add(frame);
        }
        next();
        return true;
    }

    /** Takes the last frame, such as a Close: it is sent behind those that wait, and none behind it. */
    public void last(Frame frame) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            waiting.add(frame);
        }
        next();
    }

    /** Forgets what waits, and takes nothing more. */
    public synchronized void stop() {
        ended = true;
        waiting.clear();
    }

    // A loop where frames are sent at once, else begun again by the one that has been sent.
    private void next() {
        for (Attempt attempt = begin(); attempt != null && attempt.run(); attempt = begin()) {}
    }

    private synchronized @Nullable Attempt begin() {
        Frame frame = sending == null ? waiting.poll() : null;
        if (frame == null) {
            return null;
        }
        sending = new Attempt(frame);
        return sending;
    }

    private final class Attempt implements Consumer<@Nullable Throwable> {
        private final Frame frame;
        private boolean returned;

        private Attempt(Frame frame) {
            this.frame = frame;
        }

        /** Begins to send, and says whether that is done already. */
        private boolean run() {
            try {
                frame.send(this);
            } catch (IOException | RuntimeException e) {
                accept(e);
            }
            synchronized (SendQueue.this) {
                returned = true;
                return sending != this;
            }
        }

        @Override
        public void accept(@Nullable Throwable failure) {
            boolean begun;
            synchronized (SendQueue.this) {
                if (sending != this) {
                    return; // told twice
                }
                sending = null;
                begun = returned;
            }
            if (failure != null) {
                stop();
                failed.run();
            } else if (begun) {
                next();
            }
        }
    }
}
