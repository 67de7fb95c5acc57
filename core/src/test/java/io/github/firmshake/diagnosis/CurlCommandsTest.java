package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurlCommandsTest {

    @TempDir
    Path directory;

    private static List<String> commands(Sample sample) {
        return CurlCommands.of(Assessments.with(sample, Assessments.NGINX));
    }

    /** What a shell makes of the command: curl's arguments, one a line, and whatever else was printed. */
    private List<String> arguments(String command) throws IOException, InterruptedException {
        String curl = "curl() { for argument; do printf '<%s>\\n' \"$argument\"; done; }";
        Path output = directory.resolve("output");
        Process shell = new ProcessBuilder("sh", "-c", curl + "\n" + command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        shell.waitFor();
        return Files.readAllLines(output, StandardCharsets.ISO_8859_1);
    }

    @Test
    void placesToRunItFollowTheCommand() throws Exception {
        List<String> commands = commands(Sample.throughNginx());

        assertThat(commands).hasSize(2);
        assertThat(commands.get(0)).endsWith(" 'http://HOST:PORT/chat'");
        assertThat(commands.get(1)).isEqualTo("# HOST:PORT: this server, past every hop, then nginx");
        assertThat(arguments(commands.get(1))).as("in a shell").isEmpty();
    }

    @Test
    void hostAndOriginAreSentAsTheyCame() throws Exception {
        Sample sample =
                Sample.throughNginx().with("Host", "[::1]:8080").field("Origin", "https://app.example.com:8443");

        assertThat(arguments(commands(sample).get(0)))
                .contains("<Host: [::1]:8080>", "<Origin: https://app.example.com:8443>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'; touch broken; '", "user:password@a", "a?b", "", "\u00E9", "a b"})
    void aHostOrOriginThatHoldsMoreIsLeftOut(String value) throws Exception {
        Sample sample = Sample.throughNginx().with("Host", value).with("Origin", value, value);

        assertThat(arguments(commands(sample).get(0))).hasSize(15).noneMatch(argument -> argument.contains("Origin"));
    }

    @Test
    void aMaskedPathIsNoListOfPaths() throws Exception {
        String path = "/ws/b06df69c-2341-476f-b857-58c3f690fd57";
        String command = CurlCommands.of(Assessments.of(Sample.throughNginx().target(path)))
                .get(0);

        assertThat(arguments(command)).contains("<-g>", "<http://HOST:PORT/ws/{36}>");
    }

    @Test
    void eachIsAWholeHandshakeWithAFreshKeyAndWithoutCookies() throws Exception {
        String command = commands(Sample.throughNginx().field("Cookie", "a=b")).get(0);

        List<String> once = arguments(command);
        assertThat(once.remove(13)).matches("<Sec-WebSocket-Key: [A-Za-z0-9+/]{21}[AQgw]==>");
        assertThat(String.join(" ", once))
                .isEqualTo(
                        "<-i> <-N> <-g> <--http1.1> <--max-time> <5> <-H> <Connection: Upgrade> <-H> <Upgrade: websocket>"
                                + " <-H> <Sec-WebSocket-Version: 13> <-H> <-H> <Host: app.example.com> <http://HOST:PORT/chat>");
        assertThat(arguments(command).get(13)).isNotEqualTo(arguments(command).get(13));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/'; touch broken; '",
                "/$(touch broken)",
                "/`touch broken`",
                "/\"; touch broken; \"",
                "/a\ntouch broken\n",
                "/\\'; touch broken #",
                "/'\\''; touch broken #",
                "/ -o broken",
                "/\u0000';touch broken",
                "/\u00E9\u20AC'",
                "/%27;touch broken",
            })
    void aHostilePathStaysInsideItsArgument(String path) throws Exception {
        List<String> arguments =
                arguments(commands(Sample.throughNginx().target(path)).get(0));

        assertThat(arguments).hasSize(17);
        assertThat(arguments.get(16)).startsWith("<http://HOST:PORT/").endsWith(">");
        assertThat(directory.resolve("broken")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"/a-b_c.d~e%20f!$&()*+=:@, ", "'/a,b', ", "/\u00E9, /%C3%A9", "/a'b, /a%27b", "/a b, /a%20b"})
    void whatAPathMayHoldIsKeptAndTheRestIsEncoded(String path, String encoded) {
        assertThat(commands(Sample.throughNginx().target(path)).get(0))
                .contains("'http://HOST:PORT" + (encoded == null ? path : encoded) + "'");
    }
}
