package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.HandshakeLog;
import io.github.firmshake.handshake.HeartbeatSettings;
import io.github.firmshake.heartbeat.AcceptKey;
import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.heartbeat.HeartbeatText;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.heartbeat.SessionLimit;
import io.github.firmshake.heartbeat.Watch;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of an adapter that sees servlet requests: the dedicated endpoint, and Pings. It has no thread before the
 * first session, and none after {@link #stop}. Thread-safe.
 */
public final class ServletHeartbeat {

    /**
     * Context attribute, a String: the path at which an adapter serves the dedicated endpoint in this context. Another
     * adapter, of whatever class loader, leaves it to that one.
     */
    public static final String ATTRIBUTE = "io.github.firmshake.heartbeat";

    /** Request attribute: {@code TRUE} where an adapter pings the session that came of the request. */
    static final String WATCHED = "io.github.firmshake.watched";

    private static final String PEER = "io.github.firmshake.heartbeat.peer";

    // From the filter to the container's own endpoint, which is not shown the request.
    private static final ThreadLocal<@Nullable String> PEERS = new ThreadLocal<>();

    private final HeartbeatSettings settings;
    private final PingRunner runner;
    private final HandshakeLog log;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final boolean onTomcat;
    private final SessionLimit limit;
    private @Nullable ApplicationSessions application; // made when the first is seen
    private boolean watchesUpgrades; // on Undertow; set before the first request

    /**
     * Creates the heartbeat of an adapter, at rest.
     *
     * @param settings its settings
     * @param listener who is told of Pings and their answers
     * @param log where it says that a path is not its own
     * @param onTomcat whether it takes connections over itself; else the container's own endpoint does
     */
    public ServletHeartbeat(
            HeartbeatSettings settings, HeartbeatListener listener, HandshakeLog log, boolean onTomcat) {
        this.settings = settings;
        this.log = log;
        this.onTomcat = onTomcat;
        limit = new SessionLimit(settings.heartbeatMaxSessions());
        runner = new PingRunner(
                PingTiming.ofSeconds(settings.heartbeatIntervalSeconds(), settings.pongTimeoutSeconds()), listener);
    }

    /** Closes every session of the dedicated endpoint with 1001 and ends all threads. */
    public void stop() {
        runner.stop();
    }

    /** Closes the dedicated endpoint's sessions of an application with 1001: they would hold it in memory. */
    public void leave(Object application) {
        runner.stop(application);
    }

    /** Sessions of the dedicated endpoint that are open now. */
    public int sessions() {
        return limit.open();
    }

    /** Takes its place in a context. */
    void bind(ServletContext context) {
        context.setAttribute(ServletHeartbeat.class.getName(), this); // where the container's own endpoint finds it
        if (!onTomcat && settings.pingsApplication()) {
            lookForSessions(context);
        }
        if (onTomcat && !settings.heartbeatPath().isEmpty()) {
            if (Tomcat.hasEndpoint(context, settings.heartbeatPath())) {
                say(context, "an endpoint of the application stays there");
            } else {
                context.setAttribute(ATTRIBUTE, settings.heartbeatPath());
            }
        }
    }

    private void lookForSessions(ServletContext context) {
        String what = "pingSessions=all pings only the heartbeat's own sessions in context \""
                + context.getContextPath() + "\": ";
        if (Host.of(context) == Host.UNDERTOW) {
            try {
                UndertowSession.check(context);
                watchesUpgrades = true;
                return;
            } catch (ReflectiveOperationException | RuntimeException e) {
                log.log(Level.WARNING, what + "this Undertow looks different inside", e);
                return;
            }
        }
        log.log(Level.WARNING, what + "this container does not show the application's");
    }

    // Once for each context: a valve learns of them one by one.
    private void say(ServletContext context, String what) {
        String where = context.getContextPath() + settings.heartbeatPath();
        if (said.add(where)) {
            log.log(Level.INFO, "heartbeat at " + where + ": " + what);
        }
    }

    /** Whether a handshake is for the dedicated endpoint, and not for one that the application has at that path. */
    boolean isAt(HttpServletRequest request) {
        if (settings.heartbeatPath().isEmpty() || !RequestPath.is(settings.heartbeatPath(), request)) {
            return false;
        }
        ServletContext context = request.getServletContext();
        if (!onTomcat) {
            return context.getAttribute(ATTRIBUTE) != null;
        }
        if (Tomcat.hasEndpoint(context, settings.heartbeatPath())) {
            say(context, "an endpoint of the application stays there");
            return false;
        }
        Object owner = context.getAttribute(ServletHeartbeat.class.getName());
        if (owner != this && context.getAttribute(ATTRIBUTE) != null) {
            say(context, "the valve's endpoint serves it, the filter's stays unused behind");
        }
        return true;
    }

    /** Whether {@link #open} answers handshakes; else they are passed on to the container. */
    boolean takesOver() {
        return onTomcat;
    }

    /**
     * Why a session may not be opened for a request now; null where it may.
     *
     * @param peer the socket's other address; null where it is not known
     */
    @Nullable
    String full(HttpServletRequest request, @Nullable String peer) {
        request.setAttribute(PEER, peer);
        PEERS.set(peer);
        return limit.refusal(peer);
    }

    /** The peer of the handshake that this thread is at; null where it is not known. Taken once. */
    static @Nullable String takePeer() {
        String peer = PEERS.get();
        PEERS.remove();
        return peer;
    }

    /**
     * Answers a valid handshake with 101. No extension and no subprotocol is agreed.
     *
     * @param application what {@link #leave} names when it stops
     * @param stopped whether that has happened: the session opens later, when the 101 is out
     */
    public void open(
            HttpServletRequest request, HttpServletResponse response, Object application, BooleanSupplier stopped)
            throws IOException, ServletException {
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader(
                "Sec-WebSocket-Accept",
                AcceptKey.of(request.getHeader("Sec-WebSocket-Key").trim()));
        request.upgrade(HeartbeatUpgrade.class)
                .belongTo(this, (String) request.getAttribute(PEER), application, stopped);
    }

    /** Whether {@link #watch} is to be told of the application's connections. */
    public boolean pingsApplication() {
        return onTomcat && settings.pingsApplication();
    }

    /**
     * Pings and reaps the session of an application from now on, as far as its handler is Tomcat's own, once.
     *
     * @param request the request that was upgraded
     * @param handler what took its connection over
     */
    public void watch(HttpServletRequest request, Object handler) {
        boolean webSocket = handler.getClass().getName().equals(ApplicationSessions.HANDLER);
        if (webSocket && pingsApplication() && request.getAttribute(WATCHED) == null) {
            request.setAttribute(WATCHED, Boolean.TRUE);
            application(handler).sessionOf(handler).ifPresent(runner::add);
        }
    }

    /** Pings and reaps the session of an application from now on, if this request was answered with one on Undertow. */
    void answered(HttpServletRequest request) {
        if (watchesUpgrades && !isAt(request) && request.getAttribute(WATCHED) == null) {
            request.setAttribute(WATCHED, Boolean.TRUE);
            // Half of the time after which an answer is looked for.
            long listening = 500L * Math.min(settings.heartbeatIntervalSeconds(), settings.pongTimeoutSeconds());
            Undertow.whenUpgraded(
                    request,
                    connection -> UndertowSession.on(connection, listening).ifPresent(runner::add));
        }
    }

    private synchronized ApplicationSessions application(Object handler) {
        if (application == null) {
            application = ApplicationSessions.of(handler.getClass(), settings.pongTimeoutSeconds());
        }
        return application;
    }

    String hello() {
        return HeartbeatText.hello(settings.pingIntervalSeconds());
    }

    /** Counts a session in, as far as it may stay: several pass {@link #full} before their upgrades at once. */
    SessionLimit.Seat enter(@Nullable String peer) {
        SessionLimit.Seat seat = limit.enter(peer, System.nanoTime());
        String warning = seat.warning();
        if (warning != null) {
            log.log(Level.WARNING, "heartbeat at " + settings.heartbeatPath() + ": " + warning);
        }
        return seat;
    }

    boolean isStopped() {
        return runner.isStopped();
    }

    Watch<Pinged> opened(Pinged session) {
        return runner.add(session);
    }

    void closed(Watch<Pinged> watch, SessionLimit.Seat seat) {
        seat.leave();
        watch.end();
    }

    void lingering(Watch<Pinged> watch) {
        runner.linger(watch);
    }
}
