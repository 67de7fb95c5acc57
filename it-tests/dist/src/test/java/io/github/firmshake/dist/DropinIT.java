package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import io.github.firmshake.it.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The one jar in an application that nobody here wrote, as {@code docs/install/war.md} says. */
@ParameterizedClass
@EnumSource
class DropinIT {

    private static final String STORY = Page.INSTALL.snippet("repaired");

    private static RunningTomcat tomcat;

    @Parameter
    Distribution distribution;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void start(Distribution distribution) throws IOException, InterruptedException {
        tomcat = TomcatBase.of(distribution, "dropin")
                .run(Page.INSTALL.snippet("dropin"))
                .start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (tomcat != null) {
            tomcat.close();
        }
    }

    @Test
    void saysAtStartThatItIsOn() throws Exception {
        String expected =
                Page.INSTALL.snippet("start-line").replace("Apache Tomcat/10.1.59", distribution.serverInfo());
        assertThat(tomcat.awaitLogged("catalina", "Firmshake "))
                .map(LogLines::timeless)
                .containsExactly(LogLines.timeless(expected));
    }

    @Test
    void explainsWhatNginxDoesByDefaultInOneLine() throws Exception {
        RequiredTool.need("curl", DropinIT.class);
        String command = Page.INSTALL.snippet("explained").replace("localhost:8080", "127.0.0.1:" + tomcat.port());
        Process curl = new ProcessBuilder("sh", "-c", command + " --silent --max-time 60").start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).isZero();
        assertThat(answer).startsWith("HTTP/1.1 404").contains("HTTP Status 404");
        tomcat.await("id x-request-id=c2b936fa4e66");
        String line = Page.INSTALL.snippet("explained-line");
        assertThat(tomcat.console().lines().filter(logged -> logged.contains("c2b936fa4e66")))
                .map(LogLines::timeless)
                .containsExactly(LogLines.timeless(line));
        assertThat(tomcat.awaitLogged("catalina", "c2b936fa4e66")).hasSize(1);
    }

    @Test
    void repairsWhatIsSafeAndTheEchoWorks() throws Exception {
        Response answer = tomcat.assertEchoes(STORY);

        List<String> head = new ArrayList<>(List.of(answer.statusLine().strip()));
        answer.fields().stream().filter(field -> !field.startsWith("Date:")).forEach(head::add);
        assertThat(head)
                .isEqualTo(Page.INSTALL.snippet("repaired-answer").lines().toList());
        tomcat.await(": repaired, 101; ");
    }

    @Test
    void repairsWhicheverWayTheEndpointWasWritten() throws Exception {
        for (String endpoint : List.of("echoProgrammatic", "echoStreamAnnotation")) {
            tomcat.assertEchoes(STORY.replace("echoAnnotation", endpoint));
        }
        for (String endpoint : List.of("chat", "drawboard", "snake")) {
            Response answer = tomcat.exchange(STORY.replace("echoAnnotation", endpoint));
            assertThat(answer.status()).as(endpoint).isEqualTo(101);
        }
    }

    @Test
    void leavesValidHandshakesAndOrdinaryPagesAlone() throws Exception {
        String valid = STORY.replace("HTTP/1.0", "HTTP/1.1")
                .replace("keep-alive", "keep-alive, Upgrade")
                .replace("Upgrade: websocket", "Upgrade: websocket\nX-Request-Id: valid");
        tomcat.assertEchoes(valid);
        String page = "GET /examples/index.html HTTP/1.1\nHost: localhost\nX-Request-Id: plain";
        assertThat(tomcat.exchange(page).body()).contains("Apache Tomcat Examples");
        assertThat(tomcat.console()).doesNotContain("x-request-id=valid", "x-request-id=plain", "GET /examples/index");
    }
}
