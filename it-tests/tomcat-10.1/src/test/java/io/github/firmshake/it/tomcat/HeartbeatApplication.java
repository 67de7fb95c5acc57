package io.github.firmshake.it.tomcat;

import io.github.firmshake.filter.Heartbeat;
import io.github.firmshake.heartbeat.HeartbeatText;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Endpoints of an application, for what only its own sessions show. */
final class HeartbeatApplication {

    // New ones for each test: sessions of the one before keep theirs, whenever they end.
    private static volatile BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private static volatile BlockingQueue<String> pongs = new LinkedBlockingQueue<>();

    private HeartbeatApplication() {}

    /** Forgets what sessions that were opened until now have been told, or will be. */
    static void forget() {
        closes = new LinkedBlockingQueue<>();
        pongs = new LinkedBlockingQueue<>();
    }

    /** The codes with which sessions have ended. */
    static BlockingQueue<Integer> closes() {
        return closes;
    }

    /** The Pongs that handlers of the application were told of. */
    static BlockingQueue<String> pongs() {
        return pongs;
    }

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
            String reply = HeartbeatText.replyTo(message);
            if (reply == null) {
                session.close(new CloseReason(CloseCodes.VIOLATED_POLICY, HeartbeatText.fault(message)));
            } else {
                session.getBasicRemote().sendText(reply);
            }
        }
    }

    /** An endpoint with the helper's one line, a Pong handler of its own, and an eye on its end. */
    @ServerEndpoint("/app")
    public static final class App {
        private final BlockingQueue<Integer> ends = closes;
        private final BlockingQueue<String> answers = pongs;

        @OnMessage
        public String message(Session session, String message) throws InterruptedException {
            if (Heartbeat.answer(session, message)) {
                return null;
            }
            if (message.startsWith("idle ")) {
                session.setMaxIdleTimeout(Long.parseLong(message.substring(5)));
            }
            if (message.startsWith("work ")) {
                Thread.sleep(Long.parseLong(message.substring(5)));
            }
            if (message.equals("patient")) {
                session.getUserProperties().put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", 900_000L);
            }
            return message;
        }

        @OnMessage
        public void pong(PongMessage message) {
            answers.add(text(message));
        }

        @OnClose
        public void close(CloseReason reason) {
            ends.add(reason.getCloseCode().getCode());
        }

        @OnError
        public void error(Throwable cause) {}
    }

    private static String text(PongMessage message) {
        return StandardCharsets.ISO_8859_1.decode(message.getApplicationData()).toString();
    }

    /** An endpoint that adds its one Pong handler when a message asks for it. */
    @ServerEndpoint("/late")
    public static final class Late {
        private final BlockingQueue<String> answers = pongs;

        @OnMessage
        public String message(Session session, String message) {
            session.addMessageHandler(new MessageHandler.Whole<PongMessage>() {
                @Override
                public void onMessage(PongMessage pong) {
                    answers.add(text(pong));
                }
            });
            return message;
        }
    }

    /** An endpoint that takes its time when a session ends, and notes how many others were doing so. */
    @ServerEndpoint("/slow")
    public static final class Slow {
        private static final AtomicInteger CLOSING = new AtomicInteger();
        private static final Queue<Integer> OTHERS = new ConcurrentLinkedQueue<>();

        private final BlockingQueue<Integer> ends = closes;

        static void forget() {
            OTHERS.clear();
        }

        /** For each session that has ended, in this order: how many others were ending at its turn. */
        static List<Integer> others() {
            return List.copyOf(OTHERS);
        }

        @OnMessage
        public void message(String message) {}

        @OnClose
        public void close(CloseReason reason) throws InterruptedException {
            OTHERS.add(CLOSING.getAndIncrement());
            try {
                Thread.sleep(20);
            } finally {
                CLOSING.decrementAndGet();
            }
            ends.add(reason.getCloseCode().getCode());
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
