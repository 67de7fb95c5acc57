package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RequiredTool;
import io.github.firmshake.it.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The module in front of an application that knows nothing of it, as {@code docs/install/jetty.md} says. */
@ParameterizedClass
@EnumSource
class JettyModuleIT {

    private static final String STORY = Page.JETTY.snippet("repaired");

    private static RunningJetty jetty;

    @Parameter
    JettyDistribution distribution;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void start(JettyDistribution distribution) throws IOException, InterruptedException {
        RequiredTool.need("unzip", JettyModuleIT.class);
        jetty = JettyBase.installed(distribution, "module")
                .modules("forwarded")
                .run(Page.JMX.snippet("jetty"))
                .start("firmshake.logLimitPerMinute=0"); // each test looks for a whole line of its own
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (jetty != null) {
            jetty.close();
            jetty = null;
        }
    }

    @Test
    void saysAtStartThatItIsOn() throws Exception {
        String expected = Page.JETTY
                .snippet("start-line")
                .replace("Jetty 12.0.31", distribution.serverInfo())
                .replace("logLimitPerMinute=60", "logLimitPerMinute=0");
        assertThat(jetty.awaitLines(":igf.config:"))
                .map(LogLines::jettyTimeless)
                .containsExactly(LogLines.jettyTimeless(expected));
    }

    @Test
    void explainsWhatNginxDoesByDefaultInOneLine() throws Exception {
        RequiredTool.need("curl", JettyModuleIT.class);
        String command = Page.JETTY.snippet("explained").replace("localhost:8080", "127.0.0.1:" + jetty.port());
        Process curl = new ProcessBuilder("sh", "-c", command + " --silent --max-time 60").start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).isZero();
        assertThat(answer).startsWith("HTTP/1.1 404");
        assertThat(jetty.awaitLines("c2b936fa4e66"))
                .map(LogLines::jettyTimeless)
                .containsExactly(LogLines.jettyTimeless(Page.JETTY.snippet("explained-line")));
    }

    @Test
    void repairsWhatDiesBeforeEveryHandler() throws Exception {
        Response answer = jetty.assertEchoes(STORY);

        List<String> head = new ArrayList<>(List.of(answer.statusLine()));
        answer.fields().stream()
                .filter(field -> !field.matches("(Date|Server):.*"))
                .sorted()
                .forEach(head::add);
        assertThat(head).isEqualTo(Page.JETTY.snippet("repaired-answer").lines().toList());
        jetty.await(": repaired, 101; ");
    }

    @Test
    void repairsWhatCameOverHttp10() throws Exception {
        for (String connection : List.of("keep-alive", "close", "upgrade", "upgrade, keep-alive")) {
            String id = "http10-" + connection.replaceAll("\\W+", "-") + "-end"; // no id begins another
            Stories.assertRepairs(
                    jetty, story(id).replace("HTTP/1.1", "HTTP/1.0").replace(": close", ": " + connection));
            assertThat(jetty.awaitLines("id x-request-id=" + id))
                    .singleElement()
                    .asString()
                    .contains(":INFO :igf.handshake:", ": repaired, 101; ");
        }
    }

    @Test
    void explainsWhatItMayNotRepairThoughNoHandlerSeesIt() throws Exception {
        Stories.assertAnswers(jetty, story("early").replace(": close", ": keep-alive"), 400);
        assertThat(jetty.awaitLines("id x-request-id=early"))
                .singleElement()
                .asString()
                .contains(":WARN :igf.handshake:", ": CONNECTION_LACKS_UPGRADE /chat/echo: ")
                .endsWith("; answered 400");
    }

    @Test
    void leavesValidHandshakesAndOrdinaryRequestsAlone() throws Exception {
        jetty.assertEchoes(story("valid").replace(": close", ": keep-alive, Upgrade"));
        for (String version : List.of("HTTP/1.0", "HTTP/1.1")) {
            String page = "GET /chat/index.html " + version
                    + "\nHost: localhost\nConnection: close, Upgrade, HTTP2-Settings\nUpgrade: h2c\nX-Request-Id: plain";
            assertThat(jetty.exchange(page).body()).isEqualTo("<p>A page</p>");
        }
        assertThat(jetty.console()).doesNotContain("x-request-id=valid", "x-request-id=plain");
    }

    @Test
    void aRefusedHandshakeIsForgottenBeforeTheNextOnItsConnection() throws Exception {
        try (RawClient client = jetty.connect()) {
            String page = "GET /chat/index.html HTTP/1.1\nHost: localhost\n\n";
            assertThat(client.exchange(page).status()).isEqualTo(200);
            String elsewhere =
                    story("elsewhere").replace("/chat/echo", "/chat/none").replace(": close", ": upgrade");
            assertThat(client.exchange(elsewhere + "\n\n").status()).isEqualTo(404);
            assertThat(client.exchange(page).status()).isEqualTo(200);
            assertThat(client.exchange(story("last") + "\n\n").status()).isEqualTo(101);
        }
        assertThat(jetty.awaitLines("id x-request-id=elsewhere")).hasSize(1);
        assertThat(jetty.awaitLines("id x-request-id=last")).hasSize(1);
    }

    @Test
    void thePeerIsTheSocketsWhateverAForwardedFieldSays() throws Exception {
        String forged = "X-Forwarded-For: 203.0.113.7\nHost:";
        Stories.assertAnswers(
                jetty, story("forged").replace("Upgrade: websocket\n", "").replace("Host:", forged), 404);
        Stories.assertRepairs(jetty, story("forged-early").replace("Host:", forged));
        for (String id : List.of("forged; answered 404", "forged-early")) {
            assertThat(jetty.awaitLines("id x-request-id=" + id))
                    .singleElement()
                    .asString()
                    .contains("; from 127.0.0.1; ");
        }
    }

    @Test
    void jmxShowsTheCounters() throws Exception {
        Stories.assertRepairs(jetty, story("jmx"));
        jetty.awaitLines("id x-request-id=jmx");
        try (Jmx jmx = Jmx.connect(jetty)) {
            assertThat((String)
                            jmx.attributes(Page.JMX.snippet("jetty-handler")).get("settings"))
                    .startsWith("onInvalid=report repair=safe ");
            Map<String, Object> counters = jmx.await(
                    Page.JMX.snippet("jetty-statistics"),
                    all -> Stream.of((String[]) all.get("lastMessages"))
                            .anyMatch(message -> message.contains("request-id=jmx")));
            assertThat(counters.keySet())
                    .containsExactly(
                            "damaged", "invalid", "lastMessages", "plain", "reasons", "refused", "repaired", "valid");
            assertThat((Long) counters.get("repaired")).isPositive();
            assertThat((String[]) counters.get("reasons")).anyMatch(reason -> reason.matches("[A-Z_]+=\\d+"));
        }
    }

    private static String story(String id) {
        return STORY.replace("Host:", "X-Request-Id: " + id + "\nHost:");
    }
}
