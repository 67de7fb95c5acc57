package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.it.RawClient.Frame;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application does with a request: asynchronous servlets, dispatches, errors, handshakes it has no use for. */
public abstract class DispatchContract extends HandshakeContract {

    protected DispatchContract(Container container) {
        super(container);
    }

    @Test
    final void anAsynchronousServletWorks() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(plain("/async"));
            Application.release();
            Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(202);
            assertThat(response.body()).isEqualTo("later");
        }
    }

    @Test
    final void serverSentEventsArriveOneByOne() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(plain("/events"));
            assertThat(client.readHead().value("Content-Type")).startsWith("text/event-stream");
            assertThat(nextData(client)).isEqualTo("data: first");
            Application.release();
            assertThat(nextData(client)).isEqualTo("data: second");
        }
    }

    @Test
    final void aHandshakeWithAnAsynchronousServletIsToldWhenItCompletes() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(HANDSHAKE.replace("/ws", "/async"));
            assertThat(server.events().poll(300, TimeUnit.MILLISECONDS))
                    .as("event before the servlet is done")
                    .isNull();
            assertThat(log.restOfHandshakes())
                    .as("lines before the servlet is done")
                    .isEmpty();
            Application.release();
            assertThat(client.readResponse().status()).isEqualTo(202);
        }
        assertThat(line()).isEqualTo(notSwitched("WARNING", "/async", 202));
        assertNotSwitched(server, "/async", 202);
        did(Capability.ASYNCHRONOUS, "asynchronous servlet");
    }

    @Test
    final void alsoWhenThatIsBeforeItsServletReturns() throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE.replace("/ws", "/async-over"));

        assertThat(response.body()).isEqualTo("over");
        assertThat(line()).isEqualTo(notSwitched("WARNING", "/async-over", 202));
        assertNotSwitched(server, "/async-over", 202);
    }

    @Test
    final void aHandshakeThatIsDispatchedAsynchronouslyIsToldOnce() throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE.replace("/ws", "/async-dispatch"));

        assertThat(response.body()).isEqualTo("plain");
        assertThat(line()).isEqualTo(notSwitched("WARNING", "/async-dispatch", 200));
        assertNotSwitched(server, "/async-dispatch", 200);
    }

    // Nothing else is said or told: that is looked at behind every test.
    @ParameterizedTest
    @CsvSource({"/forward, 200, plain", "/include, 200, plain", "/error, 409, error page"})
    final void aDispatchWithinTheServerExaminesNothingAgain(String path, int status, String body) throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE.replace("/ws", path).replace("Version: 13", "Version: 8"));

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(line())
                .isEqualTo("INFO VERSION_UNSUPPORTED " + path + ": Sec-WebSocket-Version is \"8\", expected \"13\"; "
                        + "got GET HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there; from 127.0.0.1; answered "
                        + status);
        assertThat(server.nextEvent().status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"/forward, 200, plain", "/include, 200, plain", "/error, 409, error page"})
    final void aDispatchToAPathThatIsWebSocketOnlyIsNotExamined(String path, int status, String body) throws Exception {
        Server server = with("onInvalid", "reject", "webSocketPaths", "/plain /error-page");

        Response response = server.send(plain(path));

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
    }

    // A redirect to a login, or a 404, is the application's answer and pages nobody; anything else is odd.
    @ParameterizedTest
    @CsvSource({"/nowhere, 404, INFO", "/redirect, 302, INFO", "/plain, 200, WARNING", "/failure, 500, WARNING"})
    final void aValidHandshakeThatIsNotSwitchedIsToldAfterTheFact(String path, int status, String level)
            throws Exception {
        Server server = with();

        assertThat(server.send(HANDSHAKE.replace("/ws", path)).status()).isEqualTo(status);

        assertThat(line()).isEqualTo(notSwitched(level, path, status));
        assertNotSwitched(server, path, status);
    }

    @Test
    final void aHandshakeBehindAnotherRequestOnTheSameConnectionWorks() throws Exception {
        Server server = with();
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.exchange(plain("/plain")).body()).isEqualTo("plain");
            assertThat(client.exchange(plain("/nowhere")).status()).isEqualTo(404);
            assertThat(client.exchange(HANDSHAKE).status()).isEqualTo(101);
            client.send(new Frame(Frame.TEXT, "third"));
            assertThat(client.readFrame()).isEqualTo(new Frame(Frame.TEXT, "third"));
        }
        assertThat(server.nextEvent().switched()).isTrue();
    }

    private static String plain(String path) {
        return "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\n\n";
    }

    private static String nextData(RawClient client) throws Exception {
        String line = client.line();
        while (!line.startsWith("data: ")) { // sizes of chunks, empty lines
            line = client.line();
        }
        return line;
    }

    private static String notSwitched(String level, String path, int status) {
        return level + " NOT_SWITCHED " + path + ": the handshake is valid, but the container did not switch; got GET "
                + "HTTP/1.1, Upgrade \"websocket\", Connection \"Upgrade\", key and version there; from 127.0.0.1; "
                + "answered " + status;
    }

    private static void assertNotSwitched(Server server, String path, int status) {
        HandshakeEvent event = server.nextEvent();
        assertThat(event.path()).isEqualTo(path);
        assertThat(event.verdict()).isEqualTo(Verdict.VALID);
        assertThat(event.violations()).extracting("code").containsExactly(ReasonCode.NOT_SWITCHED);
        assertThat(event.status()).isEqualTo(status);
    }
}
