package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.StartFailure;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a server that believes X-Forwarded-For: whose address a line and an event name. */
public abstract class PeerContract extends HandshakeContract {

    private static final String FORGED = "203.0.113.9";

    private Server server;

    protected PeerContract(Container container) {
        super(container);
    }

    @BeforeAll
    final void startBehindProxy() throws StartFailure {
        BlockingQueue<io.github.firmshake.handshake.HandshakeEvent> events = new LinkedBlockingQueue<>();
        server = new Server(container.startBehindProxy(events::add), events);
        assertThat(log.nextConfiguration()).startsWith("INFO Firmshake ");
        log.restOfConfiguration();
    }

    @AfterAll
    final void stopServer() {
        server.close();
    }

    @Test
    final void theApplicationIsToldTheForwardedAddress() throws Exception {
        assertThat(server.send(forged("GET /client HTTP/1.1\nHost: 127.0.0.1\n\n"))
                        .body())
                .isEqualTo(FORGED);
    }

    @Test
    final void aForgedForwardedForDoesNotMoveThePeer() throws Exception {
        String shown = lacks(Limit.PEER) ? FORGED : "127.0.0.1";

        server.send(forged(HANDSHAKE.replace("Version: 13", "Version: 8")));
        assertTold("VERSION_UNSUPPORTED", shown);
        server.send(forged(HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0")));
        assertTold("HTTP_VERSION_TOO_OLD", shown);
        String damaged = forged(HANDSHAKE.replace("Connection: Upgrade", "Connection: close"));
        if (isUnseen("HTTP/1.1", "close")) {
            server.send(damaged);
        } else {
            server.send(damaged);
            assertTold("CONNECTION_LACKS_UPGRADE", shown);
        }

        if (lacks(Limit.PEER)) {
            cannot(Capability.PEER, "forged X-Forwarded-For", Limit.PEER);
        } else {
            did(Capability.PEER, "forged X-Forwarded-For");
        }
    }

    private void assertTold(String code, String peer) {
        assertThat(line()).contains(" " + code + " /ws: ", "; from " + peer);
        assertThat(server.nextEvent().peer()).isEqualTo(peer);
    }

    private static String forged(String request) {
        return request.replace("\n\n", "\nX-Forwarded-For: " + FORGED + "\n\n");
    }
}
