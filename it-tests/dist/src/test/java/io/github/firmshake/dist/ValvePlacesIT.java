package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The valve in every place that it can have, beside what else can stand there. */
class ValvePlacesIT {

    private static final String VALVE = Page.VALVE.snippet("valve");
    private static final String BEAN = "Catalina:type=Valve,host=localhost,name=FirmshakeValve";
    private static final String EXAMPLES = "conf/Catalina/localhost/examples.xml";

    @ParameterizedTest
    @EnumSource
    void inTheEngineItSeesWhatNoApplicationDoes(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "engine").insert("conf/server.xml", "</Engine>", VALVE);
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.await(
                            "Firmshake 0.2.0 valve on " + distribution.serverInfo() + ", engine \"Catalina\": "))
                    .containsOnlyOnce("Firmshake 0.2.0");
            Stories.assertRepairs(tomcat, Stories.repairable("engine"));
            assertThat(tomcat.await("id x-request-id=engine")).contains(": repaired, 101; ");
            // Of an application that is not there.
            Stories.assertAnswers(tomcat, Stories.valid("none").replace("/examples/", "/none/"), 404);
            tomcat.await("id x-request-id=none; answered 404");
        }
    }

    @ParameterizedTest
    @EnumSource
    void inTheDefaultContextEveryApplicationHasOneOfItsOwn(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "default-context")
                .application("ROOT")
                .insert("conf/context.xml", "</Context>", VALVE);
        try (RunningTomcat tomcat = base.start();
                Jmx jmx = Jmx.connect(tomcat)) {
            assertThat(tomcat.awaitLines("Firmshake 0.2.0 valve", 2))
                    .anyMatch(line -> line.contains(", context \"/examples\": "))
                    .hasSize(2);
            assertThat(jmx.has("Catalina:type=Valve,host=localhost,context=/examples,name=FirmshakeValve"))
                    .isTrue();
            Stories.assertRepairs(tomcat, Stories.repairable("default"));
            assertThat(tomcat.awaitLines("x-request-id=default")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void inOneApplicationNoOtherIsTouched(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "context")
                .application("ROOT")
                .add(EXAMPLES, "<Context>\n" + Page.VALVE.snippet("settings") + "\n</Context>\n");
        try (RunningTomcat tomcat = base.start()) {
            Refusals.assertAnswersCompletely(tomcat, Stories.stripped("refused"));
            assertThat(tomcat.awaitLines("x-request-id=refused"))
                    .singleElement()
                    .asString()
                    .endsWith("answered 426, closed");
            Stories.assertAnswers(tomcat, Stories.stripped("root").replace("/examples/", "/"), 404);
            Stories.assertRepairs(tomcat, Stories.repairable("last"));
            assertThat(tomcat.awaitLines("x-request-id=last")).hasSize(1);
            assertThat(tomcat.lines("x-request-id=root")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"</Engine>, engine \"Catalina\"", "</Host>, host \"localhost\""})
    void aMisspeltAttributeKeepsTomcatFromStartingAndSaysWhy(String endTag, String where) throws Exception {
        for (Distribution distribution : Distribution.values()) {
            TomcatBase base = installed(distribution, "misspelt")
                    .insert("conf/server.xml", endTag, VALVE.replace("/>", " repiar=\"off\"/>"));
            String console = RunningTomcat.startInVain(base);
            assertThat(console).contains("The required Server component failed to start so Tomcat is unable to start.");
            String line = LogLines.timeless(Page.VALVE.snippet("misspelt-line"));
            assertThat(console.lines().map(LogLines::timeless))
                    .containsOnlyOnce(line.replace("host \"localhost\"", where));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMisspeltAttributeInAContextKeepsThatApplicationFromStarting(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "misspelt-context")
                .application("ROOT")
                .add(EXAMPLES, "<Context>" + VALVE.replace("/>", " onInvalid=\"rejekt\"/>") + "</Context>");
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console())
                    .containsOnlyOnce("SEVERE [main] io.github.firmshake.tomcat.TomcatLog.log FirmshakeValve")
                    .contains("FirmshakeValve in context \"/examples\": setting onInvalid=\"rejekt\": expected report,"
                            + " reject");
            Stories.assertAnswers(tomcat, "GET / HTTP/1.1\nHost: localhost", 200);
            Stories.assertAnswers(tomcat, "GET /examples/index.html HTTP/1.1\nHost: localhost", 404);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePeerIsTheSocketsWhateverAForwardedFieldSays(Distribution distribution) throws Exception {
        String remoteIp = "<Valve className=\"org.apache.catalina.valves.RemoteIpValve\"/>\n";
        TomcatBase base = installed(distribution, "remote-ip").insert("conf/server.xml", "</Host>", remoteIp + VALVE);
        try (RunningTomcat tomcat = base.start()) {
            String forged = "X-Forwarded-For: 203.0.113.7\nHost:";
            // The application sees what the field says, and serves its pages on this machine only.
            String page = "GET /examples/index.html HTTP/1.1\nHost: localhost";
            Stories.assertAnswers(tomcat, page, 200);
            Stories.assertAnswers(tomcat, page.replace("Host:", forged), 403);
            Stories.assertAnswers(tomcat, Stories.stripped("forged").replace("Host:", forged), 403);
            assertThat(tomcat.awaitLines("x-request-id=forged"))
                    .singleElement()
                    .asString()
                    .contains("; from 127.0.0.1; ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withTheFilterInTheApplicationThereIsOneLineAndOneRepair(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "both")
                .run(Page.INSTALL.snippet("dropin"))
                .insert("conf/server.xml", "</Host>", VALVE);
        try (RunningTomcat tomcat = base.start();
                Jmx jmx = Jmx.connect(tomcat)) {
            tomcat.await("Firmshake 0.2.0 filter on");
            Stories.assertRepairs(tomcat, Stories.repairable("both"));
            Stories.assertAnswers(tomcat, Stories.stripped("both-stripped"), 404);
            assertThat(tomcat.awaitLines(": repaired, 101; ")).hasSize(1);
            assertThat(tomcat.awaitLines("x-request-id=both-stripped;")).hasSize(1);
            assertThat(jmx.awaitMessages(BEAN, 2)).containsAllEntriesOf(Map.of("damaged", 2L, "repaired", 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void jmxAndTheManagerShowTheCounters(Distribution distribution) throws Exception {
        RequiredTool.need("curl", ValvePlacesIT.class);
        TomcatBase base = Manager.install(installed(distribution, "jmx")).insert("conf/server.xml", "</Host>", VALVE);
        try (RunningTomcat tomcat = base.start();
                Jmx jmx = Jmx.connect(tomcat)) {
            Stories.assertRepairs(tomcat, Stories.REPAIRABLE);
            assertThat(tomcat.awaitLines(": repaired, 101; ")).hasSize(1);
            jmx.awaitMessages(BEAN, 1);
            String printed = curl(tomcat, Page.JMX.snippet("manager"));
            assertThat(printed.replace("\r", "")
                            .replaceFirst("(a Connection that lacks upgrade;).*", "$1 ...")
                            .strip())
                    .isEqualTo(Page.JMX.snippet("manager-answer"));

            Stories.assertAnswers(tomcat, Stories.stripped("jmx"), 404);
            assertThat(tomcat.awaitLines("x-request-id=jmx")).hasSize(1);
            Map<String, Object> attributes = jmx.awaitMessages(BEAN, 2);
            assertThat(attributes)
                    .containsAllEntriesOf(Map.of(
                            "valid", 0L, "damaged", 2L, "invalid", 0L, "plain", 0L, "repaired", 1L, "refused", 0L))
                    .containsEntry("stateName", "STARTED");
            assertThat((String[]) attributes.get("reasons"))
                    .containsExactly("HTTP_VERSION_TOO_OLD=1", "CONNECTION_LACKS_UPGRADE=1", "HOP_BY_HOP_STRIPPED=1");
            assertThat((String[]) attributes.get("lastMessages"))
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("CONNECTION_LACKS_UPGRADE /examples/"),
                            second -> assertThat(second).endsWith("id x-request-id=jmx; answered 404"));

            assertThat(Manager.run(tomcat, "reload?path=/examples")).startsWith("OK");
            Stories.assertRepairs(tomcat, Stories.REPAIRABLE);
            assertThat(Manager.run(tomcat, "undeploy?path=/examples")).startsWith("OK");
            Manager.assertNothingLeaks(tomcat);
            tomcat.assertNothingWasLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void atFineTheWholeHeadFollows(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "fine-valve")
                .insert("conf/server.xml", "</Host>", VALVE)
                .edit("conf/logging.properties", text -> text + "\n" + Page.VALVE.snippet("juli") + "\n");
        try (RunningTomcat tomcat = base.start()) {
            Stories.assertRepairs(tomcat, Stories.repairable("fine"));
            assertThat(tomcat.awaitLines("head as received: GET /examples/websocket/echoAnnotation"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takenOutAsThePageSaysItLeavesNoTrace(Distribution distribution) throws Exception {
        TomcatBase base = installed(distribution, "valve-removed").run(Page.VALVE.snippet("remove"));
        try (RunningTomcat tomcat = base.start()) {
            Stories.assertAnswers(tomcat, Stories.REPAIRABLE, 400);
            assertThat(tomcat.consoleWithoutFolder()).doesNotContainIgnoringCase("firmshake");
            assertThat(tomcat.logged("localhost", "irmshake")).isEqualTo(List.of());
        }
    }

    private static TomcatBase installed(Distribution distribution, String name)
            throws IOException, InterruptedException {
        return TomcatBase.of(distribution, name).run(Page.VALVE.snippet("install"));
    }

    private static String curl(RunningTomcat tomcat, String command) throws IOException, InterruptedException {
        String here = command.replace("localhost:8080", "127.0.0.1:" + tomcat.port());
        Process curl = new ProcessBuilder("sh", "-c", here + " --silent --max-time 60")
                .directory(Path.of("target").toFile())
                .start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).isZero();
        return answer;
    }
}
