package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.it.Container.Limit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In place of {@link RepairContract} where nothing can be repaired: nothing is touched, and each line says why. */
public abstract class NoRepairContract extends HandshakeContract {

    protected NoRepairContract(Container container) {
        super(container);
    }

    static Stream<Arguments> safeShapes() {
        return RepairContract.safeShapes();
    }

    static List<Arguments> everyRequest() {
        return new ArrayList<>(RepairContract.everyRequest());
    }

    @ParameterizedTest
    @MethodSource("safeShapes")
    final void aSafeShapeIsPassedAsItCameAndTheLineSaysWhy(String version, String connection, String restored)
            throws Exception {
        Server server = with();
        String subject = version + ", Connection: " + connection;

        Response response =
                server.send(RepairContract.damaged(version, connection).replace("/ws", "/plain"));

        assertThat(response.status()).isEqualTo(statusBehind(version, connection));
        if (isUnseen(version, connection)) {
            cannot(Capability.REPAIRS, subject, Limit.UPGRADE_NOT_NAMED);
            return;
        }
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(line())
                .startsWith("WARNING ")
                .contains("; not repaired: " + container.limits().get(Limit.REPAIR) + "; got ")
                .endsWith("; answered 200");
        cannot(Capability.REPAIRS, subject, Limit.REPAIR);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyRequest")
    final void everyRequestIsAnsweredAsWithoutFirmshake(String name, String request) throws Exception {
        Server server = with();

        assertThat(server.send(request).status())
                .isEqualTo(container.answerTo(name).status());

        if (container.answerTo(name).unseen() == null) {
            var event = server.nextEvent();
            assertThat(event.outcome()).isEqualTo(Outcome.PASSED);
            if (!event.violations().isEmpty()) {
                assertThat(line()).contains("; answered ").doesNotContain(": repaired, ");
            }
        }
    }

    @Test
    final void rejectRefusesWhatCannotBeRepaired() throws Exception {
        Server server = with("onInvalid", "reject");

        assertThat(refused(server)).isEqualTo(426);

        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line())
                .startsWith("WARNING CONNECTION_LACKS_UPGRADE ")
                .contains("; not repaired: " + container.limits().get(Limit.REPAIR) + "; ");
    }

    private static int refused(Server server) throws IOException {
        return server.send(RepairContract.damaged("HTTP/1.0", "keep-alive")).status();
    }
}
