package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSocket over HTTP/2 (RFC 8441), with Jetty's own client: examined by its own rules, never repaired. */
class Http2IT {

    private static final long PATIENCE = 20;

    private final LogCapture log = JulCapture.lines();
    private Server server;
    private FirmshakeHandler firmshake;

    @BeforeEach
    void listenAtDebug() {
        log.restOfHandshakes();
        JulCapture.debug(true);
    }

    @AfterEach
    void stop() throws Exception {
        JulCapture.debug(false);
        server.stop();
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakePassesUntouchedAndWorks(EchoServer.Kind kind) throws Exception {
        start(kind, "reject");
        WebSocketClient client =
                new WebSocketClient(new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())));
        client.start();
        try {
            assertThat(echo(client)).isEqualTo("in order");
            assertThat(log.nextHandshake())
                    .startsWith("DEBUG VALID /echo: the handshake is valid;")
                    .endsWith("; answered 200");
            assertThat(log.nextHandshake()).startsWith("DEBUG head as received: CONNECT /echo HTTP/2.0; ");
            assertThat(firmshake.getStatistics().getValid()).isEqualTo(1);
            assertThat(firmshake.getStatistics().getRepaired()).isZero();
        } finally {
            client.stop();
        }
    }

    private String echo(WebSocketClient client) throws Exception {
        Answer answer = new Answer();
        URI uri = URI.create("ws://127.0.0.1:" + EchoServer.port(server) + "/echo");
        var session = client.connect(answer, uri).get(PATIENCE, TimeUnit.SECONDS);
        // 12.1.8 alone, with or without Firmshake, leaves a message that arrives while it switches the stream
        // unread until the next one comes, in one session of fifteen.
        for (int attempt = 1; ; attempt++) {
            session.sendText("in order", org.eclipse.jetty.websocket.api.Callback.NOOP);
            try {
                return answer.text.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (attempt == PATIENCE) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aGetWithAKeyIsExplainedAndLeftToTheApplication() throws Exception {
        start(EchoServer.Kind.JAKARTA, "report");
        MetaData.Response answer = exchange(new MetaData.Request(
                "GET",
                uri("/echo"),
                HttpVersion.HTTP_2,
                HttpFields.build()
                        .put("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                        .put("sec-websocket-version", "13")));
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(log.nextHandshake())
                .startsWith("INFO HTTP2_HEADERS_INVALID /echo: ")
                .endsWith("answered 404");
        assertThat(firmshake.getStatistics().getRepaired()).isZero();
    }

    @Test
    void anUnknownProtocolIsRefusedOnItsStreamOnly() throws Exception {
        start(EchoServer.Kind.JAKARTA, "reject");
        MetaData.Response answer = exchange(new MetaData.ConnectRequest(
                "http",
                new org.eclipse.jetty.http.HostPortHttpField("127.0.0.1"),
                "/echo",
                HttpFields.build().put("sec-websocket-version", "13"),
                "smoke"));
        assertThat(answer.getStatus()).isEqualTo(501);
        assertThat(answer.getHttpFields().contains("Connection")).isFalse();
        assertThat(answer.getHttpFields().contains("Upgrade")).isFalse();
        assertThat(log.nextHandshake()).startsWith("INFO PROTOCOL_UNKNOWN /echo: ");
    }

    private void start(EchoServer.Kind kind, String onInvalid) throws Exception {
        server = EchoServer.of(kind);
        firmshake = new FirmshakeHandler();
        firmshake.setOnInvalid(onInvalid);
        FirmshakeHandler.install(server, firmshake).setLogLimitPerMinute("100");
        server.start();
    }

    private HttpURI uri(String path) {
        return HttpURI.from("http://127.0.0.1:" + EchoServer.port(server) + path);
    }

    // Below Jetty's HTTP client, which would not send such requests.
    private MetaData.Response exchange(MetaData.Request request) throws Exception {
        HTTP2Client client = new HTTP2Client();
        client.start();
        try {
            CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
            Session session = client.connect(
                            new InetSocketAddress("127.0.0.1", EchoServer.port(server)), new Session.Listener() {
                                @Override
                                public void onSettings(
                                        Session from, org.eclipse.jetty.http2.frames.SettingsFrame frame) {
                                    settings.complete(frame.getSettings());
                                }
                            })
                    .get(PATIENCE, TimeUnit.SECONDS);
            settings.get(PATIENCE, TimeUnit.SECONDS);
            CompletableFuture<MetaData.Response> answer = new CompletableFuture<>();
            session.newStream(new HeadersFrame(request, null, true), new Stream.Listener() {
                        @Override
                        public void onHeaders(Stream stream, HeadersFrame frame) {
                            answer.complete((MetaData.Response) frame.getMetaData());
                        }

                        @Override
                        public void onFailure(
                                Stream stream, int error, String reason, Throwable failure, Callback done) {
                            answer.completeExceptionally(failure);
                            done.succeeded();
                        }
                    })
                    .get(PATIENCE, TimeUnit.SECONDS);
            return answer.get(PATIENCE, TimeUnit.SECONDS);
        } finally {
            client.stop();
        }
    }

    /** The client's end. */
    @WebSocket
    public static final class Answer {
        private final CompletableFuture<String> text = new CompletableFuture<>();

        /** Takes the echo. */
        @OnWebSocketMessage
        public void onText(String message) {
            text.complete(message);
        }
    }
}
