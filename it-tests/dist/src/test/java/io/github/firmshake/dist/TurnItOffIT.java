package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the commands of {@code docs/turn-it-off.md}. */
class TurnItOffIT {

    private static final Map<String, String> OFF = variables("variable");

    @ParameterizedTest
    @EnumSource
    void thePropertyTurnsValveAndFilterOffAndSoDoesNoWrongSetting(Distribution distribution) throws Exception {
        TomcatBase base = tomcat(distribution, "off").run(Page.OFF.snippet("tomcat"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(firmshakes(tomcat))
                    .satisfiesExactly(
                            valve -> assertThat(valve).endsWith(" " + Page.OFF.snippet("off-line")),
                            filter -> assertThat(filter)
                                    .endsWith(
                                            " Firmshake in context \"/examples\" is off (enabled=false): it examines"
                                                    + " and serves nothing; from outside: enabled=false (-Dfirmshake.enabled)"));
            assertPassesEverything(tomcat, "/examples/websocket/echoAnnotation", "/examples");
            assertThat(firmshakes(tomcat)).hasSize(2);
            assertThat(tomcat.logged("localhost", "irmshake")).isEqualTo(List.of());
            assertHasNoThreadOfOurs(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theVariableTurnsValveAndFilterOff(Distribution distribution) throws Exception {
        try (RunningTomcat tomcat = tomcat(distribution, "off-variable").start(OFF)) {
            assertThat(firmshakes(tomcat))
                    .hasSize(2)
                    .allMatch(line -> line.endsWith("; from outside: enabled=false (FIRMSHAKE_ENABLED)"));
            assertPassesEverything(tomcat, "/examples/websocket/echoAnnotation", "/examples");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVariableTurnsOnePartOff(Distribution distribution) throws Exception {
        String settings = "onInvalid=report repair=off webSocketPaths=\"\" allowedOrigins=\"\" heartbeatPath=\"\" ";
        TomcatBase base = TomcatBase.of(distribution, "parts")
                .run(Page.VALVE.snippet("install"))
                .insert("conf/server.xml", "</Host>", Page.VALVE.snippet("settings"));
        try (RunningTomcat tomcat = base.start(variables("parts"))) {
            assertThat(firmshakes(tomcat))
                    .singleElement()
                    .asString()
                    .contains(settings, " scriptPath=\"\" pingSessions=off ", " explainToClient=full ")
                    .contains("; from outside: ")
                    .contains("repair=off (FIRMSHAKE_REPAIR)", "onInvalid=report (FIRMSHAKE_ON_INVALID)");
            assertPassesEverything(tomcat, "/examples/websocket/echoAnnotation", "/examples");
            tomcat.await("id x-request-id=stripped; answered 404"); // still explained
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrongThereIsSaidAndWhatIsConfiguredStays(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "wrong-variables")
                .run(Page.VALVE.snippet("install"))
                .insert("conf/server.xml", "</Host>", Page.VALVE.snippet("settings"));
        try (RunningTomcat tomcat = base.start(
                Map.of("FIRMSHAKE_ON_INVALID", "refuse", "FIRMSHAKE_REPIAR", "secret", "FIRMSHAKE_REPAIR", "off"))) {
            assertThat(tomcat.console())
                    .containsPattern("SEVERE .*FIRMSHAKE_ON_INVALID is ignored: setting onInvalid=\"refuse\": expected"
                            + " report, reject\n")
                    .containsPattern("WARNING .*environment variable FIRMSHAKE_REPIAR names no setting, did you mean"
                            + " repair\\?\n")
                    .contains("valve on", ": onInvalid=reject repair=off ")
                    .doesNotContain("secret");
            Refusals.assertRefusesCompletely(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneApplicationIsTurnedOffOnARunningTomcat(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "off-context").run(Page.INSTALL.snippet("dropin"));
        try (RunningTomcat tomcat = base.start()) {
            Stories.assertRepairs(tomcat, Stories.repairable("on"));
            base.run(Page.OFF.snippet("context"));
            tomcat.await("Firmshake in context \"/examples\" is off (enabled=false)");
            tomcat.await("Deployment of deployment descriptor");
            tomcat.await("has finished in");
            assertPassesEverything(tomcat, "/examples/websocket/echoAnnotation", "/examples");
            tomcat.assertNothingWasLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void jettysModuleIsTurnedOffInItsFile(JettyDistribution distribution) throws Exception {
        RequiredTool.need("unzip", TurnItOffIT.class);
        JettyBase base = JettyBase.installed(distribution, "off").run(Page.OFF.snippet("jetty"));
        try (RunningJetty jetty = base.start("firmshake.repair=of")) {
            assertThat(firmshakes(jetty))
                    .singleElement()
                    .asString()
                    .contains(":INFO :igf.config:")
                    .endsWith(" Firmshake handler is off (enabled=false): it examines and serves nothing");
            assertPassesEverything(jetty, "/chat/echo", "");
            assertThat(firmshakes(jetty)).hasSize(1);
            assertHasNoThreadOfOurs(jetty);
        }
    }

    @ParameterizedTest
    @CsvSource({"JETTY_12_0, variable", "JETTY_12_1, variable", "JETTY_12_0, parts", "JETTY_12_1, parts"})
    void aVariableReachesJettysModule(JettyDistribution distribution, String snippet) throws Exception {
        RequiredTool.need("unzip", TurnItOffIT.class);
        JettyBase base = JettyBase.installed(distribution, "off-" + snippet);
        try (RunningJetty jetty = base.start(variables(snippet))) {
            assertThat(firmshakes(jetty)).singleElement().asString().contains("; from outside: ", " (FIRMSHAKE_");
            assertPassesEverything(jetty, "/chat/echo", "");
        }
    }

    // Requests that Firmshake repairs, serves and refuses get the server's own answers.
    private static void assertPassesEverything(RunningServer server, String endpoint, String context)
            throws IOException {
        String valid = Stories.valid("valid").replaceFirst("GET \\S+", "GET " + endpoint);
        server.assertEchoes(valid);
        Stories.assertAnswers(server, valid.replaceFirst("keep-alive, Upgrade", "close"), 400);
        Stories.assertAnswers(server, Stories.stripped("stripped").replaceFirst("GET \\S+", "GET " + endpoint), 404);
        Stories.assertAnswers(server, valid.replaceFirst("GET \\S+", "GET " + context + "/firmshake/heartbeat"), 404);
        Stories.assertAnswers(
                server, "GET " + context + "/firmshake/firmshake.js HTTP/1.1\nHost: localhost\nConnection: close", 404);
    }

    private static void assertHasNoThreadOfOurs(RunningServer server) throws Exception {
        Process jcmd = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd",
                        "-J-Dsun.tools.attach.attachTimeout=60000",
                        String.valueOf(server.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        String threads = new String(jcmd.getInputStream().readAllBytes());
        assertThat(jcmd.waitFor()).as(threads).isZero();
        assertThat(threads).contains("\"Reference Handler\"").doesNotContainIgnoringCase("firmshake");
    }

    private static List<String> firmshakes(RunningServer server) {
        return server.consoleWithoutFolder()
                .lines()
                .filter(line -> line.contains("irmshake") && !line.contains(Echo.class.getName()))
                .filter(line -> !line.contains("Command line argument") && !line.contains("VersionLoggerListener"))
                .toList();
    }

    private static Map<String, String> variables(String snippet) {
        return Page.OFF
                .snippet(snippet)
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    // Misspelt in both places: it does not start by itself.
    private static TomcatBase tomcat(Distribution distribution, String name) throws IOException, InterruptedException {
        return TomcatBase.of(distribution, name)
                .run(Page.VALVE.snippet("install"))
                .run(Page.INSTALL.snippet("dropin"))
                .insert(
                        "conf/server.xml",
                        "</Host>",
                        Page.VALVE.snippet("valve").replace("/>", " repiar=\"off\"/>"))
                .insert(
                        "conf/context.xml",
                        "</Context>",
                        Page.INSTALL.snippet("parameter").replace("onInvalid", "repiar"));
    }
}
