package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Running;
import io.github.firmshake.it.Container.StartFailure;
import io.github.firmshake.it.Saboteur.Place;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fault of Firmshake's own never reaches a request. The server answers it as if Firmshake were not there, and never with
 * a repair; where an origin is to be checked, the answer is 403. One line without a stack trace says so.
 */
@SuppressWarnings("try") // a saboteur works by being there
public abstract class FaultContract extends HandshakeContract {

    private static final String SECRET = "t0ken \n in a message";
    private static final String DAMAGED =
            HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0").replace("Connection: Upgrade", "Connection: keep-alive");
    private static final String INVALID = HANDSHAKE.replace("Version: 13", "Version: 8");
    private static final String[] ENFORCED = {"onInvalid", "reject", "allowedOrigins", "https://app.example.com"};

    private Running bare;

    /** Takes the container under test. */
    protected FaultContract(Container container) {
        super(container);
    }

    /** Kinds of faults. */
    enum Fault {
        EXCEPTION(() -> new IllegalStateException(SECRET)),
        CHECKED(() -> new IOException(SECRET)),
        LINKAGE(() -> new NoClassDefFoundError(SECRET)),
        STACK(() -> new StackOverflowError(SECRET));

        private final Supplier<Throwable> thrown;

        Fault(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    @BeforeAll
    final void startBare() {
        bare = container.startBare();
    }

    @AfterAll
    final void stopBare() {
        bare.close();
    }

    // One of its own for each test: a fault is said once a minute.
    private Server fresh(String... namesAndValues) throws StartFailure {
        Server server = start(settings(namesAndValues));
        log.nextConfiguration();
        log.restOfConfiguration();
        return server;
    }

    @ParameterizedTest
    @EnumSource
    final void aRuleThatThrowsLetsTheRequestPass(Fault fault) throws Exception {
        try (Server server = fresh();
                LogWatch watch = new LogWatch();
                Saboteur saboteur = Saboteur.at(Place.RULE, fault.thrown)) {
            assertOpens(server);
            assertAsBare(server, DAMAGED);
            assertAsBare(server, INVALID);
            assertOneLine(fault, "the request passed as if Firmshake were not there");
            assertThat(server.events()).isEmpty();
            assertThat(watch.said())
                    .noneMatch(said -> said.contains("io.github.firmshake") && !said.contains("firmshake.it.")
                            || said.contains(SECRET));
        }
    }

    @Test
    final void itsMessageIsEscapedAndOnlyAtDebug() throws Exception {
        container.logDebug(true);
        try (Server server = fresh();
                Saboteur saboteur = Saboteur.at(Place.RULE, Fault.EXCEPTION.thrown)) {
            assertOpens(server);
            assertThat(line()).startsWith("WARNING fault of Firmshake itself, ");
            assertThat(line()).isEqualTo("DEBUG that fault's message: \"t0ken \\x0A in a message\"");
        } finally {
            container.logDebug(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    final void aRuleThatThrowsClosesWhereAnOriginIsToBeChecked(Fault fault) throws Exception {
        try (Server server = fresh(ENFORCED);
                Saboteur saboteur = Saboteur.at(Place.RULE, fault.thrown)) {
            assertForbidden(server, HANDSHAKE);
            assertForbidden(server, DAMAGED);
            assertForbidden(server, HANDSHAKE.replace("Upgrade: ", "Origin: https://evil.example.com\nUpgrade: "));
            assertThat(server.send(HANDSHAKE
                                    .replace("/ws", "/plain")
                                    .replace("Upgrade: websocket", "Upgrade: h2c")
                                    .replace("Sec-WebSocket-", "X-"))
                            .body())
                    .isEqualTo("plain");
            assertOneLine(fault, "its origin was to be checked, so the request was answered 403");
        }
    }

    @Test
    final void aRuleThatThrowsClosesTheHeartbeat() throws Exception {
        try (Server server = fresh();
                Saboteur saboteur = Saboteur.at(Place.RULE, Fault.EXCEPTION.thrown)) {
            assertForbidden(server, HANDSHAKE.replace("/ws", "/firmshake/heartbeat"));
            assertOneLine(Fault.EXCEPTION, "its origin was to be checked, so the request was answered 403");
        }
    }

    @ParameterizedTest
    @EnumSource
    final void aReportThatThrowsLeavesTheAnswer(Fault fault) throws Exception {
        try (Server server = fresh();
                LogWatch watch = new LogWatch();
                Saboteur saboteur = Saboteur.at(Place.REPORT, fault.thrown)) {
            assertOpens(server);
            if (!lacks(Container.Limit.REPAIR)) {
                try (RawClient client = RawClient.connect(server.port())) {
                    assertThat(client.exchange(DAMAGED).status()).isEqualTo(101);
                    assertEchoes(client);
                }
            }
            assertAsBare(server, INVALID);
            assertOneLine(fault, "the request is answered, and nothing is said of it");
            assertThat(watch.said())
                    .noneMatch(said -> said.contains("io.github.firmshake") && !said.contains("firmshake.it.")
                            || said.contains(SECRET));
        }
        try (Server server = fresh("onInvalid", "reject");
                Saboteur saboteur = Saboteur.at(Place.REPORT, fault.thrown)) {
            assertThat(server.send(INVALID).status()).isEqualTo(426);
            assertOneLine(fault, "the request is answered, and nothing is said of it");
        }
    }

    @Test
    final void aRefusalThatCannotBeComposedIsTheServersOwnOr403() throws Exception {
        try (Server server = fresh("onInvalid", "reject");
                Saboteur saboteur = Saboteur.at(Place.REFUSAL, Fault.EXCEPTION.thrown)) {
            assertAsBare(server, INVALID);
            assertOneLine(Fault.EXCEPTION, "the request passed as if Firmshake were not there");
            assertThat(line()).startsWith("INFO VERSION_UNSUPPORTED ");
        }
        try (Server server = fresh(ENFORCED);
                Saboteur saboteur = Saboteur.at(Place.REFUSAL, Fault.EXCEPTION.thrown)) {
            assertForbidden(server, INVALID);
            assertOneLine(Fault.EXCEPTION, "its origin was to be checked, so the request was answered 403");
            assertThat(line()).startsWith("INFO VERSION_UNSUPPORTED ").endsWith("; answered 403, closed");
        }
    }

    @Test
    final void nothingIsRepairedWhereTheCanonicalFormFails() throws Exception {
        try (Server server = fresh();
                Saboteur saboteur = Saboteur.at(Place.CANONICAL_FORM, Fault.EXCEPTION.thrown)) {
            assertOpens(server);
            assertOneLine(Fault.EXCEPTION, "the request passed as if Firmshake were not there");
            if (!lacks(Container.Limit.REPAIR)) {
                assertAsBare(server, DAMAGED);
                assertThat(line()).contains("not repaired: ");
            }
        }
    }

    @Test
    final void aScriptThatThrowsIsNotServed() throws Exception {
        try (Server server = fresh();
                Saboteur saboteur = Saboteur.at(Place.SCRIPT, Fault.LINKAGE.thrown)) {
            assertAsBare(server, "GET /firmshake/firmshake.js HTTP/1.1\nHost: 127.0.0.1\n\n");
            assertOneLine(Fault.LINKAGE, "the request passed as if Firmshake were not there");
        }
    }

    private void assertOpens(Server server) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(HANDSHAKE).status()).isEqualTo(101);
            assertEchoes(client);
        }
    }

    private void assertAsBare(Server server, String request) throws IOException {
        try (RawClient expected = RawClient.connect(bare.port());
                RawClient actual = RawClient.connect(server.port())) {
            Response wanted = expected.exchange(request);
            Response got = actual.exchange(request);
            // Every answer to HTTP/1.0 has an HTTP/1.1 status line, on Undertow too: Http10Contract.
            assertThat(got.statusLine()).isEqualTo(wanted.statusLine().replace("HTTP/1.0", "HTTP/1.1"));
            assertThat(withoutDate(got)).isEqualTo(withoutDate(wanted));
            assertThat(got.body()).isEqualTo(wanted.body());
        }
    }

    private static List<String> withoutDate(Response response) {
        return response.fields().stream()
                .filter(field -> !field.startsWith("Date: "))
                .toList();
    }

    private void assertForbidden(Server server, String request) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            Response response = client.exchange(request);
            assertThat(response.statusLine()).startsWith("HTTP/1.1 403");
            assertThat(response.value("Connection")).isEqualTo("close");
            assertThat(response.body()).isEqualTo("The origin of this handshake could not be checked\n");
            assertThat(client.isClosed()).as("closed").isTrue();
        }
    }

    private void assertOneLine(Fault fault, String consequence) {
        assertThat(line())
                .startsWith("WARNING fault of Firmshake itself, "
                        + fault.thrown.get().getClass().getName() + " at ")
                .endsWith(": " + consequence)
                .doesNotContain("t0ken");
    }
}
