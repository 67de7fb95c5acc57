package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Response;
import java.io.IOException;

/** What {@code onInvalid=reject} promises. */
final class Refusals {

    private Refusals() {}

    /** The answer is complete, and the line is on the console. */
    static void assertRefusesCompletely(RunningServer server) throws IOException, InterruptedException {
        assertAnswersCompletely(server, Stories.stripped("refused"));
        server.await("id x-request-id=refused; answered 426, closed");
    }

    /** The answer to a handshake without Upgrade is complete. */
    static void assertAnswersCompletely(RunningServer server, String stripped) throws IOException {
        try (RawClient client = server.connect()) {
            Response answer = client.exchange(stripped + "\n\n");

            assertThat(client.isClosed()).isTrue();
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.value("Connection")).isEqualTo("Upgrade, close");
            assertThat(answer.value("Upgrade")).isEqualTo("websocket");
            assertThat(answer.value("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.value("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.body())
                    .startsWith("{\"type\":\"urn:firmshake:HOP_BY_HOP_STRIPPED\"")
                    .contains("\"status\":426");
        }
    }
}
