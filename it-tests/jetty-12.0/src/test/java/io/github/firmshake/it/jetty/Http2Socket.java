package io.github.firmshake.it.jetty;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** A WebSocket over HTTP/2 that shows its Pings and answers them, or does not. */
final class Http2Socket implements AutoCloseable {

    private static final long PATIENCE = 30;

    private final WebSocketClient client;
    private final End end;

    private Http2Socket(WebSocketClient client, End end) {
        this.client = client;
        this.end = end;
    }

    static Http2Socket open(int port, String path, boolean answers) throws Exception {
        WebSocketClient client =
                new WebSocketClient(new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())));
        client.start();
        End end = new End(answers);
        client.connect(end, URI.create("ws://127.0.0.1:" + port + path)).get(PATIENCE, TimeUnit.SECONDS);
        return new Http2Socket(client, end);
    }

    String nextPing() throws InterruptedException {
        return end.pings.poll(PATIENCE, TimeUnit.SECONDS);
    }

    String closed() throws Exception {
        return end.closed.get(PATIENCE, TimeUnit.SECONDS);
    }

    /**
     * Sends a message until its answer comes. What comes while Jetty 12.1.8 switches the stream it may leave unread until
     * the next: a test whose Pongs count asks something first.
     */
    void ask(String message, String answer) throws InterruptedException {
        for (int attempt = 0; attempt < PATIENCE; attempt++) {
            end.send(message);
            String next = end.messages.poll(1, TimeUnit.SECONDS);
            while (next != null && !next.equals(answer)) {
                next = end.messages.poll(1, TimeUnit.SECONDS);
            }
            if (next != null) {
                return;
            }
        }
        throw new AssertionError("no answer to " + message);
    }

    boolean isOpen() {
        return !end.closed.isDone();
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Jetty answers no Ping by itself where it shows them. */
    public static final class End extends Session.Listener.AbstractAutoDemanding {
        private final BlockingQueue<String> pings = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final boolean answers;

        private End(boolean answers) {
            this.answers = answers;
        }

        private void send(String message) {
            getSession().sendText(message, Callback.NOOP);
        }

        @Override
        public void onWebSocketText(String message) {
            messages.add(message);
        }

        @Override
        public void onWebSocketPing(ByteBuffer payload) {
            pings.add(StandardCharsets.ISO_8859_1.decode(payload.slice()).toString());
            if (answers) {
                getSession().sendPong(payload, Callback.NOOP);
            }
        }

        @Override
        @SuppressWarnings("removal") // 12.1 adds a callback to it
        public void onWebSocketClose(int code, String reason) {
            closed.complete(code + " " + reason);
        }
    }
}
