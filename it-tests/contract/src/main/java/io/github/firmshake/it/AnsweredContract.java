package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Running;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The server answers a request that it refuses by itself as if Firmshake were not there: the same status, the same
 * fields, the same body, the connection closed or not. At most one line is written of it.
 */
public abstract class AnsweredContract extends HandshakeContract {

    private static final String BIG = "c=" + "x".repeat(8_400);
    private static final Map<String, String> REQUESTS = new LinkedHashMap<>();

    static {
        withField("control character in a value", "X-Test: a\u0001b");
        withField("DEL in a value", "X-Test: a\u007fb");
        withField("control character in a key", "Sec-WebSocket-Key: a\u0001b");
        withField("blank in a name", "X Test: a");
        withField("blank before the colon", "X-Test : a");
        withField("line without a colon", "garbage");
        withField("line that begins with a colon", ": a");
        withField("folded line", "X-Test: a\n b");
        withField("field without a value", "X-Test:");
        withField("8.4 kB of cookies behind the key", "Cookie: " + BIG);
        withField("70 kB of cookies behind the key", "Cookie: " + BIG.repeat(8));
        withField("two hundred fields", "X-Test: a\n".repeat(199) + "X-Test: a");
        withField("unknown transfer coding", "Transfer-Encoding: magic");
        withField("chunked twice", "Transfer-Encoding: chunked\nTransfer-Encoding: chunked");
        withField("two lengths", "Content-Length: 3\nContent-Length: 4");
        withField("length that is no number", "Content-Length: x");
        withField("negative length", "Content-Length: -1");
        withField("unknown expectation", "Expect: magic");
        withField("two Hosts", "Host: example.com");
        REQUESTS.put(
                "8.4 kB of cookies before the key", handshake().replace("Upgrade:", "Cookie: " + BIG + "\nUpgrade:"));
        REQUESTS.put("no Host", handshake().replace("Host: 127.0.0.1\n", ""));
        REQUESTS.put("empty Host", handshake().replace("Host: 127.0.0.1\n", "Host:\n"));
        REQUESTS.put("two names in a Host", handshake().replace("Host: 127.0.0.1\n", "Host: a b\n"));
        for (String target : new String[] {
            "/" + "x".repeat(8_400),
            "/ws?" + "x".repeat(70_000),
            "/ws?a={1}",
            "/ws?a=|",
            "/ws?a=%zz",
            "/ws?a=%ff",
            "/ws?a=\u00e9",
            "/ws?a=<b>",
            "/{1}",
            "/ws|",
            "/%zz",
            "/%ff",
            "/%00",
            "/a%2fb",
            "/%2e%2e/ws",
            "/../../ws",
            "/ws;a={1}",
            "/\\ws",
            "ws",
            "*",
            "http://[::1/ws",
            "http://127.0.0.1/%zz",
            "//ws",
            "/ws#a"
        }) {
            String shown = target.length() > 30 ? target.substring(0, 10) + " and more" : target;
            REQUESTS.put("target " + shown, handshake().replace("GET /ws", "GET " + target));
        }
        for (String version :
                new String[] {"HTTP/1.2", "HTTP/2.0", "HTTP/2.5", "HTTP/9.9", "HTTP/11", "FTP/1.1", "HTTP/1.1x"}) {
            REQUESTS.put("version " + version, handshake().replace("HTTP/1.1", version));
        }
        REQUESTS.put("no version", handshake().replace(" HTTP/1.1", ""));
        for (String method : new String[] {"G@T", "G\u0001T", "G{T"}) {
            REQUESTS.put(
                    "method " + method.replace("\u0001", "with a control character"),
                    handshake().replace("GET", method));
        }
        REQUESTS.put(
                "control character, the script's path",
                requestWith("X-Test: a\u0001b").replace("/ws", "/firmshake/firmshake.js"));
        REQUESTS.put(
                "control character, the heartbeat's path",
                requestWith("X-Test: a\u0001b").replace("/ws", "/firmshake/heartbeat"));
        REQUESTS.put("control character, no handshake", "GET /plain HTTP/1.1\nHost: 127.0.0.1\nX-Test: a\u0001b\n\n");
        REQUESTS.put(
                "8.4 kB of cookies behind h2c",
                "GET /plain HTTP/1.1\nHost: 127.0.0.1\nUpgrade: h2c\nConnection: Upgrade\nCookie: " + BIG + "\n\n");
    }

    private static final Answer NONE = new Answer("", List.of(), ""); // closed without an answer

    private Running bare;
    private int asked;
    private int attempts;

    /** Takes the container under test. */
    protected AnsweredContract(Container container) {
        super(container);
    }

    private static String handshake() {
        return HANDSHAKE;
    }

    private static String requestWith(String line) {
        return HANDSHAKE.replace("\n\n", "\n" + line + "\n\n");
    }

    private static void withField(String name, String line) {
        REQUESTS.put(name, requestWith(line));
    }

    static Stream<String> requests() {
        return REQUESTS.keySet().stream();
    }

    @BeforeAll
    final void startBare() {
        bare = container.startBare();
    }

    @AfterAll
    final void stopBare() {
        bare.close();
    }

    /** The answer without the parts that vary. */
    private record Answer(String statusLine, List<String> fields, String body) {
        boolean refuses() {
            return statusLine.matches("HTTP/1\\.\\d [45]\\d\\d.*") && !statusLine.contains(" 404")
                    || statusLine.isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    final void whatTheServerAnswersStaysAsItIs(String name) throws Exception {
        assertSame(with(), name);
    }

    @ParameterizedTest
    @MethodSource("requests")
    final void alsoWhereFirmshakeRefuses(String name) throws Exception {
        assertSame(with("onInvalid", "reject", "allowedOrigins", "https://app.example.com"), name);
    }

    private void assertSame(Server server, String name) throws Exception {
        String request = REQUESTS.get(name);
        Answer expected = answer(bare.port(), request);
        boolean rejects = server != with();
        if (rejects && !expected.refuses()) {
            answer(server.port(), request); // Firmshake's own to answer
            Thread.sleep(50);
            restOfLines(server);
            return;
        }
        try (LogWatch watch = new LogWatch()) {
            Answer actual = answer(server.port(), request);
            boolean ours = request.contains("/firmshake/") && !expected.refuses();
            if (!ours) {
                assertThat(actual).as(name).isEqualTo(expected);
            }
            Thread.sleep(50); // Jetty's error handler reports behind its answer
            List<String> lines = restOfLines(server);
            assertThat(lines).as("lines").hasSizeLessThanOrEqualTo(attempts);
            String status =
                    expected.statusLine().isEmpty() ? "" : expected.statusLine().split(" ")[1];
            assertThat(lines).allMatch(line -> ours || line.endsWith("; answered " + status));
            assertThat(lines).noneMatch(line -> line.contains("fault of Firmshake"));
            assertThat(watch.said())
                    .as("what the server says")
                    .noneMatch(said -> said.contains("firmshake") && !said.contains("firmshake.it."));
        }
    }

    // A server that closes with unread input resets the connection, and its answer may be lost by that.
    private Answer answer(int port, String request) throws IOException {
        Answer answer = NONE;
        for (attempts = 0; answer == NONE && attempts < 20; attempts++) {
            // Tomcat answers without a head where a bad method follows HTTP/0.9: it forgets that with a whole request
            // only.
            answerOnce(port, "GET /plain HTTP/1.1\nHost: 127.0.0.1\n\n");
            answer = answerOnce(port, request);
        }
        return answer;
    }

    private static Answer answerOnce(int port, String request) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            Response response = client.exchange(request);
            if (response.values("Connection").contains("close")) {
                assertThat(client.isClosed()).as("closed").isTrue();
            }
            // The server's own page of an exception shows every method that was on its way.
            boolean trace = response.body().contains("\n\t");
            List<String> fields = new ArrayList<>(response.fields());
            fields.replaceAll(field -> field.replaceFirst("^Date: .*", "Date: masked"));
            if (trace) {
                fields.replaceAll(field -> field.replaceFirst("^Content-Length: .*", "Content-Length: masked"));
            }
            String body = response.body().replaceAll("@[0-9a-f]{3,8}\\b", "@masked");
            body = trace ? body.replaceAll("\\R\t.*", "") : body;
            return new Answer(response.statusLine(), fields, body);
        } catch (EOFException | SocketException e) {
            return NONE;
        }
    }

    // Everything that is said before a handshake that fails in a known way.
    private List<String> restOfLines(Server server) throws IOException {
        String path = "/behind-" + ++asked;
        server.send(HANDSHAKE.replace("/ws", path).replace("Version: 13", "Version: 0"));
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.contains(path); line = line()) {
            lines.add(line);
        }
        while (!server.nextEvent().path().equals(path)) {
            // its line is judged
        }
        return lines;
    }
}
