package io.github.firmshake.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo as it is, on free ports, with real sockets. */
class DemoIT {

    private static final int TEXT = 1;
    private static final int PING = 9;
    private static final ByteArrayOutputStream CONSOLE = new ByteArrayOutputStream();

    private static Demo demo;
    private static Ports ports;
    private static int busyPort;
    private static String start;

    @BeforeAll
    static void startWithOnePortInUse() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            busyPort = busy.getLocalPort();
            demo = Demo.start(new Ports(0, 0, busyPort, 0), new PrintStream(CONSOLE, true, StandardCharsets.UTF_8));
        }
        ports = demo.ports();
        start = console();
    }

    @AfterAll
    static void end() {
        demo.close();
    }

    @BeforeEach
    void forgetWhatWasPrinted() {
        CONSOLE.reset();
    }

    @Test
    void namesThePortInUseAndTakesAnother() {
        assertThat(start).contains("port " + busyPort + " is in use, taking " + ports.strips() + "\n");
        assertThat(ports.strips()).isNotEqualTo(busyPort);
    }

    @Test
    void printsEveryAddress() {
        assertThat(Guide.text(ports))
                .contains(
                        allPorts().map(port -> "http://127.0.0.1:" + port + "/").toList())
                .contains("curl -i");
    }

    @ParameterizedTest
    @MethodSource("allPorts")
    void servesThePageThroughEveryPort(int port) throws Exception {
        HttpRequest page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        for (int visit = 0; visit < 3; visit++) {
            HttpResponse<String> answer = client.send(page, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("<title>Chat</title>").endsWith("</html>\n");
        }
        assertThat(console()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("finePorts")
    void chatsWithoutALineWhereNothingIsDamaged(int port) throws IOException {
        assertThatChatWorks(port);
        assertThat(console()).isEmpty();
    }

    @Test
    void repairsTheDowngradedHandshakeAndSaysSo() throws Exception {
        assertThatChatWorks(ports.downgrades());
        assertThat(onlyLine())
                .startsWith("INFO io.github.firmshake.handshake - CONNECTION_LACKS_UPGRADE /chat")
                .contains("HTTP_VERSION_TOO_OLD")
                .contains("Connection \"keep-alive\"")
                .contains("repaired");
    }

    @Test
    void reportsTheStrippedHandshakeAndLetsTomcatAnswer() throws Exception {
        try (RawClient client = RawClient.connect(ports.strips())) {
            Response answer = client.exchange(handshake(ports.strips()));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.value("Connection")).isEqualTo("close");
        }
        assertThat(onlyLine()).startsWith("WARN io.github.firmshake.handshake - HOP_BY_HOP_STRIPPED /chat");
    }

    /** This client refuses a 101 whose Connection has more than the one member. */
    @ParameterizedTest
    @MethodSource("workingPorts")
    void opensForAStrictClient(int port) throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        received.complete(data.toString());
                        return null;
                    }
                })
                .get(60, TimeUnit.SECONDS);
        socket.sendText("strict", true).get(60, TimeUnit.SECONDS);
        assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo("strict");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
    }

    @Test
    void visitorsOfDifferentPortsHearEachOther() throws IOException {
        try (RawClient one = chat(ports.fine());
                RawClient other = chat(ports.downgrades())) {
            other.send(new Frame(TEXT, "here"));
            assertThat(message(other)).as("heard by the one who said it").isEqualTo("here");
            one.send(new Frame(TEXT, "hello"));
            assertThat(message(other)).isEqualTo("hello");
        }
    }

    @Test
    void answersTheHeartbeatOfTheOneWhoAsks() throws IOException {
        try (RawClient other = chat(ports.chat())) {
            other.send(new Frame(TEXT, "here")); // the 101 left before it was in the room
            assertThat(message(other)).isEqualTo("here");
            try (RawClient one = chat(ports.fine())) {
                one.send(new Frame(TEXT, ":ping abc123"));
                assertThat(message(one)).isEqualTo(":pong abc123");
                one.send(new Frame(TEXT, ":ping of two words"));
                assertThat(message(other)).as("the application's").isEqualTo(":ping of two words");
            }
        }
    }

    @Test
    void givesUpTheVisitorsBehindACutCableAndSaysSo() throws Exception {
        awaitEmptyRoom();
        int before = fact("givenUp", cable("GET", ""));
        try (RawClient lost = chat(ports.fine())) {
            assertThat(cable("POST", "/cut")).contains("\"cut\":true");
            lost.send(new Frame(TEXT, "into the void"));
            await("INFO chat - a visitor is gone: 1011 ping timeout");
            assertThat(fact("givenUp", cable("GET", ""))).isEqualTo(before + 1);
            assertThatChatWorks(ports.chat());
        } finally {
            assertThat(cable("POST", "/plug-in")).contains("\"cut\":false");
        }
        assertThatChatWorks(ports.fine());
    }

    private static String cable(String method, String action) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + ports.fine() + "/cable" + action);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    // Who has left before the cut is not to be given up after it.
    private static void awaitEmptyRoom() throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (fact("visitors", cable("GET", "")) > 0) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(20);
        }
    }

    private static int fact(String name, String facts) {
        Matcher found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(facts);
        assertThat(found.find()).as(facts).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static void await(String line) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!console().contains(line) && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(console().lines()).containsExactly(line);
    }

    @ParameterizedTest
    @MethodSource("hops")
    void endsAConnectionAfterOneAnswer(int port) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            Response answer = client.exchange("GET /absent HTTP/1.1\nHost: 127.0.0.1\nConnection: keep-alive\n\n");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.value("Connection")).isEqualTo("close");
            assertThat(answer.body()).endsWith("</html>");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void refusesAHeadThatIsTooLarge() throws IOException {
        try (RawClient client = RawClient.connect(ports.fine())) {
            Response answer =
                    client.exchange("GET / HTTP/1.1\nHost: 127.0.0.1\nCookie: " + "a".repeat(20_000) + "\n\n");
            assertThat(answer.status()).isEqualTo(431);
            assertThat(answer.body()).isEqualTo("the head is larger than 16384 bytes\n");
        }
    }

    private static void assertThatChatWorks(int port) throws IOException {
        try (RawClient client = chat(port)) {
            client.send(new Frame(TEXT, "hello through " + port));
            assertThat(message(client)).isEqualTo("hello through " + port);
        }
    }

    /** The next message; the server's Pings come when they come. */
    private static String message(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == PING) {
            frame = client.readFrame();
        }
        assertThat(frame.opcode()).isEqualTo(TEXT);
        return frame.payload();
    }

    private static RawClient chat(int port) throws IOException {
        RawClient client = RawClient.connect(port);
        Response answer = client.exchange(handshake(port));
        assertThat(answer.statusLine()).startsWith("HTTP/1.1 101 ");
        assertThat(answer.value("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return client;
    }

    private static String handshake(int port) {
        return """
               GET /chat HTTP/1.1
               Host: 127.0.0.1:%1$d
               Connection: Upgrade
               Upgrade: websocket
               Origin: http://127.0.0.1:%1$d
               Sec-WebSocket-Version: 13
               Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

               """.formatted(port);
    }

    /** The line that was printed since the test began; it comes after the answer. */
    private static String onlyLine() throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (console().isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(console().lines()).hasSize(1);
        return console().strip();
    }

    private static String console() {
        return CONSOLE.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static Stream<Integer> allPorts() {
        return Stream.of(ports.chat(), ports.fine(), ports.strips(), ports.downgrades());
    }

    private static List<Integer> finePorts() {
        return List.of(ports.chat(), ports.fine());
    }

    private static List<Integer> workingPorts() {
        return List.of(ports.chat(), ports.fine(), ports.downgrades());
    }

    private static List<Integer> hops() {
        return List.of(ports.fine(), ports.strips(), ports.downgrades());
    }
}
