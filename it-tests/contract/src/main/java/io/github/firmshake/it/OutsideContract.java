package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings from outside, and Firmshake switched off. */
public abstract class OutsideContract extends HandshakeContract {

    private static final String OFF = " is off (enabled=false): it examines and serves nothing";

    protected OutsideContract(Container container) {
        super(container);
    }

    @AfterEach
    final void nothingIsSetAnyMore() {
        System.getProperties().keySet().removeIf(name -> name.toString().startsWith("firmshake."));
    }

    @Test
    final void switchedOffNothingOfItIsThereAndOneLineSaysSo() throws Exception {
        assertIsOff(Map.of("enabled", "false"), OFF);
    }

    @Test
    final void switchedOffFromOutsideNoWrongSettingIsRead() throws Exception {
        System.setProperty("firmshake.enabled", "false");
        System.setProperty("firmshake.repair", "off");
        Map<String, String> wrong = Map.of("onInvalid", "refuse", "repair", "safe");
        assertIsOff(wrong, OFF + "; from outside: enabled=false (-Dfirmshake.enabled), ");
    }

    private void assertIsOff(Map<String, String> settings, String line) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (Server server = start(settings)) {
            assertThat(log.restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("INFO Firmshake")
                    .contains(line);
            for (String name : new String[] {"hyper-pass.poisoned", "nginx-default.chrome"}) {
                assertThat(server.send(Corpus.file(name).request()).status())
                        .as(name)
                        .isEqualTo(container.answerTo(name).status());
            }
            assertThat(server.send(HANDSHAKE.replace("/ws", "/firmshake/heartbeat"))
                            .status())
                    .isEqualTo(404);
            assertThat(server.send("GET /firmshake/firmshake.js HTTP/1.1\nHost: 127.0.0.1\n\n")
                            .status())
                    .isEqualTo(404);
            try (RawClient client = RawClient.connect(server.port())) {
                assertThat(client.exchange(HANDSHAKE).value("Sec-WebSocket-Accept"))
                        .isEqualTo(ACCEPT);
                assertEchoes(client);
            }
            Set<Thread> since = new HashSet<>(Thread.getAllStackTraces().keySet());
            since.removeAll(before); // servers of other tests
            assertThat(since).noneMatch(thread -> thread.getName().startsWith("firmshake-"));
            assertThat(server.events()).isEmpty();
        }
        assertThat(log.restOfConfiguration()).isEmpty();
    }

    @Test
    final void aPropertyWinsOverWhatIsConfigured() throws Exception {
        System.setProperty("firmshake.onInvalid", "reject");
        System.setProperty("firmshake.heartbeatPath", "");
        try (Server server = start(Map.of("onInvalid", "report", "repair", "off"))) {
            assertThat(log.nextConfiguration())
                    .contains(": onInvalid=reject repair=off ", " heartbeatPath=\"\" ")
                    .endsWith("; from outside: heartbeatPath= (-Dfirmshake.heartbeatPath), "
                            + "onInvalid=reject (-Dfirmshake.onInvalid)");
            assertThat(log.restOfConfiguration()).isEmpty();
            Response response = server.send(Corpus.file("nginx-default.chrome").request());
            assertThat(response.status()).isEqualTo(426);
            assertThat(server.nextEvent().outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(line()).endsWith("; answered 426, closed");
            assertThat(server.send(HANDSHAKE.replace("/ws", "/firmshake/heartbeat"))
                            .status())
                    .isEqualTo(404);
            server.nextEvent();
            line();
        }
    }

    @Test
    final void whatIsWrongOutsideIsSaidAndTheConfiguredValueStays() throws Exception {
        System.setProperty("firmshake.onInvalid", "refuse");
        System.setProperty("firmshake.repiar", "secret");
        try (Server server = start(Map.of("onInvalid", "reject"))) {
            assertThat(log.nextConfiguration())
                    .startsWith("INFO Firmshake ")
                    .contains(": onInvalid=reject ")
                    .doesNotContain("from outside");
            assertThat(log.restOfConfiguration())
                    .contains("ERROR -Dfirmshake.onInvalid is ignored: setting onInvalid=\"refuse\": expected report,"
                            + " reject")
                    .contains("WARNING system property firmshake.repiar names no setting, did you mean repair?")
                    .noneMatch(said -> said.contains("secret"))
                    .hasSize(2 + container.startWarnings().size());
            assertThat(server.send(Corpus.file("nginx-default.chrome").request())
                            .status())
                    .isEqualTo(426);
            server.nextEvent();
            line();
        }
    }
}
