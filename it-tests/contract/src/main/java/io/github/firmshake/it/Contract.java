package io.github.firmshake.it;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The topics that every container runs. Its test class adds those that depend on what its adapter can do:
 *
 * <pre>{@code
 * class FilterOnSomethingIT extends Contract {
 *     private static final Container CONTAINER = new FilterOnSomething();
 *
 *     FilterOnSomethingIT() {
 *         super(CONTAINER);
 *     }
 *
 *     @Nested
 *     class Repairs extends RepairContract {
 *         Repairs() {
 *             super(CONTAINER);
 *         }
 *     }
 * }
 * }</pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class Contract {

    private final Container subject;
    private LimitContract.Flood flood;

    /** Takes the container under test. */
    protected Contract(Container subject) {
        this.subject = subject;
    }

    @BeforeAll
    final void flood() throws Exception {
        flood = new LimitContract.Flood(subject);
    }

    @Nested
    class Diagnosis extends DiagnosisContract {
        Diagnosis() {
            super(subject);
        }
    }

    @Nested
    class Lines extends LineContract {
        Lines() {
            super(subject);
        }
    }

    @Nested
    class Refusals extends RefusalContract {
        Refusals() {
            super(subject);
        }
    }

    @Nested
    class Fields extends FieldContract {
        Fields() {
            super(subject);
        }
    }

    @Nested
    class Dispatches extends DispatchContract {
        Dispatches() {
            super(subject);
        }
    }

    @Nested
    class Http10 extends Http10Contract {
        Http10() {
            super(subject);
        }
    }

    @Nested
    class Http2 extends Http2Contract {
        Http2() {
            super(subject);
        }
    }

    @Nested
    class Settings extends SettingsContract {
        Settings() {
            super(subject);
        }
    }

    @Nested
    class Outside extends OutsideContract {
        Outside() {
            super(subject);
        }
    }

    @Nested
    class Peers extends PeerContract {
        Peers() {
            super(subject);
        }
    }

    @Nested
    class Heartbeats extends HeartbeatContract {
        Heartbeats() {
            super(subject);
        }
    }

    @Nested
    class HeartbeatLimits extends HeartbeatLimitsContract {
        HeartbeatLimits() {
            super(subject);
        }
    }

    @Nested
    class ServerPings extends ServerPingsContract {
        ServerPings() {
            super(subject);
        }
    }

    @Nested
    class ApplicationSessions extends PingedSessionsContract {
        ApplicationSessions() {
            super(subject);
        }
    }

    @Nested
    class Answering extends AnsweringContract {
        Answering() {
            super(subject);
        }
    }

    @Nested
    class Answered extends AnsweredContract {
        Answered() {
            super(subject);
        }
    }

    @Nested
    class Faults extends FaultContract {
        Faults() {
            super(subject);
        }
    }

    @Nested
    class Scripts extends ScriptContract {
        Scripts() {
            super(subject);
        }
    }

    @Nested
    @Order(Integer.MAX_VALUE)
    class Limit extends LimitContract {
        Limit() {
            super(subject, flood);
        }
    }
}
