package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two adapters in front of one application, both told to {@code reject}: one verdict, one repair, one line, one event.
 * That nothing comes twice is looked at behind every test.
 */
public abstract class TogetherContract extends HandshakeContract {

    private final List<Container> alone;

    /**
     * Takes a server with two adapters, which both tell the listener.
     *
     * @param alone the containers that have one of these adapters each
     */
    protected TogetherContract(Container container, Container... alone) {
        super(container);
        this.alone = List.of(alone);
    }

    @Test
    final void aValidHandshakeIsToldOnce() throws Exception {
        Server server = with("onInvalid", "reject");
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(HANDSHAKE).status()).isEqualTo(101);
            assertEchoes(client);
        }
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    final void aDamagedHandshakeIsRepairedOnce() throws Exception {
        Server server = with("onInvalid", "reject");
        for (String version : new String[] {"HTTP/1.0", "HTTP/1.1"}) {
            try (RawClient client = RawClient.connect(server.port())) {
                Response response = client.exchange(RepairContract.damaged(version, "close"));
                assertThat(response.statusLine()).startsWith("HTTP/1.1 101 ");
                assertThat(response.values("Connection")).hasSize(1).allMatch("upgrade"::equalsIgnoreCase);
                assertEchoes(client);
            }
            assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REPAIRED);
            assertThat(line()).startsWith("INFO CONNECTION_LACKS_UPGRADE ").contains(": repaired, 101; ");
        }
        alone.forEach(adapter -> Results.add(adapter.name(), Capability.TOGETHER, "two adapters", ""));
    }

    @Test
    final void aWrongHandshakeIsRefusedOnce() throws Exception {
        Server server = with("onInvalid", "reject");

        assertThat(server.send(HANDSHAKE.replace("Version: 13", "Version: 8")).status())
                .isEqualTo(426);

        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line()).startsWith("INFO VERSION_UNSUPPORTED ").endsWith("; answered 426, closed");
    }

    @Test
    final void aHandshakeThatIsNotSwitchedIsToldOnce() throws Exception {
        Server server = with("onInvalid", "reject");

        Response response =
                server.send(RepairContract.damaged("HTTP/1.0", "close").replace("/ws", "/seen"));

        assertThat(response.body().lines())
                .contains(
                        "io.github.firmshake.verdict=DAMAGED java.lang.String",
                        "io.github.firmshake.examined=true java.lang.Boolean",
                        "HTTP/1.1",
                        "Upgrade=websocket [websocket] named",
                        "Connection=Upgrade [Upgrade] named");
        assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REPAIRED);
        assertThat(line()).startsWith("WARNING NOT_SWITCHED /seen: ");
    }
}
