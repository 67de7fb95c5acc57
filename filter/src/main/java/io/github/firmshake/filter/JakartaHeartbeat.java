package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.handshake.Configuration;
import io.github.firmshake.handshake.HeartbeatSettings;
import io.github.firmshake.handshake.Origins;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.heartbeat.HeartbeatText;
import io.github.firmshake.heartbeat.PingBudget;
import io.github.firmshake.heartbeat.SendQueue;
import io.github.firmshake.heartbeat.SessionLimit;
import io.github.firmshake.heartbeat.Watch;
import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dedicated endpoint on containers other than Tomcat: one of their own kind. Made by the container, one for each
 * session; of no use to applications. Thread-safe.
 */
public final class JakartaHeartbeat extends Endpoint implements Pinged {

    private static final String OWNER = ServletHeartbeat.class.getName();
    private static final String ORIGIN_ALLOWED = "io.github.firmshake.originAllowed";
    private static final String PEER = "io.github.firmshake.heartbeat.peer";

    private volatile @Nullable Session session;
    private volatile @Nullable Watch<Pinged> watch;
    private volatile @Nullable ServletHeartbeat heartbeat;
    private volatile long frames;
    private volatile SessionLimit.@Nullable Seat seat;
    private final SendQueue sends = new SendQueue(() -> close(1011, "an answer could not be sent"));

    /** Created by the container. */
    public JakartaHeartbeat() {}

    private static final class Configurator extends ServerEndpointConfig.Configurator {

        private final Origins origins;
        private final Guard guard = new Guard(new SystemLog(SystemLog.HANDSHAKE), System::nanoTime);

        private Configurator(Origins origins) {
            this.origins = origins;
        }

        // The filter does so too, but may be mapped elsewhere, or stand behind the container's own.
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            // Not the request's own: containers make a java.net.URI of it, which many a query cannot be made into.
            RequestHead.Builder head = RequestHead.builder("GET", config.getPath(), "HTTP/1.1");
            request.getHeaders().forEach((name, values) -> values.forEach(value -> head.field(name, value)));
            boolean allowed = guard.attempt(
                    () -> origins.allow(head.build()), false, "its origin was to be checked, so the session is closed");
            config.getUserProperties().put(ORIGIN_ALLOWED, allowed);
            String peer = ServletHeartbeat.takePeer();
            config.getUserProperties().put(PEER, peer == null ? "" : peer);
        }

        /** Agrees on no extension: permessage-deflate costs more memory than everything else of a session. */
        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }

    /** Deploys the endpoint where the container is not Tomcat; listeners are the last who may. */
    static void deploy(ServletContext context, Map<String, String> initParameters) {
        HeartbeatSettings settings;
        try {
            settings = Configuration.of(Parameters.of(context, initParameters))
                    .settings()
                    .heartbeat();
        } catch (IllegalArgumentException e) {
            return; // the filter says so, with the place
        }
        Object container = context.getAttribute("jakarta.websocket.server.ServerContainer");
        boolean there = context.getAttribute(ServletHeartbeat.ATTRIBUTE) != null;
        if (container == null || there || settings.heartbeatPath().isEmpty() || Host.of(context) == Host.TOMCAT) {
            return;
        }
        SystemLog log = new SystemLog(SystemLog.CONFIG);
        String where = context.getContextPath() + settings.heartbeatPath();
        if (Host.of(context) == Host.JETTY && Jetty.hasEndpoint(context, settings.heartbeatPath())) {
            log.log(Level.INFO, "heartbeat at " + where + ": an endpoint of the application stays there");
            return;
        }
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(
                        JakartaHeartbeat.class, settings.heartbeatPath())
                .configurator(new Configurator(settings.heartbeatOrigins()))
                .build();
        config.getUserProperties().put(OWNER, context);
        try {
            ((ServerContainer) container).addEndpoint(config);
            context.setAttribute(ServletHeartbeat.ATTRIBUTE, settings.heartbeatPath());
        } catch (DeploymentException | RuntimeException e) {
            log.log(Level.INFO, "no heartbeat endpoint at " + where, e);
        }
    }

    @Override
    public void onOpen(Session opened, EndpointConfig config) {
        ServletContext context = (ServletContext) config.getUserProperties().get(OWNER);
        if (!(context.getAttribute(OWNER) instanceof ServletHeartbeat owner)) {
            refuse(opened, CloseCodes.TRY_AGAIN_LATER, "the application is not started");
            return;
        }
        if (!Boolean.TRUE.equals(config.getUserProperties().get(ORIGIN_ALLOWED))) {
            refuse(opened, CloseCodes.VIOLATED_POLICY, "this origin is not allowed");
            return;
        }
        session = opened;
        heartbeat = owner;
        String peer = (String) config.getUserProperties().getOrDefault(PEER, "");
        SessionLimit.Seat taken = owner.enter(peer.isEmpty() ? null : peer);
        seat = taken;
        watch = owner.opened(this);
        if (owner.isStopped()) {
            refuse(opened, CloseCodes.GOING_AWAY, "going away");
            return;
        }
        String refusal = taken.refusal();
        if (refusal != null) {
            refuse(opened, CloseCodes.TRY_AGAIN_LATER, refusal);
            return;
        }
        UndertowFlood.watch(opened, () -> refuse(opened, CloseCodes.VIOLATED_POLICY, PingBudget.EXCEEDED));
        opened.setMaxTextMessageBufferSize(HeartbeatText.MAX_MESSAGE);
        opened.setMaxBinaryMessageBufferSize(HeartbeatText.MAX_MESSAGE);
        PingBudget budget = new PingBudget(System.nanoTime());
        opened.addMessageHandler((MessageHandler.Whole<String>) new Text(budget));
        opened.addMessageHandler(new Pong(budget));
        opened.addMessageHandler(new Binary());
        send(opened, owner.hello());
    }

    private void send(Session to, String text) {
        boolean taken = sends.offer(done -> to.getAsyncRemote().sendText(text, result -> done.accept(failure(result))));
        if (!taken) {
            close(CloseCodes.VIOLATED_POLICY.getCode(), "answers are not read");
        }
    }

    private static @Nullable Throwable failure(SendResult result) {
        if (result.isOK()) {
            return null;
        }
        Throwable cause = result.getException();
        return cause == null ? new IOException("not sent") : cause;
    }

    // Not lambdas: containers read the type of a message from the handler's class.
    private final class Text implements MessageHandler.Whole<String> {
        private final PingBudget budget;

        private Text(PingBudget budget) {
            this.budget = budget;
        }

        @Override
        public void onMessage(String message) {
            frames = frames + 1; // containers deliver one message after the other
            Session mine = session;
            if (mine == null) {
                return;
            }
            String reply = HeartbeatText.replyTo(message);
            if (!budget.take(System.nanoTime())) {
                refuse(mine, CloseCodes.VIOLATED_POLICY, PingBudget.EXCEEDED);
            } else if (reply == null) {
                refuse(mine, CloseCodes.VIOLATED_POLICY, HeartbeatText.fault(message));
            } else {
                send(mine, reply);
            }
        }
    }

    private final class Pong implements MessageHandler.Whole<PongMessage> {
        private final PingBudget budget;

        private Pong(PingBudget budget) {
            this.budget = budget;
        }

        @Override
        public void onMessage(PongMessage message) {
            frames = frames + 1;
            byte[] payload = new byte[message.getApplicationData().remaining()];
            message.getApplicationData().get(payload);
            Watch<Pinged> pings = watch;
            Session mine = session;
            long now = System.nanoTime();
            boolean askedFor = pings != null && pings.pong(payload, now); // that is not counted against the client
            if (!askedFor && !budget.take(now) && mine != null) {
                refuse(mine, CloseCodes.VIOLATED_POLICY, PingBudget.EXCEEDED);
            }
        }
    }

    private final class Binary implements MessageHandler.Whole<ByteBuffer> {
        @Override
        public void onMessage(ByteBuffer message) {
            Session mine = session;
            if (mine != null) {
                refuse(mine, CloseCodes.CANNOT_ACCEPT, "only text is accepted");
            }
        }
    }

    @Override
    public void onClose(Session closed, CloseReason reason) {
        ended();
    }

    @Override
    public void onError(Session failed, Throwable cause) {
        // onClose follows
    }

    private synchronized void ended() {
        ServletHeartbeat owner = heartbeat;
        Watch<Pinged> mine = watch;
        SessionLimit.Seat taken = seat;
        if (owner != null && mine != null && taken != null) {
            watch = null;
            owner.closed(mine, taken);
        }
    }

    @Override
    public boolean isOpen() {
        Session mine = session;
        return mine != null && mine.isOpen();
    }

    @Override
    public long framesReceived() {
        return frames;
    }

    @Override
    public void ping(byte[] payload) {
        Session mine = session;
        if (mine != null) {
            sends.offer(done -> {
                mine.getAsyncRemote().sendPing(ByteBuffer.wrap(payload));
                done.accept(null); // there is no way to learn of it
            });
        }
    }

    @Override
    public void close(int code, String reason) {
        sends.stop(); // what waits for a client that takes nothing in would keep the Close waiting too
        ended(); // containers do not all call onClose for a connection that is dead
        Session mine = session;
        if (mine != null) {
            close(mine, CloseCodes.getCloseCode(code), reason);
        }
    }

    @Override
    public void drop() {
        close(CloseCodes.GOING_AWAY.getCode(), "");
    }

    // Behind the answers that are on their way.
    private void refuse(Session refused, CloseReason.CloseCode code, String reason) {
        sends.last(done -> {
            close(refused, code, reason);
            done.accept(null);
        });
        ServletHeartbeat owner = heartbeat;
        Watch<Pinged> mine = watch;
        if (owner != null && mine != null) {
            owner.lingering(mine);
        }
    }

    private static void close(Session session, CloseReason.CloseCode code, String reason) {
        UndertowSession.closeSoon(session);
        try {
            session.close(new CloseReason(code, reason));
        } catch (IOException | IllegalStateException e) {
            // The connection is lost already.
        }
    }
}
