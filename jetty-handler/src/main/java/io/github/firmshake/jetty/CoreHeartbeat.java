package io.github.firmshake.jetty;

import io.github.firmshake.handshake.HeartbeatSettings;
import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.HeartbeatText;
import io.github.firmshake.heartbeat.PingSchedule;
import io.github.firmshake.heartbeat.PingSchedule.Kind;
import io.github.firmshake.heartbeat.PingSchedule.Task;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.heartbeat.Watch;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;

/**
 * The dedicated endpoint on Jetty's core WebSocket, in front of every application, and its Pings. It has a thread only
 * from the first session on, and none after {@link #stop}. This class and {@link HeartbeatSession} are all that link to
 * Jetty's WebSocket, which a server may lack. Thread-safe.
 */
final class CoreHeartbeat {

    static final String GOING_AWAY = "going away";

    private final HeartbeatSettings settings;
    private final WebSocketComponents components;
    private final Handshaker handshaker = Handshaker.newInstance();
    private final Negotiator negotiator = new Negotiator();
    private final PingSchedule<HeartbeatSession> schedule;
    private final AtomicInteger sessions = new AtomicInteger();
    private @Nullable Thread timer;
    private volatile boolean stopped;

    /**
     * Creates the endpoint, at rest.
     *
     * @throws LinkageError where Jetty's WebSocket is not on the class path
     */
    CoreHeartbeat(Server server, HeartbeatSettings settings, HeartbeatListener listener) {
        this.settings = settings;
        components = WebSocketServerComponents.ensureWebSocketComponents(server);
        schedule = new PingSchedule<>(
                PingTiming.ofSeconds(settings.heartbeatIntervalSeconds(), settings.pongTimeoutSeconds()),
                new SecureRandom(),
                listener);
    }

    /** Whether as many sessions are open as may be. */
    boolean isFull() {
        return sessions.get() >= settings.heartbeatMaxSessions();
    }

    boolean hasTooMany() {
        return sessions.get() > settings.heartbeatMaxSessions();
    }

    /** Answers a valid handshake with 101, or 200 over HTTP/2. No extension and no subprotocol is agreed. */
    boolean open(Request request, Response response, Callback callback) {
        try {
            return handshaker.upgradeRequest(negotiator, request, response, callback, components, null);
        } catch (WebSocketException e) {
            Response.writeError(request, response, callback, e);
            return true;
        }
    }

    String hello() {
        return HeartbeatText.hello(settings.pingIntervalSeconds());
    }

    boolean isStopped() {
        return stopped;
    }

    Watch<HeartbeatSession> opened(HeartbeatSession session) {
        sessions.incrementAndGet();
        Watch<HeartbeatSession> watch = schedule.add(session, System.nanoTime());
        wake();
        return watch;
    }

    void closed(Watch<HeartbeatSession> watch) {
        sessions.decrementAndGet();
        watch.end();
    }

    /** Closes every session with 1001 and ends the thread. */
    void stop() {
        stopped = true;
        wake();
        CompletableFuture<?>[] closes = schedule.clear().stream()
                .map(session -> session.close(1001, GOING_AWAY))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closes).join(); // connectors would cut off what is not sent yet
        Thread last;
        synchronized (this) {
            last = timer;
        }
        if (last != null) {
            try {
                last.join(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void wake() {
        if (timer != null) {
            LockSupport.unpark(timer);
        } else if (!stopped) {
            timer = new Thread(this::run, "firmshake-heartbeat");
            timer.setDaemon(true);
            timer.setContextClassLoader(CoreHeartbeat.class.getClassLoader());
            timer.start();
        }
    }

    // One thread is enough: Jetty's core queues what a connection does not take, so no session delays another.
    private void run() {
        while (!stopped) {
            List<Task<HeartbeatSession>> due = schedule.due(System.nanoTime());
            due.forEach(this::carryOut);
            if (due.isEmpty()) { // else closes may wait for those that were just done
                LockSupport.parkNanos(schedule.nanosToNext(System.nanoTime()));
            }
        }
    }

    private void carryOut(Task<HeartbeatSession> task) {
        try {
            switch (task.kind()) {
                case PING -> {
                    task.watch().sending(task.payload(), System.nanoTime());
                    task.session().ping(task.payload());
                }
                // Reaping: our sessions name no idle limit and never linger. Not 1001, which clients that reconnect
                // only
                // after an accident take for goodbye.
                default -> task.session().close(1011, "ping timeout");
            }
        } catch (RuntimeException e) {
            // A connection that is lost at this moment; the others are to be pinged all the same.
        } finally {
            if (task.kind() != Kind.PING) {
                schedule.done();
            }
        }
    }

    private final class Negotiator implements WebSocketNegotiator {

        @Override
        public FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback done) {
            // permessage-deflate would cost more memory than everything else of a session.
            response.setExtensions(List.of());
            return new HeartbeatSession(CoreHeartbeat.this);
        }

        @Override
        public void customize(Configuration configuration) {
            configuration.setAutoFragment(false); // else a frame that is too long would come in parts instead
            configuration.setMaxFrameSize(HeartbeatText.MAX_MESSAGE);
            if (settings.heartbeatIntervalSeconds() > 0) {
                // Ours is the limit: an interval may be longer than Jetty's.
                configuration.setIdleTimeout(Duration.ZERO);
            }
        }
    }
}
