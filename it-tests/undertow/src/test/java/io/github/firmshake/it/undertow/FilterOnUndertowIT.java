package io.github.firmshake.it.undertow;

import io.github.firmshake.it.Container;
import io.github.firmshake.it.Contract;
import io.github.firmshake.it.RepairContract;
import io.github.firmshake.it.TogetherContract;
import org.junit.jupiter.api.Nested;

/** The contract, run by the filter on Undertow. */
class FilterOnUndertowIT extends Contract {

    private static final Container CONTAINER = new FilterOnUndertow();

    FilterOnUndertowIT() {
        super(CONTAINER);
    }

    @Nested
    class Repairs extends RepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }

    @Nested
    class BesideAnotherFilter extends TogetherContract {
        BesideAnotherFilter() {
            super(new TwoFilters(), CONTAINER);
        }
    }
}
