package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.HandshakeContract;
import io.github.firmshake.it.RawClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler's heartbeat opens whatever the query is: Jetty's handshaker fails where it is none that a URI may have. */
class BadQueriesIT extends HandshakeContract {

    BadQueriesIT() {
        super(new HandlerOnJetty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?a={1}", "?a=|", "?a=%zz", "?a=%ff", "?a=<b>", "?a=\\", "?", ";a={1}"})
    void theHeartbeatOpensWithAnyQuery(String query) throws Exception {
        Server server = with();
        try (RawClient client = server.open(HANDSHAKE.replace("/ws", "/firmshake/heartbeat" + query))) {
            assertThat(client.readFrame().payload()).startsWith("hello v=1 ");
            client.send(RawClient.Frame.text("ping abc"));
            assertThat(client.readFrame()).isEqualTo(RawClient.Frame.text("pong abc"));
        }
    }
}
