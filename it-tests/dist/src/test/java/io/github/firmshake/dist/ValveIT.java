package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The valve in a host, in front of applications that nobody here wrote, as {@code docs/install/tomcat-valve.md} says. */
@ParameterizedClass
@EnumSource
class ValveIT {

    private static TomcatBase base;
    private static RunningTomcat tomcat;

    @Parameter
    Distribution distribution;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void start(Distribution distribution) throws IOException, InterruptedException {
        base = TomcatBase.of(distribution, "valve")
                .run(Page.VALVE.snippet("install"))
                // Each test looks for a whole line of its own.
                .insert(
                        "conf/server.xml",
                        "</Host>",
                        Page.VALVE.snippet("valve").replace("/>", " logLimitPerMinute=\"0\"/>"))
                // Looks for what is to be deployed every second, not every ten.
                .edit("conf/server.xml", xml -> xml.replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" "))
                .add("webapps/bare/index.html", "<p>An application without WebSocket support</p>")
                .add(
                        "webapps/bare/META-INF/context.xml",
                        "<Context containerSciFilter=\"org.apache.tomcat.websocket.server.WsSci\"/>");
        tomcat = base.start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (tomcat != null) {
            tomcat.close();
        }
    }

    @Test
    void saysAtStartOnTheConsoleThatItIsOn() throws Exception {
        String expected = Page.VALVE
                .snippet("start-line")
                .replace("Apache Tomcat/10.1.59", distribution.serverInfo())
                .replace("logLimitPerMinute=60", "logLimitPerMinute=0");
        assertThat(tomcat.awaitLines("Firmshake "))
                .map(LogLines::timeless)
                .containsExactly(LogLines.timeless(expected));
        assertThat(tomcat.logged("localhost", "irmshake")).isEqualTo(List.of());
        assertThat(tomcat.awaitLogged("catalina", "Firmshake ")).hasSize(1);
    }

    @Test
    void explainsWhatNginxDoesByDefaultInOneLine() throws Exception {
        RequiredTool.need("curl", ValveIT.class);
        String command = Page.VALVE.snippet("explained").replace("localhost:8080", "127.0.0.1:" + tomcat.port());
        Process curl = new ProcessBuilder("sh", "-c", command + " --silent --max-time 60").start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).isZero();
        assertThat(answer).startsWith("HTTP/1.1 404").contains("HTTP Status 404");
        assertThat(tomcat.awaitLines("c2b936fa4e66"))
                .map(LogLines::timeless)
                .containsExactly(LogLines.timeless(Page.VALVE.snippet("explained-line")));
    }

    @Test
    void repairsWhatIsSafeAndTheEchoWorks() throws Exception {
        Stories.assertRepairs(tomcat, Stories.repairable("kept-alive"));
        Stories.assertRepairs(tomcat, Stories.repairable("closed").replace("keep-alive", "close"));
        String http11 = Stories.repairable("http11").replace("HTTP/1.0", "HTTP/1.1");
        Stories.assertRepairs(tomcat, http11.replace("keep-alive", "close"));
        for (String id : List.of("kept-alive", "closed", "http11")) {
            assertThat(tomcat.awaitLines("id x-request-id=" + id))
                    .singleElement()
                    .asString()
                    .contains(" INFO ", ": repaired, 101; ");
        }
    }

    @Test
    void leavesValidHandshakesAndOrdinaryRequestsAlone() throws Exception {
        tomcat.assertEchoes(Stories.valid("valid"));
        for (String version : List.of("HTTP/1.0", "HTTP/1.1")) {
            String page = "GET /examples/index.html " + version
                    + "\nHost: localhost\nConnection: close\nUpgrade: h2c\nX-Request-Id: plain";
            assertThat(tomcat.exchange(page).body()).contains("Apache Tomcat Examples");
        }
        assertThat(tomcat.lines("x-request-id=valid")).isEmpty();
        assertThat(tomcat.lines("x-request-id=plain")).isEmpty();
    }

    @Test
    void asynchronousServletsWorkBehindIt() throws Exception {
        String async = "GET /examples/async/async1 HTTP/1.1\nHost: localhost";
        assertThat(tomcat.exchange(async).body()).contains("Output from async1.jsp");
    }

    @Test
    void anApplicationWithoutWebSocketSupportAnswersAsBefore() throws Exception {
        Stories.assertAnswers(tomcat, "GET /bare/index.html HTTP/1.1\nHost: localhost", 200);
        String request = Stories.valid("bare").replace("/examples/websocket/echoAnnotation", "/bare/echo");
        Stories.assertAnswers(tomcat, request, 404);
        assertThat(tomcat.awaitLines("x-request-id=bare"))
                .singleElement()
                .asString()
                .contains("NOT_SWITCHED /bare/echo: ")
                .endsWith("answered 404");
        Stories.assertAnswers(tomcat, Stories.valid("nowhere").replace("/examples/", "/nowhere/"), 404);
        assertThat(tomcat.awaitLines("x-request-id=nowhere")).hasSize(1);
    }

    @Test
    void reachesApplicationsDeployedLaterAndReloadedOnes() throws Exception {
        Path copy = base.directory().resolve("webapps/later");
        Path whole = base.directory().resolve("temp/later"); // Tomcat would deploy half a copy too
        TomcatBase.copy(base.directory().resolve("webapps/examples"), whole);
        Files.move(whole, copy);
        tomcat.await("Deployment of web application directory [" + copy + "] has finished");
        String request = Stories.repairable("later").replace("/examples/", "/later/");
        Stories.assertRepairs(tomcat, request);

        Files.setLastModifiedTime(
                copy.resolve("WEB-INF/web.xml"), FileTime.from(Instant.now().plusSeconds(5)));
        tomcat.await("Reloading Context with name [/later] is completed");
        Stories.assertRepairs(tomcat, request);

        base.undeploy("later");
        tomcat.await("Undeploying context [/later]");
        assertThat(tomcat.awaitLines("x-request-id=later", 2)).hasSize(2);
        tomcat.assertNothingWasLeft();
    }
}
