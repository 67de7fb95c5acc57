package io.github.firmshake.it.jetty;

import io.github.firmshake.it.Container.StartFailure;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Extension;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.MessageHandler;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/**
 * An application with an endpoint of each kind that Jetty has, which knows nothing of Firmshake. A message is answered
 * with itself, and some ask for more: see {@link #onText}.
 */
final class PingedApplication {

    /** The kinds, as paths. */
    static final List<String> KINDS = List.of("/jakarta", "/mapped", "/servlet", "/core");

    // Of the last server alone: each endpoint keeps those of its own, and may be told of its end late.
    private static volatile BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    private static volatile BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();

    /** Lets one message {@code block}, or the end of one session that got {@code stay}, return. */
    static final Semaphore RELEASES = new Semaphore(0);

    private PingedApplication() {}

    static JettyServer server() throws StartFailure {
        pongs = new LinkedBlockingQueue<>();
        closes = new LinkedBlockingQueue<>();
        RELEASES.drainPermits();
        JettyServer server = new JettyServer();
        JakartaWebSocketServletContainerInitializer.configure(server.context(), (context, container) -> {
            container.addEndpoint(JakartaEnd.class);
            container.addEndpoint(OwnExtensions.class);
        });
        JettyWebSocketServletContainerInitializer.configure(
                server.context(), (context, container) -> container.addMapping("/mapped", NativeEnd.class));
        server.context().addServlet(new ServletHolder(new NativeServlet()), "/servlet");
        WebSocketUpgradeHandler core = new WebSocketUpgradeHandler();
        core.setHandler((org.eclipse.jetty.server.Handler) null); // it comes with a handler that answers 404
        core.setHandler(server.context());
        core.addMapping("/core", (request, response, callback) -> new CoreEnd());
        server.server().setHandler(core);
        return server;
    }

    /** Payloads of Pongs that an endpoint was shown. */
    static BlockingQueue<String> pongs() {
        return pongs;
    }

    /** Codes with which endpoints were told of their end. */
    static BlockingQueue<Integer> closes() {
        return closes;
    }

    /** What an endpoint of any kind can do. */
    private interface End {
        void text(String message);

        void ping(ByteBuffer payload);

        void idle(long millis);

        /** Sets an idle limit and vetoes its end. */
        default void veto(long millis) {
            throw new UnsupportedOperationException();
        }
    }

    /** Does what a message asks for. */
    private static void onText(End end, String message) {
        String[] words = message.split(" ");
        switch (words[0]) {
            case "veto" -> end.veto(Long.parseLong(words[1]));
            case "idle" -> end.idle(Long.parseLong(words[1])); // milliseconds
            case "ping" -> end.ping(ByteBuffer.wrap(words[1].getBytes(StandardCharsets.US_ASCII)));
            case "block" -> await(RELEASES);
            case "tick" -> tick(end, Integer.parseInt(words[1])); // so many messages, 200 ms apart
            case "flood" -> flood(end);
            default -> {}
        }
        end.text(message);
    }

    private static void await(Semaphore semaphore) {
        try {
            if (!semaphore.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not released within 30 s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void tick(End end, int times) {
        new Thread(() -> {
                    for (int i = 0; i < times; i++) {
                        end.text("tick");
                        try {
                            Thread.sleep(200);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .start();
    }

    // 40 MB: more than any buffers on the way hold. Whether the application's thread blocks is the kind's business.
    private static void flood(End end) {
        String message = "x".repeat(8_000);
        for (int i = 0; i < 5_000; i++) {
            end.text(message);
        }
    }

    private static String string(ByteBuffer payload) {
        return StandardCharsets.ISO_8859_1.decode(payload.slice()).toString();
    }

    /** Jakarta WebSocket. */
    @ServerEndpoint("/jakarta")
    public static class JakartaEnd {
        private final BlockingQueue<String> pongs = pongs();
        private final BlockingQueue<Integer> closes = closes();

        /** Created by Jetty. */
        public JakartaEnd() {}

        /** Takes a message. */
        @OnMessage
        public void text(jakarta.websocket.Session session, String message) {
            onText(
                    new End() {
                        @Override
                        public void text(String answer) {
                            try {
                                session.getBasicRemote().sendText(answer);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }

                        @Override
                        public void ping(ByteBuffer payload) {
                            try {
                                session.getBasicRemote().sendPing(payload);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }

                        @Override
                        public void idle(long millis) {
                            session.setMaxIdleTimeout(millis);
                        }
                    },
                    message);
        }

        /** Takes a Pong. */
        @OnMessage
        public void pong(PongMessage message) {
            pongs.add(string(message.getApplicationData()));
        }

        /** Takes the end; not before it is allowed to, where the session's path asks for that. */
        @OnClose
        public void close(jakarta.websocket.Session session, CloseReason reason) {
            closes.add(reason.getCloseCode().getCode());
            if ("stay".equals(session.getQueryString())) {
                await(RELEASES);
            }
        }
    }

    /** An endpoint that decides by itself about extensions, and against all. */
    @ServerEndpoint(value = "/own-extensions", configurator = NoExtensions.class)
    public static final class OwnExtensions extends JakartaEnd {
        /** Created by Jetty. */
        public OwnExtensions() {}
    }

    /** Agrees on none. */
    public static final class NoExtensions extends ServerEndpointConfig.Configurator {
        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }

    private static final class NativeServlet extends JettyWebSocketServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void configure(JettyWebSocketServletFactory factory) {
            factory.register(NativeEnd.class);
        }
    }

    /** Jetty's own kind. */
    public static final class NativeEnd extends Session.Listener.AbstractAutoDemanding implements End {
        private final BlockingQueue<String> pongs = pongs();
        private final BlockingQueue<Integer> closes = closes();

        /** Created by Jetty. */
        public NativeEnd() {}

        @Override
        public void onWebSocketText(String message) {
            onText(this, message);
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            pongs.add(string(payload));
        }

        @Override
        @SuppressWarnings("removal") // 12.1 adds a callback to it
        public void onWebSocketClose(int code, String reason) {
            closes.add(code);
        }

        @Override
        public void text(String message) {
            getSession().sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        @Override
        public void ping(ByteBuffer payload) {
            getSession().sendPing(payload, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        @Override
        public void idle(long millis) {
            getSession().setIdleTimeout(Duration.ofMillis(millis));
        }
    }

    private static final class CoreEnd extends MessageHandler implements End {
        private final BlockingQueue<String> pongs = pongs();
        private final BlockingQueue<Integer> closes = closes();

        @Override
        protected void onText(String message, Callback callback) {
            PingedApplication.onText(this, message);
            callback.succeeded();
        }

        @Override
        protected void onPongFrame(Frame frame, Callback callback) {
            pongs.add(string(frame.getPayload()));
            super.onPongFrame(frame, callback);
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            closes.add(status.getCode());
            super.onClosed(status, callback);
        }

        @Override
        public void text(String message) {
            sendText(message, Callback.NOOP, false);
        }

        @Override
        public void ping(ByteBuffer payload) {
            getCoreSession().sendFrame(new Frame(OpCode.PING, payload), Callback.NOOP, false);
        }

        @Override
        public void idle(long millis) {
            getCoreSession().setIdleTimeout(Duration.ofMillis(millis));
        }

        @Override
        public void veto(long millis) {
            idle(millis);
            Predicate<Throwable> never = failure -> false;
            try { // since Jetty 12.1
                CoreSession.class
                        .getMethod("addIdleTimeoutListener", Predicate.class)
                        .invoke(getCoreSession(), never);
            } catch (ReflectiveOperationException e) {
                // None can be vetoed.
            }
        }
    }
}
