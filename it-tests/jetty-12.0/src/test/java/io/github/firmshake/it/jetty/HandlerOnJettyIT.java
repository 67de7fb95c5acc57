package io.github.firmshake.it.jetty;

import io.github.firmshake.it.Container;
import io.github.firmshake.it.Contract;
import io.github.firmshake.it.RepairContract;
import io.github.firmshake.it.TogetherContract;
import org.junit.jupiter.api.Nested;

/** The contract, run by the handler on Jetty. */
class HandlerOnJettyIT extends Contract {

    private static final Container CONTAINER = new HandlerOnJetty();

    HandlerOnJettyIT() {
        super(CONTAINER);
    }

    @Nested
    class Repairs extends RepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }

    @Nested
    class ExtendedConnect extends ExtendedConnectContract {
        ExtendedConnect() {
            super(CONTAINER);
        }
    }

    @Nested
    class BesideAFilter extends TogetherContract {
        BesideAFilter() {
            super(new FilterBehindHandler(), CONTAINER, new FilterOnJetty());
        }
    }
}
