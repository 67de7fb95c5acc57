package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.AnsweringContract;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.DiagnosisContract;
import io.github.firmshake.it.DispatchContract;
import io.github.firmshake.it.HeartbeatContract;
import io.github.firmshake.it.Http10Contract;
import io.github.firmshake.it.Http2Contract;
import io.github.firmshake.it.LimitContract;
import io.github.firmshake.it.LineContract;
import io.github.firmshake.it.PeerContract;
import io.github.firmshake.it.PingedSessionsContract;
import io.github.firmshake.it.RefusalContract;
import io.github.firmshake.it.RepairContract;
import io.github.firmshake.it.ScriptContract;
import io.github.firmshake.it.SettingsContract;
import io.github.firmshake.it.TogetherContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;

/** The contract, run by the valve on Tomcat: all of it in a host, the repairs in an engine too. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class ValveOnTomcatIT {

    private static final Container CONTAINER = ValveOnTomcat.inHost();

    private static LimitContract.Flood flood;

    @BeforeAll
    static void flood() throws Exception {
        flood = new LimitContract.Flood(CONTAINER);
    }

    @Nested
    class Diagnosis extends DiagnosisContract {
        Diagnosis() {
            super(CONTAINER);
        }
    }

    @Nested
    class Lines extends LineContract {
        Lines() {
            super(CONTAINER);
        }
    }

    @Nested
    class Refusals extends RefusalContract {
        Refusals() {
            super(CONTAINER);
        }
    }

    @Nested
    class Repairs extends RepairContract {
        Repairs() {
            super(CONTAINER);
        }
    }

    @Nested
    class Dispatches extends DispatchContract {
        Dispatches() {
            super(CONTAINER);
        }
    }

    @Nested
    class Http10 extends Http10Contract {
        Http10() {
            super(CONTAINER);
        }
    }

    @Nested
    class Http2 extends Http2Contract {
        Http2() {
            super(CONTAINER);
        }
    }

    @Nested
    class Heartbeats extends HeartbeatContract {
        Heartbeats() {
            super(CONTAINER);
        }
    }

    @Nested
    class Answering extends AnsweringContract {
        Answering() {
            super(CONTAINER);
        }
    }

    @Nested
    class ApplicationSessions extends PingedSessionsContract {
        ApplicationSessions() {
            super(CONTAINER);
        }
    }

    @Nested
    class Scripts extends ScriptContract {
        Scripts() {
            super(CONTAINER);
        }
    }

    @Nested
    class Settings extends SettingsContract {
        Settings() {
            super(CONTAINER);
        }
    }

    @Nested
    class Peers extends PeerContract {
        Peers() {
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
    class BesideAFilter extends TogetherContract {
        BesideAFilter() {
            super(new FilterBehindValve(), CONTAINER, new FilterOnTomcat());
        }
    }

    @Nested
    @Order(Integer.MAX_VALUE)
    class Limit extends LimitContract {
        Limit() {
            super(CONTAINER, flood);
        }
    }
}
