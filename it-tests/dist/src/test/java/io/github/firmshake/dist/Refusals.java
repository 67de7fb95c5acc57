package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Response;
import java.io.IOException;

/** What {@code onInvalid=reject} promises. */
final class Refusals {

    private Refusals() {}

    static void assertRefusesCompletely(RunningTomcat tomcat) throws IOException, InterruptedException {
        String stripped = Page.INSTALL
                .snippet("repaired")
                .replace("Upgrade: websocket", "X-Request-Id: refused")
                .replace("HTTP/1.0", "HTTP/1.1");
        try (RawClient client = tomcat.connect()) {
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
        tomcat.await("id x-request-id=refused; answered 426, closed");
    }
}
