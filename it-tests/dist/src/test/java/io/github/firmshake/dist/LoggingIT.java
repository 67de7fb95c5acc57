package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/reference/logging.md} says of Tomcat's log and of the flight recorder. */
class LoggingIT {

    private static final String STORY = Page.INSTALL.snippet("repaired").replace("Host:", "Cookie: a=secret\nHost:");

    @ParameterizedTest
    @EnumSource
    void atFineTheWholeHeadFollowsAndValidHandshakesAreLoggedToo(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "fine")
                .run(Page.INSTALL.snippet("dropin"))
                .edit("conf/logging.properties", text -> text + "\n" + Page.LOGGING.snippet("juli") + "\n");
        try (RunningTomcat tomcat = base.start()) {
            tomcat.assertEchoes(STORY);
            String valid = STORY.replace("HTTP/1.0", "HTTP/1.1").replace("keep-alive", "Upgrade");
            tomcat.assertEchoes(valid);

            tomcat.await("head as received: ", 2);
            assertThat(tomcat.console()
                            .lines()
                            .filter(line -> line.contains("head as received"))
                            .map(LogLines::timeless))
                    .first()
                    .asString() // Tomcat 10.1 gives every field name in lower case, 11 as received
                    .isEqualToIgnoringCase(LogLines.timeless(Page.LOGGING.snippet("head")));
            assertThat(tomcat.console())
                    .contains(": the handshake is valid; got GET HTTP/1.1, ")
                    .doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFlightRecorderHasEveryHandshake(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "jfr").run(Page.INSTALL.snippet("dropin"));
        try (RunningTomcat tomcat = base.start()) {
            tool(base, Page.LOGGING.snippet("jfr-start"), tomcat);
            tomcat.assertEchoes(STORY);
            String printed = tool(base, Page.LOGGING.snippet("jfr-print"), tomcat);

            assertThat(printed)
                    .containsOnlyOnce("io.github.firmshake.Handshake {")
                    .contains("verdict = \"DAMAGED\"", "repaired = true", "status = 101")
                    .contains("codes = \"HTTP_VERSION_TOO_OLD,CONNECTION_LACKS_UPGRADE\"")
                    .contains("path = \"/examples/websocket/echoAnnotation\"");
        }
    }

    private static String tool(TomcatBase base, String commands, RunningTomcat tomcat) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(base.directory().resolve("temp").toFile())
                .redirectErrorStream(true);
        shell.environment().put("PID", String.valueOf(tomcat.pid()));
        // As in the POM: 10 s may be too little for a busy machine.
        shell.environment().put("JAVA_TOOL_OPTIONS", "-Dsun.tools.attach.attachTimeout=60000");
        String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
        shell.environment().merge("PATH", jdk, (path, bin) -> bin + ":" + path);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0)
                .as(output)
                .isTrue();
        return output;
    }
}
