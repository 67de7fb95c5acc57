package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainTest {

    private static final String VALID = """
            GET /chat HTTP/1.1
            Host: app.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            """;
    private static final String NGINX = VALID.replace("HTTP/1.1", "HTTP/1.0")
            .replace("Upgrade: websocket\n", "")
            .replace("Connection: Upgrade", "Connection: close");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String valid = "";
    private String damaged = "";
    private String broken = "";

    @BeforeEach
    void writeFiles() throws IOException {
        valid = file("valid.http", VALID);
        damaged = file("damaged.http", NGINX);
        broken = file("broken.http", "Cookie: secret\n");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content, StandardCharsets.ISO_8859_1)
                .toString();
    }

    private int explain(String input, String... args) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1));
        out.reset();
        err.reset();
        return Explain.run(args, in, new PrintStream(out, false), new PrintStream(err, false));
    }

    private String answer() {
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private String complaint() {
        return err.toString(StandardCharsets.ISO_8859_1);
    }

    private List<JsonNode> objects() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : answer().lines().toList()) {
            objects.add(new ObjectMapper().readTree(line));
        }
        return objects;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> all = object.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        return names;
    }

    @Nested
    class ExitCodes {

        @Test
        void zeroIfAllAreValid() {
            assertThat(explain("", "explain", valid, valid)).isZero();
            assertThat(complaint()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "'Connection: Upgrade', 'Connection: close', DAMAGED",
            "'Version: 13', 'Version: 8', INVALID",
            "'Host: app.example.com', /n, PLAIN",
        })
        void oneIfOneIsDamagedInvalidOrPlain(String good, String bad, String verdict) {
            assertThat(explain(VALID.replace(good, bad.replace("/n", "\n")), "explain", valid, "-"))
                    .isEqualTo(1);
            assertThat(answer()).contains("standard input: " + verdict + ": GET /chat HTTP/1.1\n");
        }

        @ParameterizedTest
        @CsvSource({
            "'', no command",
            "--json, no command",
            "help, unknown command \"help\"",
            "explain --jsn, unknown option \"--jsn\"",
            "explain -j a.http, unknown option \"-j\"",
            "-- --json, unknown command \"--json\"",
        })
        void twoForWrongUsage(String args, String complaint) {
            assertThat(explain(VALID, args.isEmpty() ? new String[0] : args.split(" ")))
                    .isEqualTo(2);
            assertThat(complaint()).startsWith(complaint + System.lineSeparator() + "usage: java -jar ");
            assertThat(answer()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"--help", "explain --help", "explain --json a.http --help"})
        void zeroForHelp(String args) {
            assertThat(explain(VALID, args.split(" "))).isZero();
            assertThat(answer()).startsWith("usage: java -jar firmshake-core.jar explain [--json] [FILE...]\n");
            assertThat(complaint()).isEmpty();
        }

        @Test
        void threeForAFileThatCannotBeReadAndTheOthersAreAnswered() {
            String gone = directory.resolve("gone.http").toString();

            assertThat(explain("", "explain", "--json", gone, damaged, directory.toString(), broken, valid))
                    .isEqualTo(3);
            assertThat(complaint().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo(gone + ": no such file"),
                            line -> assertThat(line).startsWith(directory + ": cannot be read: "),
                            line -> assertThat(line)
                                    .isEqualTo(broken + ": line 1: found a field line, \"Cookie\", expected a request"
                                            + " line such as GET /chat HTTP/1.1"));
            assertThat(answer().lines()).hasSize(2);
        }

        @Test
        void threeForANameThatIsNone() {
            assertThat(explain("", "explain", "a\u0000b")).isEqualTo(3);
            assertThat(complaint()).startsWith("a\\x00b: cannot be read: ").contains("a\\x00b\n");
        }

        @Test
        void threeForWhatIsTooLarge() throws IOException {
            String padding = "x".repeat(Explain.MAX_BYTES);

            assertThat(explain(VALID + "\n" + padding, "explain")).isEqualTo(3);
            assertThat(complaint())
                    .isEqualTo("standard input: larger than 1048576 bytes, expected one request head"
                            + System.lineSeparator());
            assertThat(explain("", "explain", file("large", VALID + padding))).isEqualTo(3);
            String most = VALID + "\n" + padding.substring(VALID.length() + 1);
            assertThat(explain("", "explain", file("most", most))).isZero();
        }

        @Test
        void threeForStandardInputThatIsEmptyOrFails() {
            assertThat(explain("", "explain")).isEqualTo(3);
            assertThat(complaint()).startsWith("standard input: line 1: found nothing, expected a request line");

            InputStream failing = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("gone\n");
                }
            };
            assertThat(Explain.run(new String[] {"explain"}, failing, new PrintStream(out), new PrintStream(err)))
                    .isEqualTo(3);
            assertThat(complaint()).endsWith("standard input: cannot be read: gone\\x0A" + System.lineSeparator());
        }
    }

    @Nested
    class Arguments {

        @Test
        void aFileMayHaveAnyNameBehindTwoDashes() {
            assertThat(explain("", "explain", "--json", "--", "--json")).isEqualTo(3);
            assertThat(complaint()).isEqualTo("--json: no such file" + System.lineSeparator());
        }

        @Test
        void aFileMayBeCalledExplain() {
            assertThat(explain("", "explain", "explain")).isEqualTo(3);
            assertThat(complaint()).isEqualTo("explain: no such file" + System.lineSeparator());
        }

        @Test
        void theOptionMayStandAnywhere() {
            assertThat(explain(VALID, "--json", "explain", "-")).isZero();
            assertThat(answer()).startsWith("{\"source\":\"-\",");
        }
    }

    @Nested
    class Json {

        @Test
        void isOneObjectALineInTheShapeThatIsDocumented() throws IOException {
            explain(NGINX, "explain", "--json", valid, "-");

            JsonNode first = objects().get(0);
            assertThat(first.get("source").textValue()).isEqualTo(valid);
            assertThat(first.get("verdict").textValue()).isEqualTo("VALID");
            assertThat(first.get("violations")).isEmpty();
            JsonNode second = objects().get(1);
            assertThat(names(second))
                    .containsExactly("source", "verdict", "violations", "hops", "repair", "fix", "curl", "summary");
            assertThat(second.get("verdict").textValue()).isEqualTo("DAMAGED");
            JsonNode violation = second.get("violations").get(1);
            assertThat(names(violation)).containsExactly("code", "header", "received", "expected", "section");
            assertThat(violation.toString())
                    .isEqualTo("{\"code\":\"HOP_BY_HOP_STRIPPED\",\"header\":\"Upgrade\",\"received\":[],"
                            + "\"expected\":\"websocket\",\"section\":\"RFC 6455 4.2.1 items 3 and 4\"}");
            assertThat(second.get("hops").toString())
                    .isEqualTo("[{\"product\":\"nginx\",\"confidence\":\"likely\","
                            + "\"evidence\":\"HTTP/1.0 with \\\"Connection: close\\\"\",\"guilty\":true}]");
            assertThat(names(second.get("repair"))).containsExactly("shape", "reason");
            assertThat(second.get("repair").get("shape").textValue()).isEqualTo("none");
            assertThat(second.get("fix").get(0).textValue()).isEqualTo("proxy_http_version 1.1;");
            assertThat(second.get("curl")).hasSize(2);
            assertThat(second.get("summary").textValue())
                    .startsWith("HOP_BY_HOP_STRIPPED: Upgrade is missing, Connection is \"close\", expected ")
                    .contains("; nginx without WebSocket settings (likely: ", "; fix: proxy_http_version");
        }

        @Test
        void missingAndEmptyAreToldApart() throws IOException {
            explain(VALID.replace("Upgrade: websocket", "Upgrade:"), "explain", "--json");
            assertThat(objects().get(0).get("violations").get(0).get("received").toString())
                    .isEqualTo("[\"\"]");

            explain(VALID.replace("Upgrade: websocket\n", ""), "explain", "--json");
            assertThat(objects().get(0).get("violations").get(0).get("received").toString())
                    .isEqualTo("[]");
        }

        @Test
        void bytesAreReadAsIso88591() throws IOException {
            explain(VALID.replace("websocket", "caf\u00E9"), "explain", "--json");

            assertThat(objects()
                            .get(0)
                            .get("violations")
                            .get(0)
                            .get("received")
                            .get(0)
                            .textValue())
                    .isEqualTo("caf\u00E9");
            assertThat(answer()).contains("caf\\u00e9");
        }
    }

    @Nested
    class ReadableForm {

        private static final String CURL =
                "      curl -i -N -g --http1.1 --max-time 5 -H 'Connection: Upgrade' -H 'Upgrade:"
                        + " websocket' -H 'Sec-WebSocket-Version: 13' -H \"Sec-WebSocket-Key: $(head -c 16 /dev/urandom |"
                        + " base64)\" -H 'Host: app.example.com' 'http://HOST:PORT/chat'";

        @Test
        void saysWhatTheLogLineSays() {
            explain(NGINX + "X-Request-Id: c2b936fa4e66\nX-Varnish: 1\n", "explain", valid, "-");

            assertThat(answer().lines().map(line -> line.replaceFirst("^.*valid.http", "valid.http")))
                    .startsWith(
                            "valid.http: VALID: GET /chat HTTP/1.1",
                            "  the handshake is valid",
                            "  hops: no known proxy recognised",
                            "  repair: nothing to repair",
                            "",
                            "standard input: DAMAGED: GET /chat HTTP/1.0",
                            "  HTTP_VERSION_TOO_OLD: HTTP version is \"HTTP/1.0\", expected \"HTTP/1.1\"",
                            "      A WebSocket handshake needs HTTP/1.1 (RFC 6455 4.2.1 item 1)",
                            "  HOP_BY_HOP_STRIPPED: Upgrade is missing, Connection is \"close\", expected Upgrade"
                                    + " \"websocket\" and Connection \"upgrade\"",
                            "      Upgrade and Connection were removed on the way (RFC 6455 4.2.1 items 3 and 4)",
                            "  evidence: Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a"
                                    + " hop removed the rest",
                            "  id x-request-id=c2b936fa4e66",
                            "  hops:")
                    .contains(
                            "      guilty: nginx (likely: HTTP/1.0 with \"Connection: close\")",
                            "      in the chain: Varnish (sure: X-Varnish)",
                            "  cause: nginx without WebSocket settings",
                            "  fix:",
                            "      proxy_http_version 1.1;",
                            "      # in http{}:",
                            "      map $http_upgrade $connection_upgrade { default upgrade; '' close; }")
                    .endsWith(
                            "  to find the hop behind which it fails, repeat the handshake:",
                            CURL,
                            "      # HOST:PORT: this server, past every hop, then nginx, then Varnish");
        }

        @Test
        void escapesWhatItReceived() {
            String text = VALID.replace("/chat", "/\u001B[2J\u00E9").replace("websocket", "\u001B\u0007\u0000x");
            explain(text, "explain");

            assertThat(answer())
                    .startsWith("standard input: INVALID: GET /\\x1B[2J\\xE9 HTTP/1.1")
                    .contains("  UPGRADE_NOT_WEBSOCKET: Upgrade is \"\\x1B\\x07\\x00x\", expected \"websocket\"")
                    .matches("[ -~\\r\\n]*");
        }

        @Test
        void escapesTheNameOfTheFile() throws IOException {
            explain("", "explain", file("a\u001B\nb.http", VALID));

            assertThat(answer()).contains("a\\x1B\\x0Ab.http: VALID: ");
        }

        @Test
        void showsNoSecret() {
            String text = VALID.replace("/chat", "/chat;jsessionid=S3cr3t?S3cr3t")
                    .replace("dGhlIHNhbXBsZSBub25jZQ==", "S3cr3t")
                    .concat("Cookie: S3cr3t\nAuthorization: S3cr3t\nSec-WebSocket-Protocol: S3cr3t S3cr3t\n");
            for (String form : List.of("--json", "-")) {
                assertThat(explain(text, "explain", form)).isEqualTo(1);
                assertThat(answer()).contains("KEY_INVALID").doesNotContain("S3cr3t");
            }
        }
    }
}
