package io.github.firmshake.it.undertow;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Endpoints of an application, for what only its own sessions show. */
public final class PingedApplication implements ServletContextListener {

    // Of the last server alone: each endpoint keeps that of its own, and may be told of its end when the next one runs.
    private static volatile BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();

    private static volatile CountDownLatch release = new CountDownLatch(0);

    /** Created by Undertow. */
    public PingedApplication() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        context.addServlet("upgrading", new Upgrading()).addMapping("/upgraded");
        try {
            ServerContainer container = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            container.addEndpoint(App.class);
            container.addEndpoint(Stuck.class);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins anew: what sessions that are open now are told of their end is not seen any more. */
    static void forgetCloses() {
        closes = new LinkedBlockingQueue<>();
    }

    /** Codes with which endpoints were told of their end. */
    static BlockingQueue<Integer> closes() {
        return closes;
    }

    /** Has sessions of {@link Stuck} stay in their end until {@link #release}. */
    static void hold() {
        release = new CountDownLatch(1);
    }

    static void release() {
        release.countDown();
    }

    /** Does what a message asks for, and answers with it. */
    @ServerEndpoint("/app")
    public static class App {
        private final BlockingQueue<Integer> closes = closes();

        /** Created by Undertow. */
        public App() {}

        /** Takes a message. */
        @OnMessage
        public String message(Session session, String message) throws InterruptedException {
            String[] words = message.split(" ");
            switch (words[0]) {
                case "idle" -> session.setMaxIdleTimeout(Long.parseLong(words[1])); // milliseconds
                case "late" -> session.addMessageHandler(new Pongs(session));
                case "tick" -> tick(session, Integer.parseInt(words[1])); // so many messages, 200 ms apart
                case "flood" -> flood(session);
                case "work" -> Thread.sleep(Long.parseLong(words[1]));
                case "thread" -> {
                    return Thread.currentThread().getName();
                }
                default -> {}
            }
            return message;
        }

        /** Takes the end. */
        @OnClose
        public void close(CloseReason reason) {
            closes.add(reason.getCloseCode().getCode());
        }

        /** Takes what goes wrong at the end. */
        @OnError
        public void error(Throwable cause) {}
    }

    private record Pongs(Session session) implements MessageHandler.Whole<PongMessage> {
        @Override
        public void onMessage(PongMessage message) {
            session.getAsyncRemote()
                    .sendText("pong " + StandardCharsets.ISO_8859_1.decode(message.getApplicationData()));
        }
    }

    private static void tick(Session session, int times) {
        new Thread(() -> {
                    try {
                        for (int i = 0; i < times; i++) {
                            session.getBasicRemote().sendText("tick");
                            Thread.sleep(200);
                        }
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
    }

    // 40 MB: more than any buffers on the way hold.
    private static void flood(Session session) {
        String message = "x".repeat(8_000);
        for (int i = 0; i < 5_000; i++) {
            session.getAsyncRemote().sendText(message);
        }
    }

    /** An endpoint whose sessions do not come to their end. */
    @ServerEndpoint("/stuck")
    public static final class Stuck {
        private final BlockingQueue<Integer> closes = closes();

        /** Created by Undertow. */
        public Stuck() {}

        /** Takes the end, and does not come back. */
        @OnClose
        public void close(CloseReason reason) throws InterruptedException {
            closes.add(reason.getCloseCode().getCode());
            release.await();
        }

        /** Takes what goes wrong at the end. */
        @OnError
        public void error(Throwable cause) {}
    }

    /** Upgrades by program, as frameworks do. */
    private static final class Upgrading extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            ServerContainer container =
                    (ServerContainer) getServletContext().getAttribute(ServerContainer.class.getName());
            ServerEndpointConfig config =
                    ServerEndpointConfig.Builder.create(App.class, "/upgraded").build();
            try {
                container.upgradeHttpToWebSocket(request, response, config, Map.of());
            } catch (DeploymentException e) {
                throw new ServletException(e);
            }
        }
    }
}
