package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for embedded Tomcat in {@code docs/install/embedded.md}. */
class EmbeddedTomcatIT {

    @TempDir
    Path directory;

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("tomcat");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(EmbeddedTomcatIT.class));
    }

    @Test
    void repairsAndRefuses() throws Exception {
        Tomcat tomcat = tomcat();
        // snippet: tomcat
        FirmshakeValve valve = new FirmshakeValve();
        valve.setProperty("onInvalid", "reject");
        tomcat.getHost().getPipeline().addValve(valve);
        tomcat.start();
        // end
        try {
            Story.assertRepairsAndRefuses(tomcat.getConnector().getLocalPort(), "/ws");
            assertThat(valve.getRepaired()).isEqualTo(1);
            assertThat(valve.getRefused()).isEqualTo(1);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void everySettingIsTakenByItsNameAndAMisspeltOneIsRefused() throws Exception {
        FirmshakeValve known = new FirmshakeValve();
        Settings.defaults().forEach(known::setProperty);
        Tomcat tomcat = tomcat();
        tomcat.getHost().getPipeline().addValve(known);
        tomcat.start();
        assertThat(known.getSettings()).isEqualTo(Settings.parse(Map.of()).toString());
        tomcat.stop();
        tomcat.destroy();

        FirmshakeValve misspelt = new FirmshakeValve();
        misspelt.setProperty("repiar", "off");
        Tomcat refused = tomcat();
        refused.getHost().getPipeline().addValve(misspelt);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(refused::start)
                .havingRootCause()
                .withMessageStartingWith(
                        "unknown setting repiar=\"off\", did you mean repair?; known: enabled, onInvalid, repair");
        refused.destroy();
    }

    @Test
    void aRestartedValveGoesOnCountingAndTellingItsListener() throws Exception {
        FirmshakeValve valve = new FirmshakeValve();
        BlockingQueue<HandshakeEvent> told = new LinkedBlockingQueue<>();
        valve.setHandshakeListener(told::add);
        Tomcat tomcat = tomcat();
        tomcat.getHost().getPipeline().addValve(valve);
        for (int starts = 1; starts <= 2; starts++) {
            tomcat.start();
            try (RawClient client = RawClient.connect(tomcat.getConnector().getLocalPort())) {
                client.exchange(Story.stripped("/ws"));
            }
            assertThat(told.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(valve.getDamaged()).isEqualTo(starts);
            tomcat.stop();
        }
        tomcat.destroy();
    }

    @Test
    void theHeartbeatOfARestartedValveWorksAndEndsEachTime() throws Exception {
        FirmshakeValve valve = new FirmshakeValve();
        Tomcat tomcat = tomcat();
        tomcat.getHost().getPipeline().addValve(valve);
        for (int starts = 1; starts <= 2; starts++) {
            tomcat.start();
            try (RawClient client = RawClient.connect(tomcat.getConnector().getLocalPort())) {
                assertThat(client.exchange(Story.repairable("/firmshake/heartbeat"))
                                .status())
                        .isEqualTo(101);
                assertThat(next(client).payload()).startsWith("hello v=1 ");
                client.send(Frame.text("ping " + starts));
                assertThat(next(client)).isEqualTo(Frame.text("pong " + starts));
                assertThat(valve.getHeartbeatSessions()).isEqualTo(1);
                tomcat.stop();
                assertThat(next(client).payload()).isEqualTo("\u0003\u00e9going away"); // 1001
                assertThat(valve.getHeartbeatSessions()).isZero();
            }
        }
        tomcat.destroy();
    }

    // The first Ping comes at a random moment.
    private static Frame next(RawClient client) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() == 9) {
            frame = client.readFrame();
        }
        return frame;
    }

    private Tomcat tomcat() {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer(
                (classes, servletContext) -> {
                    try {
                        Application.install(servletContext);
                    } catch (ServletException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Set.of());
        return tomcat;
    }
}
