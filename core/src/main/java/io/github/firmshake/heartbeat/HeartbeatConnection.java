package io.github.firmshake.heartbeat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * One connection to the dedicated endpoint after the handshake: bytes in, bytes out. Time is an argument. Not
 * thread-safe, but for {@link #framesReceived()}.
 */
public final class HeartbeatConnection {

    private static final int POLICY = 1008;

    /** Takes the Pongs of a connection. */
    @FunctionalInterface
    public interface Pongs {
        /** Takes one, and says whether it answers a Ping of ours. */
        boolean take(byte[] payload, long now);
    }

    /** What becomes of the TCP connection once everything is written. */
    public enum End {
        /** It stays open. */
        NONE,
        /** Our Close is out: read until the client's comes, or the client closes, or some seconds have passed. */
        LINGER,
        /** Both have said goodbye: the server closes first (RFC 6455 7.1.1). */
        NOW
    }

    /**
     * What to do next.
     *
     * @param bytes what to write, possibly empty
     * @param end what becomes of the connection then
     */
    public record Step(byte[] bytes, End end) {}

    private final FrameReader reader = new FrameReader();
    private final PingBudget budget;
    private final Pongs pongs;
    private volatile long frames;
    private End end = End.NONE;

    /** Creates a connection on which nothing was sent or received yet. */
    public HeartbeatConnection(Pongs pongs, long now) {
        this.pongs = pongs;
        budget = new PingBudget(now);
    }

    /** Frames received so far, Pongs and parts of messages included. Thread-safe. */
    public long framesReceived() {
        return frames;
    }

    /** Takes what was received. */
    public Step receive(ByteBuffer in, long now) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(0);
        Frame frame = reader.read(in);
        while (frame != null && end != End.NOW) {
            frames = frames + 1; // one thread at a time writes it
            out.writeBytes(answer(frame, now));
            frame = reader.read(in);
        }
        return new Step(out.toByteArray(), end);
    }

    /** Says goodbye from our side. Nothing is answered after it. */
    public Step close(int code, String reason) {
        if (end != End.NONE) {
            return new Step(new byte[0], end);
        }
        end = End.LINGER;
        return new Step(FrameWriter.close(code, reason), end);
    }

    private byte[] answer(Frame frame, long now) {
        if (frame instanceof Frame.Close close) {
            boolean answered = end == End.LINGER;
            end = End.NOW;
            return answered ? new byte[0] : FrameWriter.close(close.code(), "");
        }
        if (end == End.LINGER) {
            return new byte[0];
        }
        if (frame instanceof Frame.Fault fault) {
            return close(fault.code(), fault.reason()).bytes();
        }
        if (frame instanceof Frame.Pong pong && pongs.take(pong.payload(), now)) {
            return new byte[0]; // we asked for it, so it is not counted against the client
        }
        if (!budget.take(now)) {
            return close(POLICY, PingBudget.EXCEEDED).bytes();
        }
        if (frame instanceof Frame.Ping ping) {
            return FrameWriter.pong(ping.payload());
        }
        return frame instanceof Frame.Text text ? answer(text.text()) : new byte[0];
    }

    private byte[] answer(String message) {
        String reply = HeartbeatText.replyTo(message);
        return reply == null ? close(POLICY, HeartbeatText.fault(message)).bytes() : FrameWriter.text(reply);
    }
}
