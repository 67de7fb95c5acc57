package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The heartbeat in distributions of Tomcat: for applications that nobody here wrote, which come and go. */
class HeartbeatIT {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final String VALVE = "Catalina:type=Valve,host=localhost,name=FirmshakeValve";
    private static final String EXAMPLES_VALVE =
            "Catalina:type=Valve,host=localhost,context=/examples,name=FirmshakeValve";

    private static final Map<String, String> RECORDED = Map.of("JAVA_OPTS", "-XX:StartFlightRecording");
    private static final int MANY = 30; // more than Tomcat's pool has threads, so that it starts some

    @ParameterizedTest
    @EnumSource
    void throughTheValveEveryApplicationHasItAndNoneIsHeldByIt(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-valve")
                .run(Page.VALVE.snippet("install"))
                .insert("conf/server.xml", "</Host>", valve("pingSessions=\"all\" pingIntervalSeconds=\"1\""));
        try (RunningTomcat tomcat = base.start(RECORDED)) {
            assertGoesWithItsApplication(tomcat);
            deployLater(base, tomcat);
            try (RawClient later = beat(tomcat, "/later")) {
                assertAnswers(later);
                base.undeploy("later");
                assertLeft(later);
            }
            tomcat.await("Undeploying context [/later]");
            Manager.assertNothingLeaks(tomcat);
            tomcat.assertNothingWasLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void withTheFilterItGoesWithItsApplication(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-filter")
                .run(Page.INSTALL.snippet("dropin"))
                .insert("conf/context.xml", "</Context>", parameter("pingSessions", "all"))
                .insert("conf/context.xml", "</Context>", parameter("pingIntervalSeconds", "1"));
        try (RunningTomcat tomcat = base.start(RECORDED);
                Jmx jmx = Jmx.connect(tomcat)) {
            assertThreadsGoToo(tomcat, jmx);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withAValveOfItsOwnToo(Distribution distribution) throws Exception {
        TomcatBase base = managed(distribution, "heartbeat-context-valve")
                .run(Page.VALVE.snippet("install"))
                .add(
                        "conf/Catalina/localhost/examples.xml",
                        "<Context>\n" + valve("pingSessions=\"all\" pingIntervalSeconds=\"1\"") + "\n</Context>\n");
        try (RunningTomcat tomcat = base.start(RECORDED);
                Jmx jmx = Jmx.connect(tomcat)) {
            assertThat(jmx.has(EXAMPLES_VALVE)).isTrue();
            assertThreadsGoToo(tomcat, jmx);
            assertThat(jmx.has(EXAMPLES_VALVE)).isFalse();
        }
    }

    private static void assertThreadsGoToo(RunningTomcat tomcat, Jmx jmx) throws Exception {
        try (RawClient beat = beat(tomcat, "/examples")) {
            next(beat, PING);
            assertThat(jmx.threads()).anyMatch(name -> name.startsWith("firmshake-heartbeat"));
        }
        assertGoesWithItsApplication(tomcat);
        assertThat(jmx.threads()).noneMatch(name -> name.startsWith("firmshake"));
        tomcat.assertNothingWasLeft();
    }

    /** Reloads and undeploys an application while sessions of both kinds are open and pinged. */
    private static void assertGoesWithItsApplication(RunningTomcat tomcat) throws Exception {
        for (String command : new String[] {"reload", "reload", "undeploy"}) {
            try (Crowd crowd = Crowd.of(tomcat);
                    RawClient beat = beat(tomcat, "/examples");
                    RawClient echo = open(tomcat, "/examples/websocket/echoAnnotation")) {
                assertAnswers(beat);
                next(beat, PING);
                next(echo, PING);
                assertThat(Manager.run(tomcat, command + "?path=/examples")).startsWith("OK");
                assertLeft(beat);
                for (RawClient client : crowd.clients()) {
                    assertLeft(client);
                }
                // Tomcat itself holds the application until the client has answered its Close.
                echo.send(new Frame(CLOSE, next(echo, CLOSE).payload().substring(0, 2)));
                assertThat(echo.isClosed()).isTrue();
                Manager.assertNothingLeaks(tomcat);
            }
        }
    }

    /** Many sessions of the heartbeat. */
    private record Crowd(List<RawClient> clients) implements AutoCloseable {
        static Crowd of(RunningTomcat tomcat) throws IOException {
            Crowd crowd = new Crowd(new ArrayList<>());
            for (int count = 0; count < MANY; count++) {
                crowd.clients.add(beat(tomcat, "/examples"));
            }
            return crowd;
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : clients) {
                client.close();
            }
        }
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
                        valve("pingSessions=\"all\" pingIntervalSeconds=\"1\" pongTimeoutSeconds=\"6\""));
        try (RunningTomcat tomcat = base.start();
                Jmx jmx = Jmx.connect(tomcat);
                RawClient beat = beat(tomcat, "/examples");
                RawClient silent = open(tomcat, "/examples/websocket/echoAnnotation")) {
            jmx.await(VALVE, all -> all.get("heartbeatSessions").equals(1));
            Frame first = next(beat, PING);
            // A sign of life, so the next Ping is sent although this one is not answered yet.
            beat.send(new Frame(TEXT, "ping 1"));
            next(beat, PING);
            beat.send(new Frame(PONG, first.payload()));
            Map<String, Object> late =
                    jmx.await(VALVE, all -> all.get("latePongs").equals(1L));
            assertThat(late).containsEntry("pongs", 0L);

            beat.send(new Frame(PONG, next(beat, PING).payload()));
            Map<String, Object> attributes =
                    jmx.await(VALVE, all -> all.get("pongs").equals(1L));
            assertThat((long) attributes.get("pings")).isGreaterThanOrEqualTo(2);
            assertThat((String[]) attributes.get("roundTrips"))
                    .filteredOn(bucket -> !bucket.endsWith("=0"))
                    .singleElement()
                    .asString()
                    .endsWith("=1");

            AtomicBoolean answers = new AtomicBoolean(true);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> answerPings(beat, answers));
            next(silent, CLOSE);
            jmx.await(
                    VALVE,
                    all -> all.get("reaped").equals(1L)
                            && all.get("pingedSessions").equals(1L));
            answers.set(false);
            assertThat(closed).succeedsWithin(RunningServer.PATIENCE);
            jmx.await(
                    VALVE,
                    all -> all.get("reaped").equals(2L)
                            && all.get("pingedSessions").equals(0L)
                            && all.get("heartbeatSessions").equals(0));
        }
    }

    /** Reads until the server closes the session, and answers its Pings as long as that is wanted. */
    private static void answerPings(RawClient client, AtomicBoolean wanted) {
        try {
            for (Frame frame = client.readFrame(); frame.opcode() != CLOSE; frame = client.readFrame()) {
                if (frame.opcode() == PING && wanted.get()) {
                    client.send(new Frame(PONG, frame.payload()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TomcatBase managed(Distribution distribution, String name) throws IOException {
        return Manager.install(TomcatBase.of(distribution, name))
                // Looks for what is to be deployed every second, not every ten.
                .edit("conf/server.xml", xml -> xml.replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" "));
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
}
