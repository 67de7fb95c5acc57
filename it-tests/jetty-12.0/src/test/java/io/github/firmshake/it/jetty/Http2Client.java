package io.github.firmshake.it.jetty;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Jetty's own HTTP/2 client, over one connection: extended CONNECT as a test writes it, and whole WebSockets. */
final class Http2Client implements AutoCloseable {

    /** An answer, as far as it came: of a WebSocket that opened there is no body. */
    record Answer(int status, HttpFields fields, String body) {}

    private static final int PATIENCE = 20;

    private final int port;
    private final HTTP2Client client = new HTTP2Client();
    private final CountDownLatch settings = new CountDownLatch(1);
    private final Session session;

    Http2Client(int port) throws Exception {
        this.port = port;
        client.start();
        session = client.connect(new InetSocketAddress("127.0.0.1", port), new Session.Listener() {
                    @Override
                    public void onSettings(Session opened, SettingsFrame frame) {
                        settings.countDown();
                    }
                })
                .get(PATIENCE, TimeUnit.SECONDS);
        if (!settings.await(PATIENCE, TimeUnit.SECONDS)) { // they allow extended CONNECT
            throw new IllegalStateException("no settings came");
        }
    }

    /** Sends an extended CONNECT; an answer of 200 leaves its stream open. */
    Answer connect(String protocol, String path, Map<String, String> fields) throws Exception {
        return send(
                new MetaData.ConnectRequest(
                        HttpScheme.HTTP, new HostPortHttpField("127.0.0.1:" + port), path, fields(fields), protocol),
                false);
    }

    private static HttpFields fields(Map<String, String> namesAndValues) {
        HttpFields.Mutable fields = HttpFields.build();
        namesAndValues.forEach(fields::put);
        return fields.asImmutable();
    }

    private Answer send(MetaData.Request request, boolean last) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        session.newStream(new HeadersFrame(request, null, last), new Collector(answer))
                .get(PATIENCE, TimeUnit.SECONDS);
        return answer.get(PATIENCE, TimeUnit.SECONDS);
    }

    private static final class Collector implements Stream.Listener {

        private final CompletableFuture<Answer> answer;
        private final StringBuilder body = new StringBuilder();
        private MetaData.Response head;

        private Collector(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            head = (MetaData.Response) frame.getMetaData();
            if (frame.isEndStream() || head.getStatus() == 200) {
                complete();
            } else {
                stream.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream stream) {
            Stream.Data data = stream.readData();
            if (data == null) {
                stream.demand();
                return;
            }
            body.append(StandardCharsets.UTF_8.decode(data.frame().getByteBuffer()));
            data.release();
            if (data.frame().isEndStream()) {
                complete();
            } else {
                stream.demand();
            }
        }

        @Override
        public void onFailure(Stream stream, int error, String reason, Throwable failure, Callback callback) {
            answer.completeExceptionally(failure);
            callback.succeeded();
        }

        private void complete() {
            answer.complete(new Answer(head.getStatus(), head.getHttpFields(), body.toString()));
        }
    }

    /** Opens a WebSocket with Jetty's WebSocket client and returns what is echoed. */
    static String echo(int port, String path) throws Exception {
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
        WebSocketClient client = new WebSocketClient(http); // starts and stops the other
        client.start();
        try {
            CompletableFuture<String> echo = new CompletableFuture<>();
            var opened = client.connect(new Echoed(echo), URI.create("ws://127.0.0.1:" + port + path))
                    .get(PATIENCE, TimeUnit.SECONDS);
            // One time in twenty Jetty 12.1.8 by itself, without Firmshake, leaves a message that arrives while it
            // switches the stream unread until the next one comes.
            for (int attempt = 1; ; attempt++) {
                opened.sendText("over HTTP/2", org.eclipse.jetty.websocket.api.Callback.NOOP);
                try {
                    return echo.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    if (attempt == PATIENCE) {
                        throw e;
                    }
                }
            }
        } finally {
            client.stop();
        }
    }

    /** Takes one message. */
    public static final class Echoed extends org.eclipse.jetty.websocket.api.Session.Listener.AbstractAutoDemanding {
        private final CompletableFuture<String> message;

        private Echoed(CompletableFuture<String> message) {
            this.message = message;
        }

        @Override
        public void onWebSocketText(String text) {
            message.complete(text);
        }
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
