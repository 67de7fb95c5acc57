package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests over HTTP/1.0, handshakes or not. Their answers have an HTTP/1.1 status line (RFC 9110 section 2.5): a proxy
 * that once saw an HTTP/1.0 one on a pooled connection speaks HTTP/1.0 there from then on, and damages the next handshake.
 */
public abstract class Http10Contract extends HandshakeContract {

    protected Http10Contract(Container container) {
        super(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "close"})
    final void aRequestThatIsNoHandshakeIsAnsweredWithAnHttp11StatusLine(String connection) throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(plain("/plain", connection));
            assertThat(response.statusLine()).startsWith("HTTP/1.1 200");
            assertThat(response.body()).isEqualTo("plain");
            if (connection.equals("keep-alive")) {
                assertThat(response.value("Connection")).isEqualTo("keep-alive");
                assertThat(client.exchange(plain("/plain", "close")).statusLine())
                        .startsWith("HTTP/1.1 200");
            }
            assertThat(client.isClosed()).as("closed").isTrue();
        }
        did(Capability.ANSWERS_HTTP10, "plain HTTP, Connection: " + connection);
    }

    @ParameterizedTest
    @CsvSource({"keep-alive, /plain", "close, /plain", "keep-alive, /failure", "keep-alive, /error"})
    final void aDamagedHandshakeThatIsNotRepairedIsAnsweredWithAnHttp11StatusLine(String connection, String path)
            throws Exception {
        Server server = with();

        Response response = server.send(RepairContract.damaged("HTTP/1.0", connection)
                .replace("/ws", path)
                .replace("Upgrade: websocket\n", ""));

        assertThat(response.statusLine()).startsWith("HTTP/1.1 ");
        assertThat(server.nextEvent().path()).isEqualTo(path);
        assertThat(line()).startsWith("WARNING HOP_BY_HOP_STRIPPED " + path + ": ");
        did(Capability.ANSWERS_HTTP10, "handshake to " + path + ", Connection: " + connection);
    }

    @Test
    final void theApplicationSeesTheVersionThatWasSent() throws Exception {
        Server server = with();

        Response response = server.send(plain("/seen", "keep-alive"));

        assertThat(response.body().lines()).contains("HTTP/1.0");
    }

    // Chunks are not for HTTP/1.0 (RFC 9112 section 6.1): the body ends with the connection.
    @Test
    final void aBodyOfUnknownLengthIsNotSentInChunks() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            assertEventsUntilClosed(client, plain("/events", "keep-alive"));
        }
    }

    @Test
    final void norIsThatOfAHandshakeThatWasRepairedInVain() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            assertEventsUntilClosed(
                    client, RepairContract.damaged("HTTP/1.0", "keep-alive").replace("/ws", "/events"));
        }
        assertThat(server.nextEvent().status()).isEqualTo(200);
        assertThat(line()).startsWith("WARNING ").contains(" /events: ").endsWith("; answered 200");
    }

    private static void assertEventsUntilClosed(RawClient client, String request) throws Exception {
        client.send(request);
        Application.release();
        Response head = client.readHead();
        assertThat(head.statusLine()).startsWith("HTTP/1.1 200");
        assertThat(head.has("Transfer-Encoding")).as("Transfer-Encoding").isFalse();
        assertThat(client.rest()).isEqualTo("data: first\n\ndata: second\n\n");
    }

    private static String plain(String path, String connection) {
        return "GET " + path + " HTTP/1.0\nHost: 127.0.0.1\nConnection: " + connection + "\n\n";
    }
}
