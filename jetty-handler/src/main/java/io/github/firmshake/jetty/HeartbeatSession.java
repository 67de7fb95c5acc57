package io.github.firmshake.jetty;

import io.github.firmshake.heartbeat.HeartbeatText;
import io.github.firmshake.heartbeat.PingBudget;
import io.github.firmshake.heartbeat.SessionLimit;
import io.github.firmshake.heartbeat.Watch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * One session of the dedicated endpoint on Jetty's core WebSocket, which has no layer for messages: what a session costs
 * beyond that core is this object. Jetty calls it with one frame after the other. Thread-safe; nothing in it blocks.
 */
final class HeartbeatSession implements FrameHandler, Pinged {

    private static final byte[] NOTHING = {};
    private static final int MAX_UNSENT = 32;

    private final CoreHeartbeat endpoint;
    private final PingBudget budget = new PingBudget(System.nanoTime());
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger unsent = new AtomicInteger(); // frames: Jetty's queue has no end
    private volatile @Nullable CoreSession session;
    private volatile @Nullable Watch<Pinged> watch;
    private volatile SessionLimit.@Nullable Seat seat;
    private volatile long frames;
    private byte[] message = NOTHING; // the parts so far of one that comes in fragments
    private boolean closing; // our Close is out: what still comes is not answered

    HeartbeatSession(CoreHeartbeat endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        SessionLimit.Seat taken = endpoint.enter(opened);
        String refusal = taken.refusal();
        seat = taken;
        watch = endpoint.opened(this);
        callback.succeeded();
        if (endpoint.isStopped()) {
            close(CloseStatus.SHUTDOWN, CoreHeartbeat.GOING_AWAY);
        } else if (refusal != null) {
            refuse(CloseStatus.TRY_AGAIN_LATER, refusal);
        } else {
            send(OpCode.TEXT, endpoint.hello());
        }
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        frames = frames + 1; // one thread at a time writes it
        // A copy: the buffer is Jetty's again once the callback has been called.
        byte[] payload = frame.hasPayload() ? BufferUtil.toArray(frame.getPayload()) : NOTHING;
        byte opCode = frame.getOpCode();
        callback.succeeded(); // a Close is answered by Jetty, here
        if (opCode == OpCode.CLOSE) {
            return;
        }
        if (!closing) {
            answer(opCode, frame.isFin(), payload);
        }
        CoreSession mine = session;
        if (mine != null) {
            mine.demand();
        }
    }

    private void answer(byte opCode, boolean last, byte[] payload) {
        long now = System.nanoTime();
        Watch<Pinged> mine = watch;
        if (opCode == OpCode.PONG && mine != null && mine.pong(payload, now)) {
            return; // we asked for it, so it is not counted against the client
        }
        if (opCode == OpCode.BINARY) {
            refuse(CloseStatus.BAD_DATA, "only text is accepted");
        } else if (!budget.take(now)) {
            refuse(CloseStatus.POLICY_VIOLATION, PingBudget.EXCEEDED);
        } else if (opCode == OpCode.PING) {
            send(OpCode.PONG, payload);
        } else if (opCode != OpCode.PONG) {
            answer(payload, last);
        }
    }

    private void answer(byte[] part, boolean last) {
        byte[] all = message.length == 0 ? part : joined(message, part);
        message = last ? NOTHING : all;
        if (all.length > HeartbeatText.MAX_MESSAGE) {
            message = NOTHING;
            refuse(CloseStatus.MESSAGE_TOO_LARGE, "a message is longer than 125 bytes");
        } else if (last) {
            answer(decoded(all));
        }
    }

    private void answer(@Nullable String text) {
        String reply = text == null ? null : HeartbeatText.replyTo(text);
        if (text == null) {
            refuse(CloseStatus.BAD_PAYLOAD, "a text message is not UTF-8");
        } else if (reply == null) {
            refuse(CloseStatus.POLICY_VIOLATION, HeartbeatText.fault(text));
        } else {
            send(OpCode.TEXT, reply);
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded(); // onClosed follows
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        end();
        callback.succeeded();
    }

    @Override
    public boolean isOpen() {
        CoreSession mine = session;
        return !ended.get() && mine != null && !mine.isClosed();
    }

    @Override
    public long framesReceived() {
        return frames;
    }

    @Override
    public void run(Runnable task) {
        task.run(); // there is no code of an application
    }

    @Override
    public void ping(byte[] payload) {
        send(OpCode.PING, payload);
    }

    @Override
    public void expire(Pings pings) {
        throw new IllegalStateException("no idle limit is named");
    }

    @Override
    public CompletableFuture<?> stop() {
        return close(CloseStatus.SHUTDOWN, CoreHeartbeat.GOING_AWAY);
    }

    @Override
    public CompletableFuture<?> close(int code, String reason) {
        end();
        CoreSession mine = session;
        if (mine == null) {
            return CompletableFuture.completedFuture(null);
        }
        Callback.Completable sent = new Callback.Completable();
        mine.close(code, reason, sent);
        return sent.orTimeout(2, TimeUnit.SECONDS).handle((nothing, failure) -> {
            mine.abort();
            return nothing;
        });
    }

    // Jetty closes the connection as soon as such a Close is out; where a client takes nothing in, it never is.
    private void refuse(int code, String reason) {
        closing = true;
        CoreSession mine = session;
        Watch<Pinged> pings = watch;
        if (mine != null && pings != null) {
            mine.close(code, reason, Callback.NOOP);
            endpoint.lingering(pings);
        }
    }

    private void end() {
        Watch<Pinged> mine = watch;
        SessionLimit.Seat taken = seat;
        if (mine != null && taken != null && ended.compareAndSet(false, true)) {
            endpoint.closed(mine, taken);
        }
    }

    private void send(byte opCode, String text) {
        send(opCode, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(byte opCode, byte[] payload) {
        CoreSession mine = session;
        if (unsent.incrementAndGet() > MAX_UNSENT) { // a client that asks and does not read
            end();
            if (mine != null) {
                mine.abort();
            }
        } else if (mine != null) {
            // What fails closes the session, and onClosed says so.
            Callback sent = Callback.from(InvocationType.NON_BLOCKING, unsent::decrementAndGet);
            mine.sendFrame(new Frame(opCode, ByteBuffer.wrap(payload)), sent, false);
        }
    }

    private static @Nullable String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
