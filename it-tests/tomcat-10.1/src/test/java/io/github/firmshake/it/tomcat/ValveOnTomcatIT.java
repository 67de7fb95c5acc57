package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.AnsweredContract;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.Contract;
import io.github.firmshake.it.RepairContract;
import io.github.firmshake.it.TogetherContract;
import org.junit.jupiter.api.Nested;

/** The contract, run by the valve on Tomcat: all of it in a host, the repairs in an engine too. */
class ValveOnTomcatIT extends Contract {

    private static final Container CONTAINER = ValveOnTomcat.inHost();

    ValveOnTomcatIT() {
        super(CONTAINER);
    }

    @Nested
    class Repairs extends RepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }

    @Nested
    class RepairsInAnEngine extends RepairContract {
        RepairsInAnEngine() {
            super(ValveOnTomcat.inEngine());
        }
    }

    @Nested
    class AnsweredBeforeAnEngine extends AnsweredContract {
        AnsweredBeforeAnEngine() {
            super(ValveOnTomcat.inEngine());
        }
    }

    @Nested
    class AnsweredBeforeAContext extends AnsweredContract {
        AnsweredBeforeAContext() {
            super(ValveOnTomcat.inContext());
        }
    }

    @Nested
    class BesideAFilter extends TogetherContract {
        BesideAFilter() {
            super(new FilterBehindValve(), CONTAINER, new FilterOnTomcat());
        }
    }
}
