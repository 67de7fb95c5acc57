package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The handshakes with which every recipe is tried. */
public final class Story {

    private Story() {}

    /** Upgrade passed on over HTTP/1.1 with {@code Connection: close}. */
    public static String repairable(String path) {
        return "GET " + path + """
                 HTTP/1.1
                Host: localhost
                Connection: close
                Upgrade: websocket
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13

                """;
    }

    /** Upgrade lost. */
    public static String stripped(String path) {
        return repairable(path).replace("Upgrade: websocket\n", "");
    }

    /** Each of the two, with {@code onInvalid=reject}. */
    public static void assertRepairsAndRefuses(int port, String path) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            Response answer = client.exchange(repairable(path));
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.value("Connection")).isEqualToIgnoringCase("upgrade");
            client.send(new RawClient.Frame(1, "in order"));
            assertThat(client.readFrame()).isEqualTo(new RawClient.Frame(1, "in order"));
        }
        try (RawClient client = RawClient.connect(port)) {
            Response answer = client.exchange(stripped(path));
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.value("Connection")).isEqualTo("Upgrade, close");
            assertThat(client.isClosed()).isTrue();
        }
    }
}
