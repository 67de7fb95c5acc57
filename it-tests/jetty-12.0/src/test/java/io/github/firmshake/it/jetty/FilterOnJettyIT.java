package io.github.firmshake.it.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Capability;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.Contract;
import io.github.firmshake.it.HandshakeContract;
import io.github.firmshake.it.NoRepairContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract, run by the filter alone on Jetty. */
class FilterOnJettyIT extends Contract {

    private static final Container CONTAINER = new FilterOnJetty();

    FilterOnJettyIT() {
        super(CONTAINER);
    }

    @Nested
    class Repairs extends NoRepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }

    @Nested
    class ExtendedConnect extends HandshakeContract {
        ExtendedConnect() {
            super(CONTAINER);
        }

        // Neither line nor event: that is looked at behind every test.
        @Test
        void passesUntouchedAndIsNotExamined() throws Exception {
            Server server = with("onInvalid", "reject");

            assertThat(Http2Client.echo(server.running().http2Port(), "/ws")).isEqualTo("over HTTP/2");

            cannot(Capability.EXTENDED_CONNECT, "extended CONNECT", Container.Limit.EXTENDED_CONNECT);
        }
    }
}
