package io.github.firmshake.demo.hop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BehaviourTest {

    private static final String BROWSER = http("""
            GET /chat HTTP/1.1
            Host: 127.0.0.1:8083
            Connection: Upgrade
            User-Agent: Mozilla/5.0
            Upgrade: websocket
            Origin: http://127.0.0.1:8083
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """);

    @Test
    void fineChangesNothing() throws IOException {
        assertThat(through(Behaviour.FINE, BROWSER)).isEqualTo(BROWSER);
    }

    @Test
    void stripsRemovesBothHeadersAndNothingElse() throws IOException {
        assertThat(through(Behaviour.STRIPS, BROWSER))
                .isEqualTo(BROWSER.replace("Connection: Upgrade\r\n", "").replace("Upgrade: websocket\r\n", ""));
    }

    @Test
    void downgradesLooksLikeHyperOnAPoisonedConnection() throws IOException {
        assertThat(through(Behaviour.DOWNGRADES, BROWSER)).isEqualTo(http("""
                                GET /chat HTTP/1.0
                                host: 127.0.0.1:8083
                                connection: keep-alive
                                user-agent: Mozilla/5.0
                                upgrade: websocket
                                origin: http://127.0.0.1:8083
                                sec-websocket-version: 13
                                sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==

                                """));
    }

    @Test
    void downgradesAddsConnectionWhereThereWasNone() throws IOException {
        assertThat(through(Behaviour.DOWNGRADES, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo("GET / HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n");
    }

    private static String through(Behaviour behaviour, String request) throws IOException {
        Head head = Head.read(new ByteArrayInputStream(request.getBytes(StandardCharsets.ISO_8859_1)));
        return new String(behaviour.apply(head).bytes(), StandardCharsets.ISO_8859_1);
    }

    private static String http(String text) {
        return text.replace("\n", "\r\n");
    }
}
