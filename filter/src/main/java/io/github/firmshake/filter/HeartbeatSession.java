package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.FrameWriter;
import io.github.firmshake.heartbeat.HeartbeatConnection;
import io.github.firmshake.heartbeat.HeartbeatConnection.End;
import io.github.firmshake.heartbeat.HeartbeatConnection.Step;
import io.github.firmshake.heartbeat.SessionLimit;
import io.github.firmshake.heartbeat.Watch;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One session of the dedicated endpoint on Tomcat, below its WebSocket implementation: that would hold four times the
 * memory for each. Thread-safe; nothing in it blocks.
 */
final class HeartbeatSession implements ReadListener, WriteListener, Pinged {

    private static final int CHUNK = 160; // a Ping with the longest token and its header is half of that
    private static final int MAX_PENDING = 4096;
    private static final byte[] NOTHING = {};

    private final ServletHeartbeat endpoint;
    private final Object application;
    private final ServletInputStream in;
    private final ServletOutputStream out;
    private final HeartbeatConnection connection = new HeartbeatConnection(this::pong, System.nanoTime());
    private final SessionLimit.Seat seat;
    private final Watch<Pinged> watch;

    // Guarded by this; what the schedule asks for is volatile besides, since it asks under a lock that we take within.
    private byte[] pending = NOTHING;
    private boolean unflushed;
    private End end = End.NONE;
    private volatile boolean closed;
    private volatile boolean greeted;

    HeartbeatSession(
            ServletHeartbeat endpoint,
            @Nullable String peer,
            Object application,
            ServletInputStream in,
            ServletOutputStream out) {
        this.endpoint = endpoint;
        this.application = application;
        this.in = in;
        this.out = out;
        seat = endpoint.enter(peer);
        synchronized (this) { // a stop from now on needs the watch
            watch = endpoint.opened(this);
        }
    }

    /**
     * Greets, and begins to read. The container calls us from now on.
     *
     * @param late whether the application has stopped since the upgrade
     */
    void open(boolean late) throws IOException {
        out.setWriteListener(this);
        in.setReadListener(this);
        if (late || endpoint.isStopped()) {
            // Without waiting for the client's: nobody is there any more who would lose patience.
            write(new Step(connection.close(1001, "going away").bytes(), End.NOW));
        } else if (seat.refusal() != null) {
            write(connection.close(1013, seat.refusal()));
        } else {
            write(new Step(FrameWriter.text(endpoint.hello()), End.NONE));
        }
        greeted = true;
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (isOpen() && in.isReady()) {
            int length = in.read(chunk);
            if (length < 0) {
                endOfInput();
                return;
            } else {
                receive(ByteBuffer.wrap(chunk, 0, length));
            }
        }
    }

    private void receive(ByteBuffer bytes) throws IOException {
        Step step;
        synchronized (this) {
            step = connection.receive(bytes, System.nanoTime());
        }
        write(step);
    }

    @Override
    public void onAllDataRead() throws IOException {
        endOfInput();
    }

    // The client may have closed its half only, and reads what its last frames are answered with.
    private void endOfInput() throws IOException {
        write(new Step(NOTHING, End.NOW));
    }

    @Override
    public void onWritePossible() throws IOException {
        write(new Step(NOTHING, End.NONE));
    }

    @Override
    public void onError(Throwable cause) {
        try {
            if (cause instanceof EOFException) { // so Tomcat says it while the stream is not read
                endOfInput();
                return;
            }
        } catch (IOException | RuntimeException e) {
            // Closed for writing too.
        }
        drop();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isReady() {
        return greeted;
    }

    @Override
    public boolean belongsTo(Object some) {
        return application == some;
    }

    @Override
    public long framesReceived() {
        return connection.framesReceived();
    }

    private boolean pong(byte[] payload, long now) {
        return watch.pong(payload, now);
    }

    @Override
    public void ping(byte[] payload) throws IOException {
        write(new Step(FrameWriter.ping(payload), End.NONE));
    }

    @Override
    public void close(int code, String reason) {
        try {
            if (isWritable()) {
                Step step;
                synchronized (this) {
                    step = connection.close(code, reason);
                }
                write(new Step(step.bytes(), End.NOW));
            }
        } catch (IOException | RuntimeException e) {
            // The connection is lost already.
        }
        drop();
    }

    private synchronized boolean isWritable() {
        return greeted && !closed && pending.length == 0;
    }

    private void write(Step step) throws IOException {
        boolean drop;
        synchronized (this) {
            if (closed) {
                return;
            }
            boolean late = end != End.NONE && step.end() == End.NONE; // a Ping or an answer that met our Close
            end = end == End.NOW || step.end() == End.NONE ? end : step.end();
            if (step.bytes().length > 0 && !late) {
                pending = joined(pending, step.bytes());
            }
            if (pending.length > 0 && out.isReady()) { // the container calls onWritePossible after each no
                out.write(pending);
                pending = NOTHING;
                unflushed = true;
            }
            if (unflushed && out.isReady()) {
                out.flush();
                unflushed = false;
            }
            drop = pending.length > MAX_PENDING || (end == End.NOW && pending.length == 0 && !unflushed);
        }
        if (drop) {
            drop();
        } else if (step.end() != End.NONE) { // also where our answer to its Close cannot be sent
            endpoint.lingering(watch);
        }
    }

    /** Closes the connection. Has an effect once. */
    @Override
    public void drop() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        endpoint.closed(watch, seat);
        Tomcat.close(in, out);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
