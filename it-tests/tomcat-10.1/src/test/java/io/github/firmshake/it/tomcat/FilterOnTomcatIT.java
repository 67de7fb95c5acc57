package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.Container;
import io.github.firmshake.it.DiagnosisContract;
import io.github.firmshake.it.RefusalContract;
import io.github.firmshake.it.RepairContract;
import org.junit.jupiter.api.Nested;

/** The contract, run by the filter on Tomcat. */
class FilterOnTomcatIT {

    private static final Container CONTAINER = new FilterOnTomcat();

    @Nested
    class Diagnosis extends DiagnosisContract {
        Diagnosis() {
            super(CONTAINER);
        }
    }

    @Nested
    class Refusal extends RefusalContract {
        Refusal() {
            super(CONTAINER);
        }
    }

    @Nested
    class Repair extends RepairContract {
        Repair() {
            super(CONTAINER);
        }
    }
}
