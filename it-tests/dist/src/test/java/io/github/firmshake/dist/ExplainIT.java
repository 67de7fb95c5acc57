package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Corpus;
import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The core jar as a program of its own, as {@code docs/reference/explain.md} says. */
class ExplainIT {

    private static final String COMMAND = Page.EXPLAIN.snippet("command");

    private Path directory;

    /** What a command ended with. */
    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void writeTheHead() throws IOException {
        directory = Downloads.directory();
        Files.writeString(directory.resolve("head.txt"), Page.EXPLAIN.snippet("head"));
    }

    @Test
    void theExampleOfThePageIsAnsweredAsThere() throws Exception {
        Outcome outcome = run(COMMAND);

        assertThat(outcome.out().lines())
                .containsExactlyElementsOf(
                        Page.EXPLAIN.snippet("answer").lines().toList());
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void everyRecordedRequestIsJudgedAsItWasRecorded() throws Exception {
        List<String> files = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Corpus head : Corpus.files()) {
            String file = head.name() + ".http";
            Files.writeString(directory.resolve(file), head.request(), StandardCharsets.ISO_8859_1);
            files.add(file);
            String verdict = head.valid() ? "VALID" : "DAMAGED";
            expected.add("{\"source\":\"" + file + "\",\"verdict\":\"" + verdict + "\",");
        }

        Outcome outcome = run(COMMAND.replace("explain head.txt", "explain --json " + String.join(" ", files)));

        assertThat(outcome.out().lines().map(line -> line.replaceFirst("\"violations\".*", "")))
                .containsExactlyElementsOf(expected);
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void whatIsNoAnswerGoesToStandardErrorAndTheExitCodeSaysSo() throws Exception {
        assertThat(run(COMMAND.replace("explain head.txt", "explain gone.txt")))
                .isEqualTo(new Outcome(3, "", "gone.txt: no such file" + System.lineSeparator()));
        Outcome usage = run(COMMAND.replace("explain head.txt", ""));
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.out()).isEmpty();
        assertThat(usage.err()).startsWith("no command" + System.lineSeparator() + "usage: java -jar ");
    }

    @Test
    void itsCommandRepeatsTheHandshakeWithTheServer() throws Exception {
        RequiredTool.need("curl", ExplainIT.class);
        String path = "/examples/websocket/echoAnnotation";
        Files.writeString(
                directory.resolve("head.txt"), Page.EXPLAIN.snippet("head").replace("/chat", path));
        List<String> commands = run(COMMAND)
                .out()
                .lines()
                .filter(line -> line.contains(" curl "))
                .toList();

        try (RunningTomcat tomcat =
                TomcatBase.of(Distribution.TOMCAT_10_1, "explain").start()) {
            String command = commands.get(0).replaceFirst("HOST:PORT", "127.0.0.1:" + tomcat.port());
            assertThat(run(command).out()).startsWith("HTTP/1.1 101");
        }
    }

    private Outcome run(String command) throws IOException, InterruptedException {
        Path err = directory.resolve("err.txt");
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectError(err.toFile());
        String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
        shell.environment().merge("PATH", jdk, (path, bin) -> bin + ":" + path);
        Process process = shell.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return new Outcome(process.waitFor(), out, Files.readString(err));
    }
}
