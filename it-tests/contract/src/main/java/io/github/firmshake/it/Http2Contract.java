package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Http2Request.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over HTTP/2 a GET with a WebSocket key is told, never repaired, and refused on its stream only. */
public abstract class Http2Contract extends HandshakeContract {

    private static final String FAULT = " HTTP2_HEADERS_INVALID /ws: "
            + "request method is \"GET\", expected \"CONNECT\"; "
            + "also HTTP2_HEADERS_INVALID: :protocol is missing, expected \"websocket\"; got GET HTTP/2.0; from 127.0.0.1; answered ";

    protected Http2Contract(Container container) {
        super(container);
    }

    @Test
    final void aGetWithAKeyIsToldAndNotRepaired() throws Exception {
        Server server = with();

        HttpResponse<String> response = handshake(server);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(line()).isEqualTo("INFO" + FAULT + "404");
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    final void aGetWithAKeyIsRefusedWithoutFieldsThatHttp2Forbids() throws Exception {
        Server server = with("onInvalid", "reject");

        HttpResponse<String> response = handshake(server);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().map().keySet()).doesNotContain("connection", "upgrade", "keep-alive");
        assertThat(response.body()).startsWith("{\"type\":\"urn:firmshake:HTTP2_HEADERS_INVALID\",");
        assertThat(line()).isEqualTo("INFO" + FAULT + "400");
        HandshakeEvent event = server.nextEvent();
        assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(event.violations())
                .extracting("code")
                .containsExactly(ReasonCode.HTTP2_HEADERS_INVALID, ReasonCode.HTTP2_HEADERS_INVALID);
        did(Capability.HTTP2_GET, "GET with a key");
    }

    @Test
    final void plainHttpOnAWebSocketPathIsRefusedWith501() throws Exception {
        Server server = with("onInvalid", "reject", "webSocketPaths", "/ws");

        HttpResponse<String> response = get(server, HttpRequest.newBuilder());

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.headers().map().keySet()).doesNotContain("connection", "upgrade", "keep-alive");
        assertThat(server.nextEvent().status()).isEqualTo(501);
        assertThat(line())
                .isEqualTo("INFO PLAIN_HTTP_ON_WEBSOCKET_PATH /ws: plain HTTP on a WebSocket path: Upgrade is missing, "
                        + "expected \"websocket\"; got GET HTTP/2.0; from 127.0.0.1; answered 501");
    }

    // RFC 9113 section 8.3.1. Tomcat and Undertow refuse some of these before anybody sees them.
    @ParameterizedTest
    @ValueSource(strings = {":scheme: http", ":authority: 127.0.0.1", ":authority: user:S3cr3t@127.0.0.1?S3cr3t"})
    final void aGetWithAKeyAndHalfOfThePseudoFieldsIsNotAccepted(String pseudoField) throws Exception {
        Server server = with("onInvalid", "reject");

        Answer answer = Http2Request.send(
                server.running().http2Port(),
                List.of(
                        ":method: GET",
                        ":path: /ws",
                        pseudoField,
                        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
                        "sec-websocket-version: 13"));

        assertThat(answer.status()).isIn(0, 400);
        assertThat(everythingSaid(server)).noneMatch(text -> text.contains("S3cr3t"));
    }

    /** The server says whether it takes WebSocket over HTTP/2; where it does, its own tests go on from here. */
    @Test
    final void theServerOffersExtendedConnectOrTheLimitSaysWhyNot() throws Exception {
        Server server = with();

        boolean offered =
                Http2Settings.of(server.running().http2Port()).contains(Http2Settings.ENABLE_CONNECT_PROTOCOL);

        assertThat(offered).isEqualTo(container.offersExtendedConnect());
        if (!offered) {
            cannot(Capability.EXTENDED_CONNECT, "extended CONNECT", Limit.EXTENDED_CONNECT);
        }
    }

    private static HttpResponse<String> handshake(Server server) throws Exception {
        return get(
                server,
                HttpRequest.newBuilder()
                        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                        .header("Sec-WebSocket-Version", "13"));
    }

    // The first request of a connection comes as HTTP/1.1 and asks for HTTP/2; the one behind it is the one to test.
    private static HttpResponse<String> get(Server server, HttpRequest.Builder request) throws Exception {
        String origin = "http://127.0.0.1:" + server.running().http2Port();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(Duration.ofSeconds(60))
                .build();
        HttpRequest first = HttpRequest.newBuilder(URI.create(origin + "/plain"))
                .timeout(Duration.ofSeconds(60))
                .build();
        assertThat(client.send(first, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);
        HttpRequest second = request.uri(URI.create(origin + "/ws"))
                .timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<String> response = client.send(second, BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return response;
    }
}
