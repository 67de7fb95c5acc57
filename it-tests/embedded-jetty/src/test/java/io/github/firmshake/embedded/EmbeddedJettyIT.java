package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The recipe for embedded Jetty in {@code docs/install/embedded.md}, in front of every kind of WebSocket it has. */
class EmbeddedJettyIT {

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("jetty");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(EmbeddedJettyIT.class));
    }

    @ParameterizedTest
    @EnumSource
    void repairsAndRefuses(EchoServer.Kind kind) throws Exception {
        Server server = EchoServer.of(kind);
        // snippet: jetty
        FirmshakeHandler firmshake = new FirmshakeHandler();
        firmshake.setOnInvalid("reject");
        FirmshakeHandler.install(server, firmshake);
        server.start();
        // end
        try {
            Story.assertRepairsAndRefuses(EchoServer.port(server), "/echo");
            assertThat(firmshake.getStatistics().getRepaired()).isEqualTo(1);
            assertThat(firmshake.getStatistics().getRefused()).isEqualTo(1);
        } finally {
            server.stop();
        }
    }
}
