package io.github.firmshake.demo.hop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cut cable between real sockets: the test is the client and the application. */
class CableIT {

    private static final String REQUEST = "GET /chat HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int PATIENCE_MILLIS = 30_000;

    private final Cable cable = new Cable();
    private ServerSocket listener;
    private Hop hop;

    @BeforeEach
    void start() throws IOException {
        listener = listen();
        listener.setSoTimeout(PATIENCE_MILLIS);
        hop = Hop.start(
                listen(),
                listener.getLocalPort(),
                Behaviour.FINE,
                cable,
                (method, path) -> path.equals("/own") ? Optional.of("{}\n") : Optional.empty());
    }

    @AfterEach
    void end() throws IOException {
        hop.close();
        listener.close();
    }

    @Test
    void dropsWhatBothSidesSayAndKeepsThemConnected() throws Exception {
        try (Socket client = connect(REQUEST);
                Socket application = accept(client)) {
            cable.cut();
            write(client, "lost on the way up");
            write(application, "lost on the way down");
            awaitDropped("lost on the way up".length() + "lost on the way down".length());
            cable.plugIn();
            write(client, "up");
            write(application, "down");
            assertThat(read(application, 2)).isEqualTo("up");
            assertThat(read(client, 4)).isEqualTo("down");
        }
    }

    @Test
    void doesNotTellThatTheOtherSideHasClosedUntilSomethingIsSentToIt() throws Exception {
        try (Socket client = connect(REQUEST)) {
            try (Socket application = accept(client)) {
                write(application, "hello");
                assertThat(read(client, 5)).isEqualTo("hello");
                cable.cut();
                write(application, "bye");
            }
            awaitDropped(3); // so the hop is about to read the end, long before the cable is plugged in
            assertThatHearsNothing(client);
            cable.plugIn();
            assertThatHearsNothing(client);
            write(client, "anybody there?");
            assertThatIsClosed(client);
        }
    }

    @Test
    void dropsRequestsAndEndsTheirConnectionsOnlyWhenPluggedIn() throws Exception {
        cable.cut();
        try (Socket client = connect(REQUEST)) {
            awaitDropped(REQUEST.length());
            assertThatHearsNothing(client);
            cable.plugIn();
            assertThatIsClosed(client);
        }
        try (Socket client = connect("GET /next HTTP/1.1\r\n\r\n");
                Socket application = listener.accept()) {
            assertThat(Head.read(application.getInputStream()).startLine())
                    .as("the first request that arrives")
                    .isEqualTo("GET /next HTTP/1.1");
            write(application, "HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(Head.read(client.getInputStream()).status()).isEqualTo(204);
        }
    }

    @Test
    void leavesTheHopReachable() throws Exception {
        cable.cut();
        try (Socket client = connect("GET /own HTTP/1.1\r\n\r\n")) {
            Head answer = Head.read(client.getInputStream());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.value("Content-Type")).isEqualTo("application/json");
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("{}\n");
        }
    }

    @Test
    void countsFromTheLastCut() throws Exception {
        try (Socket client = connect(REQUEST);
                Socket application = accept(client)) {
            cable.cut();
            write(client, "twelve bytes");
            awaitDropped(12);
            cable.cut();
            assertThat(cable.dropped()).as("cut already").isEqualTo(12);
            cable.plugIn();
            cable.cut();
            write(application, "one");
            awaitDropped(3);
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private Socket connect(String request) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), hop.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        write(client, request);
        return client;
    }

    /** The application's side of a tunnel, once both sides have it. */
    private Socket accept(Socket client) throws IOException {
        Socket application = listener.accept();
        application.setSoTimeout(PATIENCE_MILLIS);
        Head.read(application.getInputStream());
        write(application, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
        assertThat(Head.read(client.getInputStream()).status()).isEqualTo(101);
        return application;
    }

    private void awaitDropped(long bytes) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofMillis(PATIENCE_MILLIS));
        while (cable.dropped() < bytes && Instant.now().isBefore(end)) {
            Thread.sleep(5);
        }
        assertThat(cable.dropped()).isEqualTo(bytes);
    }

    /** Neither a byte nor an end within a second. */
    private static void assertThatHearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(1_000);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    private static void assertThatIsClosed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // which is closed too
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }
}
