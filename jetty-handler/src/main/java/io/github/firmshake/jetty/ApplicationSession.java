package io.github.firmshake.jetty;

import io.github.firmshake.heartbeat.Watch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.AbstractExtension;
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.IncomingFrames;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.util.DemandChain;
import org.jspecify.annotations.Nullable;

/**
 * A session of an application, at the last step of its frames to the application, where it takes the Pongs that answer
 * our Pings and nothing else. Thread-safe; nothing in it blocks but what {@link #run} takes.
 */
final class ApplicationSession implements Pinged, IncomingFrames, DemandChain, Connection.Listener {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final WebSocketConnection connection;
    private final WebSocketCoreSession session;
    private final Executor executor;
    private final @Nullable IncomingFrames application; // null: it cannot be found, so Pongs are not told apart
    private volatile @Nullable Watch<Pinged> watch;

    // An application that does not ask for frames hears no Pong: its client's silence proves nothing. Each time that it
    // was so counts as a sign of life.
    private volatile boolean listening;
    private volatile boolean pingSent = true;
    private final AtomicLong excuses = new AtomicLong();

    ApplicationSession(WebSocketConnection connection, WebSocketCoreSession session, Executor executor) {
        this.connection = connection;
        this.session = session;
        this.executor = executor;
        application = comeBetween(session.getExtensionStack());
        listening = application == null;
        connection.addEventListener(this);
    }

    private @Nullable IncomingFrames comeBetween(ExtensionStack stack) {
        List<Extension> extensions = stack.getExtensions();
        IncomingFrames next = null;
        if (extensions.isEmpty()) {
            next = stack.getNextIncoming();
            stack.initialize(this, stack.getNextOutgoing(), session);
        } else if (extensions.get(extensions.size() - 1) instanceof AbstractExtension last) {
            next = last.getNextIncoming();
            last.setNextIncomingFrames(this);
        }
        if (next != null) {
            stack.setLastDemand(this);
        }
        return next;
    }

    void watchBy(Pings pings) {
        watch = pings.add(this);
    }

    @Override
    public void onClosed(Connection closed) {
        Watch<Pinged> mine = watch;
        if (mine != null) {
            mine.end();
        }
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        Watch<Pinged> mine = watch;
        boolean pong = frame.getOpCode() == OpCode.PONG && frame.hasPayload();
        if (pong && mine != null && mine.pong(BufferUtil.toArray(frame.getPayload()), System.nanoTime())) {
            callback.succeeded();
            session.demand(); // in the application's place, which has not got the frame that it asked for
        } else if (application != null) {
            listening = false;
            application.onFrame(frame, callback);
        }
    }

    @Override
    public void demand() {
        if (!listening) {
            excuses.incrementAndGet();
            listening = true;
        }
        connection.demand();
    }

    @Override
    public boolean isOpen() {
        return !session.isClosed();
    }

    @Override
    public long framesReceived() {
        if (!listening && pingSent) { // a Ping that cannot even be sent is no fault of the application's
            excuses.incrementAndGet();
        }
        return connection.getMessagesIn() + excuses.get();
    }

    @Override
    public long signsOfLife() {
        return framesReceived() + connection.getBytesIn();
    }

    @Override
    public long framesSent() {
        return connection.getMessagesOut();
    }

    @Override
    public long idleLimitNanos() {
        Duration limit = session.getIdleTimeout();
        return limit.compareTo(FOR_EVER) > 0 ? 0 : limit.toNanos();
    }

    @Override
    public void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) { // a pool that is full, or stopped
            task.run();
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (!session.isOutputOpen() && !session.isInputOpen()) {
            excuses.incrementAndGet(); // it is not opened yet
            return;
        }
        pingSent = false;
        Callback sent = Callback.from(() -> pingSent = true, failure -> {});
        session.sendFrame(new Frame(OpCode.PING, ByteBuffer.wrap(payload)), sent, false);
    }

    @Override
    public CompletableFuture<?> close(int code, String reason) {
        Callback.Completable sent = new Callback.Completable();
        run(() -> session.close(code, reason, sent));
        sent.orTimeout(2, TimeUnit.SECONDS).whenCompleteAsync((nothing, failure) -> session.abort(), this::run);
        return sent;
    }

    @Override
    public void expire(Pings pings) {
        if (!connection.onIdleExpired(new TimeoutException("Idle timeout expired: " + session.getIdleTimeout()))) {
            watchBy(pings);
        }
    }

    @Override
    public CompletableFuture<?> stop() {
        return CompletableFuture.completedFuture(null); // Jetty closes it
    }
}
