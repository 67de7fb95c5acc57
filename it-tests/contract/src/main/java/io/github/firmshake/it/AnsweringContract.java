package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heartbeats on an application's own connection, in Jakarta WebSocket: what begins like one but is none stays its own. */
public abstract class AnsweringContract extends HandshakeContract {

    /** Takes the container under test. */
    protected AnsweringContract(Container container) {
        super(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/answering", "/replying"})
    final void anApplicationAnswersHeartbeatsInOneLine(String path) throws Exception {
        String token = "!".repeat(64);
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(HANDSHAKE.replace("/ws", path)).status()).isEqualTo(101);
            assertAnswers(client, ":ping", ":pong");
            assertAnswers(client, ":ping abc123", ":pong abc123");
            assertAnswers(client, ":ping " + token, ":pong " + token);
            for (String own : new String[] {
                "",
                "ping",
                "ping 1",
                ":pong 1",
                ":pin",
                ":PING",
                ":ping ",
                ":ping a b",
                ":ping\t1",
                ":ping1",
                " :ping",
                ":ping " + token + "!",
                ":ping \u007f",
                "{\"ping\":1}"
            }) {
                assertAnswers(client, own, "application: " + own);
            }
        }
        server.nextEvent();
        did(Capability.ANSWERS_PINGS, path);
    }

    private static void assertAnswers(RawClient client, String message, String answer) throws IOException {
        client.send(new Frame(Frame.TEXT, message));
        assertThat(client.readFrame()).isEqualTo(new Frame(Frame.TEXT, answer));
    }
}
