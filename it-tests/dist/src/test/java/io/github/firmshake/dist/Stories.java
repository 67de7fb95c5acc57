package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Response;
import java.io.IOException;

/** Requests that every installation is tried with, made of the one that the pages show. */
final class Stories {

    /** Upgrade passed on over HTTP/1.0 with keep-alive: repaired. */
    static final String REPAIRABLE = Page.VALVE.snippet("repaired");

    private Stories() {}

    /** The same with an id that its line shows. */
    static String repairable(String id) {
        return REPAIRABLE.replace("Host:", "X-Request-Id: " + id + "\nHost:");
    }

    /** As a browser sends it. */
    static String valid(String id) {
        return repairable(id).replace("HTTP/1.0", "HTTP/1.1").replace("keep-alive", "keep-alive, Upgrade");
    }

    /** Without Upgrade: explained, not repaired. */
    static String stripped(String id) {
        return repairable(id).replace("HTTP/1.0", "HTTP/1.1").replace("Upgrade: websocket\n", "");
    }

    /** The handshake is completed, by an answer that strict clients take too, and the WebSocket works. */
    static void assertRepairs(RunningServer server, String request) throws IOException {
        Response answer = server.assertEchoes(request);
        assertThat(answer.statusLine()).startsWith("HTTP/1.1 101");
        assertThat(answer.value("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(answer.value("Connection")).isEqualToIgnoringCase("upgrade");
        assertThat(answer.has("Keep-Alive")).isFalse();
    }

    static void assertAnswers(RunningServer server, String request, int status) throws IOException {
        assertThat(server.exchange(request).status()).as(request).isEqualTo(status);
    }
}
