package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.HandshakeLog;
import io.github.firmshake.handshake.HeartbeatSettings;
import io.github.firmshake.heartbeat.HeartbeatText;
import io.github.firmshake.heartbeat.SessionLimit;
import io.github.firmshake.heartbeat.Watch;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;

/**
 * The dedicated endpoint on Jetty's core WebSocket, in front of every application. This class and {@link
 * HeartbeatSession}, and for applications' sessions {@link ApplicationSessions} and {@link ApplicationSession}, are all
 * that link to Jetty's WebSocket, which a server may lack. Thread-safe.
 */
final class CoreHeartbeat {

    static final String GOING_AWAY = "going away";

    /** Context attribute, a String: the path at which Firmshake's filter has put its own endpoint. */
    private static final String FILTERS_PATH = "io.github.firmshake.heartbeat";

    private final Server server;
    private final HeartbeatSettings settings;
    private final Pings pings;
    private final HandshakeLog log;
    private final WebSocketComponents components;
    private final Handshaker handshaker = Handshaker.newInstance();
    private final Negotiator negotiator = new Negotiator();
    private final SessionLimit limit;
    private final AtomicBoolean said = new AtomicBoolean();

    /**
     * Creates the endpoint, at rest.
     *
     * @throws LinkageError where Jetty's WebSocket is not on the class path
     */
    CoreHeartbeat(Server server, HeartbeatSettings settings, Pings pings, HandshakeLog log) {
        this.server = server;
        this.settings = settings;
        this.pings = pings;
        this.log = log;
        limit = new SessionLimit(settings.heartbeatMaxSessions());
        components = WebSocketServerComponents.ensureWebSocketComponents(server);
    }

    /** Whether handshakes at its path are for it: what an application has there stays. */
    boolean isServed() {
        for (ContextHandler handler : server.getDescendants(ContextHandler.class)) {
            String path = pathIn(handler);
            Context context = handler.getContext();
            if (path != null
                    && context.getAttribute(WebSocketMappings.WEBSOCKET_MAPPING_ATTRIBUTE)
                            instanceof WebSocketMappings ends
                    && has(ends, path)) {
                boolean filter = path.equals(context.getAttribute(FILTERS_PATH));
                say(
                        filter
                                ? "the handler's endpoint serves it, the filter's stays unused behind"
                                : "an endpoint of the application stays there");
                return filter;
            }
        }
        return true;
    }

    private @Nullable String pathIn(ContextHandler handler) {
        String context = handler.getContextPath().equals("/") ? "" : handler.getContextPath();
        String path = settings.heartbeatPath();
        return path.startsWith(context + "/") ? path.substring(context.length()) : null;
    }

    // As Jakarta WebSocket and Jetty's own containers map a path; one that a pattern only matches is not taken.
    private static boolean has(WebSocketMappings endpoints, String path) {
        return endpoints.getWebSocketNegotiator(new UriTemplatePathSpec(path)) != null
                || endpoints.getWebSocketNegotiator(new ServletPathSpec(path)) != null;
    }

    private void say(String what) {
        if (said.compareAndSet(false, true)) {
            log.log(Level.INFO, "heartbeat at " + settings.heartbeatPath() + ": " + what);
        }
    }

    /** Sessions that are open now. */
    int sessions() {
        return limit.open();
    }

    /** Why a session may not be opened for a peer now; null where it may. */
    @Nullable
    String full(@Nullable String peer) {
        return limit.refusal(peer);
    }

    /** Counts a session in, as far as it may stay: several pass {@link #full} before their upgrades at once. */
    SessionLimit.Seat enter(CoreSession session) {
        boolean internet = session.getRemoteAddress() instanceof InetSocketAddress;
        SessionLimit.Seat seat = limit.enter(
                internet
                        ? ((InetSocketAddress) session.getRemoteAddress())
                                .getAddress()
                                .getHostAddress()
                        : null,
                System.nanoTime());
        String warning = seat.warning();
        if (warning != null) {
            log.log(Level.WARNING, "heartbeat at " + settings.heartbeatPath() + ": " + warning);
        }
        return seat;
    }

    /** Answers a valid handshake with 101, or 200 over HTTP/2. No extension and no subprotocol is agreed. */
    boolean open(Request request, Response response, Callback callback) {
        try {
            // Jetty makes a java.net.URI of it, which many a query cannot be made into; nobody reads one here.
            Request named = Request.serveAs(request, HttpURI.build(request.getHttpURI(), settings.heartbeatPath()));
            return handshaker.upgradeRequest(negotiator, named, response, callback, components, null);
        } catch (WebSocketException e) {
            Response.writeError(request, response, callback, e);
            return true;
        }
    }

    String hello() {
        return HeartbeatText.hello(settings.pingIntervalSeconds());
    }

    boolean isStopped() {
        return pings.isStopped();
    }

    Watch<Pinged> opened(HeartbeatSession session) {
        return pings.add(session);
    }

    void closed(Watch<Pinged> watch, SessionLimit.Seat seat) {
        seat.leave();
        watch.end();
    }

    void lingering(Watch<Pinged> watch) {
        pings.linger(watch);
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
