package io.github.firmshake.it.tomcat;

import io.github.firmshake.filter.Heartbeat;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Endpoints of an application, for what only its own sessions show. */
final class HeartbeatApplication {

    static final BlockingQueue<Integer> CLOSES = new LinkedBlockingQueue<>();

    private HeartbeatApplication() {}

    static void install(ServletContext context, Class<?>... endpoints) throws ServletException {
        try {
            ServerContainer container = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            for (Class<?> endpoint : endpoints) {
                if (endpoint == First.class) {
                    container.addEndpoint(ServerEndpointConfig.Builder.create(First.class, "/firmshake/heartbeat")
                            .build());
                } else {
                    container.addEndpoint(endpoint);
                }
            }
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    /** The dedicated endpoint, as one would write it for Tomcat's own WebSocket. */
    @ServerEndpoint("/own")
    public static final class Own {
        @OnOpen
        public void open(Session session) throws IOException {
            session.setMaxTextMessageBufferSize(125);
            session.getBasicRemote().sendText("hello");
        }

        @OnMessage
        public void message(Session session, String message) throws IOException {
            if (message.startsWith("ping")) {
                session.getBasicRemote().sendText("pong" + message.substring(4));
            } else {
                session.close(new CloseReason(CloseCodes.VIOLATED_POLICY, "fault"));
            }
        }
    }

    /** An endpoint with the helper's one line, a Pong handler of its own, and an eye on its end. */
    @ServerEndpoint("/app")
    public static final class App {
        @OnMessage
        public String message(Session session, String message) {
            if (Heartbeat.answer(session, message)) {
                return null;
            }
            if (message.startsWith("idle ")) {
                session.setMaxIdleTimeout(Long.parseLong(message.substring(5)));
            }
            return message;
        }

        @OnMessage
        public void pong(PongMessage message) {}

        @OnClose
        public void close(CloseReason reason) {
            CLOSES.add(reason.getCloseCode().getCode());
        }
    }

    /**
     * An endpoint that was at the heartbeat's path before us. Without annotation: other tests have Tomcat look for those on
     * the class path.
     */
    public static final class First extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(
                    String.class, message -> session.getAsyncRemote().sendText("first " + message));
        }
    }
}
