package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.Container;
import io.github.firmshake.it.Contract;
import io.github.firmshake.it.RepairContract;
import org.junit.jupiter.api.Nested;

/** The contract, run by the filter on Tomcat. */
class FilterOnTomcatIT extends Contract {

    private static final Container CONTAINER = new FilterOnTomcat();

    FilterOnTomcatIT() {
        super(CONTAINER);
    }

    @Nested
    class Repairs extends RepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }
}
