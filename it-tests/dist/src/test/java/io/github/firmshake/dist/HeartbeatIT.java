package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The heartbeat in distributions of Tomcat: for applications that nobody here wrote, which come and go. */
class HeartbeatIT {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final String USER = "<user username=\"it\" password=\"it\" roles=\"manager-script\"/>";
    private static final String VALVE = "Catalina:type=Valve,host=localhost,name=FirmshakeValve";

    @ParameterizedTest
    @EnumSource
    void throughTheValveEveryApplicationHasItAndNoneIsHeldByIt(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-valve")
                .run(Page.VALVE.snippet("install"))
                .insert("conf/server.xml", "</Host>", valve("pingSessions=\"all\" pingIntervalSeconds=\"1\""));
        try (RunningTomcat tomcat = base.start()) {
            assertGoesWithItsApplication(tomcat);
            deployLater(base, tomcat);
            try (RawClient later = beat(tomcat, "/later")) {
                assertAnswers(later);
                TomcatBase.delete(base.directory().resolve("webapps/later"));
                assertLeft(later);
            }
            tomcat.await("Undeploying context [/later]");
            assertNothingLeaks(tomcat);
            assertNothingOfOursWasLeft(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withTheFilterItGoesWithItsApplication(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-filter")
                .run(Page.INSTALL.snippet("dropin"))
                .insert("conf/context.xml", "</Context>", parameter("pingSessions", "all"))
                .insert("conf/context.xml", "</Context>", parameter("pingIntervalSeconds", "1"));
        try (RunningTomcat tomcat = base.start()) {
            assertGoesWithItsApplication(tomcat);
            assertNothingOfOursWasLeft(tomcat);
        }
    }

    /** Reloads and undeploys an application while sessions of both kinds are open and pinged. */
    private static void assertGoesWithItsApplication(RunningTomcat tomcat) throws Exception {
        for (String command : new String[] {"reload", "reload", "undeploy"}) {
            try (RawClient beat = beat(tomcat, "/examples");
                    RawClient echo = open(tomcat, "/examples/websocket/echoAnnotation")) {
                assertAnswers(beat);
                next(beat, PING);
                next(echo, PING);
                assertThat(manage(tomcat, command + "?path=/examples")).startsWith("OK");
                assertLeft(beat);
                // Tomcat itself holds the application until the client has answered its Close.
                echo.send(new Frame(CLOSE, next(echo, CLOSE).payload().substring(0, 2)));
                assertThat(echo.isClosed()).isTrue();
                assertNothingLeaks(tomcat);
            }
        }
    }

    // The last thread that worked for a connection lets go of it after the client has seen it closed.
    private static void assertNothingLeaks(RunningTomcat tomcat) throws IOException, InterruptedException {
        String found = manage(tomcat, "findleaks?statusLine=true");
        for (int tries = 0; tries < 50 && !found.startsWith("OK - No memory leaks found"); tries++) {
            Thread.sleep(100);
            found = manage(tomcat, "findleaks?statusLine=true");
        }
        assertThat(found).isEqualTo("OK - No memory leaks found\n");
    }

    // Tomcat names its own background thread too, where that is at work in the application when it stops.
    private static void assertNothingOfOursWasLeft(RunningTomcat tomcat) {
        assertThat(tomcat.console()).doesNotContain("started a thread named [firmshake", "but failed to remove it");
    }

    private static void assertLeft(RawClient beat) throws IOException {
        assertThat(next(beat, CLOSE)).isEqualTo(new Frame(CLOSE, "\u0003\u00e9going away")); // 1001
        assertThat(beat.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void jmxShowsWhatBecomesOfPings(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-jmx")
                .run(Page.VALVE.snippet("install"))
                .insert(
                        "conf/server.xml",
                        "</Host>",
                        valve("pingSessions=\"all\" pingIntervalSeconds=\"1\" pongTimeoutSeconds=\"3\""));
        try (RunningTomcat tomcat = base.start();
                Jmx jmx = Jmx.connect(tomcat);
                RawClient beat = beat(tomcat, "/examples");
                RawClient silent = open(tomcat, "/examples/websocket/echoAnnotation")) {
            Frame first = next(beat, PING);
            assertThat(jmx.attributes(VALVE)).containsEntry("heartbeatSessions", 1);
            assertAnswers(beat); // a sign of life, so the next Ping is sent although this one is not answered yet
            Frame second = next(beat, PING);
            beat.send(new Frame(PONG, first.payload()));
            await(jmx, all -> all.get("latePongs").equals(1L));
            assertThat(jmx.attributes(VALVE)).containsEntry("pongs", 0L);
            beat.send(new Frame(PONG, second.payload()));

            Map<String, Object> attributes = await(jmx, all -> all.get("pongs").equals(1L));
            assertThat((long) attributes.get("pings")).isGreaterThanOrEqualTo(2);
            assertThat((String[]) attributes.get("roundTrips"))
                    .filteredOn(bucket -> !bucket.endsWith("=0"))
                    .singleElement()
                    .asString()
                    .endsWith("=1");

            next(silent, CLOSE);
            await(
                    jmx,
                    all -> all.get("reaped").equals(1L)
                            && all.get("pingedSessions").equals(1L));
            next(beat, CLOSE); // it answers nothing any more
            await(
                    jmx,
                    all -> all.get("reaped").equals(2L)
                            && all.get("pingedSessions").equals(0L)
                            && all.get("heartbeatSessions").equals(0));
        }
    }

    private static Map<String, Object> await(Jmx jmx, Predicate<Map<String, Object>> wanted) throws Exception {
        Map<String, Object> attributes = jmx.attributes(VALVE);
        for (int tries = 0; tries < 600 && !wanted.test(attributes); tries++) {
            Thread.sleep(50);
            attributes = jmx.attributes(VALVE);
        }
        assertThat(attributes).as("within 30 s").matches(wanted);
        return attributes;
    }

    private static TomcatBase managed(Distribution distribution, String name) throws IOException {
        return TomcatBase.of(distribution, name)
                // Looks for what is to be deployed every second, not every ten.
                .edit("conf/server.xml", xml -> xml.replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" "))
                .application("manager")
                .insert("conf/tomcat-users.xml", "</tomcat-users>", USER);
    }

    private static String valve(String settings) {
        return Page.VALVE.snippet("valve").replace("/>", " " + settings + "/>");
    }

    private static String parameter(String name, String value) {
        return "<Parameter name=\"firmshake." + name + "\" value=\"" + value + "\" override=\"false\"/>";
    }

    private static void deployLater(TomcatBase base, RunningTomcat tomcat) throws IOException, InterruptedException {
        Path whole = base.directory().resolve("temp/later"); // Tomcat would deploy half a copy too
        TomcatBase.copy(base.distribution().home().resolve("webapps/examples"), whole);
        Path later = base.directory().resolve("webapps/later");
        Files.move(whole, later);
        tomcat.await("Deployment of web application directory [" + later + "] has finished");
    }

    private static RawClient beat(RunningTomcat tomcat, String application) throws IOException {
        RawClient client = open(tomcat, application + "/firmshake/heartbeat");
        assertThat(client.readFrame().payload()).startsWith("hello v=1 ");
        return client;
    }

    private static RawClient open(RunningTomcat tomcat, String path) throws IOException {
        RawClient client = tomcat.connect();
        String request = Stories.valid("beat").replace("/examples/websocket/echoAnnotation", path);
        assertThat(client.exchange(request + "\n\n").status()).isEqualTo(101);
        return client;
    }

    private static void assertAnswers(RawClient beat) throws IOException {
        beat.send(new Frame(TEXT, "ping 1"));
        assertThat(next(beat, TEXT)).isEqualTo(new Frame(TEXT, "pong 1"));
    }

    private static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            frame = client.readFrame();
        }
        return frame;
    }

    private static String manage(RunningTomcat tomcat, String command) throws IOException {
        String credentials = Base64.getEncoder().encodeToString("it:it".getBytes(StandardCharsets.US_ASCII));
        return tomcat.exchange("GET /manager/text/" + command + " HTTP/1.0\nHost: localhost\nAuthorization: Basic "
                        + credentials)
                .body();
    }
}
