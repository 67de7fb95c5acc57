package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** What {@code onInvalid=reject} promises. */
final class Refusals {

    private Refusals() {}

    static void assertRefusesCompletely(RunningTomcat tomcat) throws IOException, InterruptedException {
        String stripped = Page.INSTALL
                .snippet("repaired")
                .replace("Upgrade: websocket", "X-Request-Id: refused")
                .replace("HTTP/1.0", "HTTP/1.1");
        try (Wire wire = tomcat.connect()) {
            String head = wire.request(stripped);
            String body = wire.rest(); // ends only because the server closes

            assertThat(head)
                    .startsWith("HTTP/1.1 426")
                    .contains("\nConnection: Upgrade, close\n")
                    .contains("\nUpgrade: websocket\n")
                    .contains("\nCache-Control: no-store\n")
                    .contains("\nContent-Type: application/problem+json")
                    .contains("\nContent-Length: " + body.length() + "\n");
            assertThat(head.lines().filter(line -> line.startsWith("Connection:")))
                    .hasSize(1);
            assertThat(body)
                    .startsWith("{\"type\":\"urn:firmshake:HOP_BY_HOP_STRIPPED\"")
                    .contains("\"status\":426");
        }
        tomcat.await("id x-request-id=refused; answered 426, closed");
    }
}
