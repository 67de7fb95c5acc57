package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RequiredTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The module with settings, and beside what else a base can have. */
class JettyPlacesIT {

    private static final String STORY = Page.JETTY.snippet("repaired");
    private static final String STRIPPED =
            STORY.replace("Upgrade: websocket", "X-Request-Id: refused").replace("close", "keep-alive");
    private static final String INI = "start.d/firmshake.ini";

    @BeforeAll
    static void tools() {
        RequiredTool.need("unzip", JettyPlacesIT.class);
    }

    @ParameterizedTest
    @EnumSource
    void withoutItTheSameRequestsFailWithoutAWord(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "without").run(Page.JETTY.snippet("remove"));
        try (RunningJetty jetty = base.start()) {
            String before = jetty.consoleWithoutFolder();
            Stories.assertAnswers(jetty, STORY, 400);
            Stories.assertAnswers(jetty, STRIPPED, 404);
            assertThat(jetty.consoleWithoutFolder()).isEqualTo(before).doesNotContainIgnoringCase("firmshake");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSettingInTheIniIsApplied(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "reject")
                .edit(INI, ini -> ini.replace("# firmshake.onInvalid=report", Page.JETTY.snippet("ini")));
        try (RunningJetty jetty = base.start()) {
            assertThat(jetty.console()).contains(": onInvalid=reject repair=safe ");
            Refusals.assertAnswersCompletely(jetty, STRIPPED);
            jetty.await("id x-request-id=refused; answered 426, closed");
            Refusals.assertAnswersCompletely(jetty, STRIPPED.replace("HTTP/1.1", "HTTP/1.0"));
            Stories.assertRepairs(jetty, STORY);
        }
    }

    // Every line of the ini, as it is written there, gives the default that the code has.
    @ParameterizedTest
    @EnumSource
    void theIniNamesEverySettingWithItsDefault(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "ini");
        String byDefault = startLine(base);
        base.edit(INI, ini -> ini.replaceAll("(?m)^# firmshake\\.", "firmshake."));
        assertThat(startLine(base)).isEqualTo(byDefault);
    }

    @ParameterizedTest
    @EnumSource
    void aBadValueKeepsJettyFromStartingAndSaysWhy(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "bad-value");
        assertThat(RunningJetty.startInVain(base, "firmshake.repair=of"))
                .contains("IllegalArgumentException: " + Page.JETTY.snippet("bad-value"))
                .doesNotContain("Started oejs.Server@");
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownNameIsIgnoredAndTheStartLineShowsIt(JettyDistribution distribution) throws Exception {
        try (RunningJetty jetty = JettyBase.installed(distribution, "unknown").start("firmshake.repiar=off")) {
            assertThat(jetty.console())
                    .contains("handler on " + distribution.serverInfo() + ": onInvalid=report repair=safe");
            Stories.assertRepairs(jetty, STORY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void standsBeforeTheHandlersOfOtherModules(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "handlers").modules("rewrite,statistics,gzip,qos,http2c");
        try (RunningJetty jetty = base.start()) {
            assertThat(jetty.console())
                    .contains("; stands before every handler")
                    .doesNotContain("igf.config:main: hand");
            Stories.assertRepairs(jetty, STORY);
            Stories.assertRepairs(jetty, STORY.replace("HTTP/1.1", "HTTP/1.0"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnBehindTheProxyProtocolAndKnowsTheSocketsPeer(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "proxy-protocol").modules("http2c,proxy-protocol");
        try (RunningJetty jetty = base.start();
                RawClient client = jetty.connect()) {
            client.send("PROXY TCP4 203.0.113.7 127.0.0.1 40000 8080\n");
            assertThat(client.exchange(STORY.replace("Host:", "X-Request-Id: proxied\nHost:") + "\n\n")
                            .status())
                    .isEqualTo(101);
            assertThat(jetty.awaitLines("id x-request-id=proxied"))
                    .singleElement()
                    .asString()
                    .contains(": repaired, 101; ")
                    .endsWith("; from 127.0.0.1; id x-request-id=proxied");
        }
    }

    @ParameterizedTest
    @EnumSource
    void repairsBehindTlsAndAlpnToo(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "tls")
                .modules("https,http2")
                .run("keytool -genkeypair -keyalg EC -alias it -dname CN=localhost -storetype PKCS12"
                        + " -storepass changeit -keystore \"$JETTY_BASE/etc/keystore.p12\"");
        String key = base.directory().resolve("etc/keystore.p12").toString();
        try (RunningJetty jetty = base.start(
                        "jetty.ssl.host=127.0.0.1",
                        "jetty.ssl.port=0",
                        "jetty.sslContext.keyStorePath=" + key,
                        "jetty.sslContext.keyStorePassword=changeit",
                        "jetty.sslContext.sniRequired=false",
                        "jetty.ssl.sniHostCheck=false",
                        "jetty.httpConfig.sniHostCheck=false");
                Socket client = Tls.connect(jetty.tlsPort(), Path.of(key), "changeit")) {
            assertThat(jetty.awaitLines(":igf.config:")).hasSize(1);
            client.getOutputStream()
                    .write((STORY + "\n\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(answer).isEqualTo("HTTP/1.1 101 Switching Protocols");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JETTY_12_1") // 12.0 has no such environment
    void repairsInFrontOfJakartaEe11Too(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "ee11")
                .run("rm \"$JETTY_BASE\"/start.d/ee10-*.ini")
                .modules("ee11-deploy,ee11-annotations,ee11-websocket-jakarta");
        try (RunningJetty jetty = base.start()) {
            Stories.assertRepairs(jetty, STORY);
            Stories.assertRepairs(jetty, STORY.replace("HTTP/1.1", "HTTP/1.0"));
            Stories.assertAnswers(jetty, STRIPPED, 404);
            jetty.await("id x-request-id=refused; answered 404");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWholeHeadFollowsWhereTheLogIsAtDebug(JettyDistribution distribution) throws Exception {
        JettyBase base = JettyBase.installed(distribution, "debug").modules("resources");
        Path file = base.directory().resolve("resources/jetty-logging.properties");
        String existing = Files.exists(file) ? Files.readString(file) + "\n" : "";
        Files.writeString(file, existing + Page.JETTY.snippet("logging") + "\n");
        try (RunningJetty jetty = base.start()) {
            Stories.assertRepairs(jetty, STORY);
            assertThat(jetty.awaitLines("head as received: GET /chat/echo HTTP/1.1; "))
                    .hasSize(1);
        }
    }

    private static String startLine(JettyBase base) throws IOException, InterruptedException {
        try (RunningJetty jetty = base.start()) {
            return LogLines.jettyTimeless(
                    jetty.awaitLines("Firmshake 0.2.0 handler").get(0));
        }
    }
}
