package io.github.firmshake.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeInitializer;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The recipe for Spring Boot with Undertow in {@code docs/install/embedded.md}. */
class UndertowIT {

    // snippet: spring-boot-undertow
    @Configuration
    static class FirmshakeConfiguration {

        @Bean
        ServletContextInitializer firmshake() {
            return context -> {
                context.setInitParameter("firmshake.onInvalid", "reject");
                new FirmshakeInitializer().onStartup(null, context);
            };
        }
    }
    // end

    /** The application: a Jakarta endpoint at {@code /echo}. */
    @Configuration
    @EnableAutoConfiguration(exclude = SecurityAutoConfiguration.class)
    @Import(FirmshakeConfiguration.class)
    static class Application {

        @Bean
        UndertowServletWebServerFactory server() {
            return new UndertowServletWebServerFactory();
        }

        @Bean
        ServletContextInitializer endpoint() {
            return context -> context.addListener(new Endpoints());
        }
    }

    @ServerEndpoint("/echo")
    public static class Echo {
        @OnMessage
        public String echo(String message) {
            return message;
        }
    }

    private record Endpoints() implements jakarta.servlet.ServletContextListener {
        @Override
        public void contextInitialized(jakarta.servlet.ServletContextEvent event) {
            try {
                ((ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName()))
                        .addEndpoint(Echo.class);
            } catch (jakarta.websocket.DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("spring-boot-undertow");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(UndertowIT.class));
    }

    @Test
    void repairsRefusesAndHasTheHeartbeat() throws Exception {
        JulCapture.lines().restOfConfiguration();
        try (var context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .properties("server.port=0", "server.address=127.0.0.1")
                .run()) {
            int port = context.getWebServer().getPort();
            assertThat(JulCapture.lines().nextConfiguration())
                    .startsWith("INFO Firmshake ")
                    .contains(" filter on Undertow ")
                    .contains("; stands before every filter;");
            Story.assertRepairsAndRefuses(port, "/echo");
            try (RawClient client = RawClient.connect(port)) {
                assertThat(client.exchange(Story.repairable("/firmshake/heartbeat"))
                                .status())
                        .isEqualTo(101);
                assertThat(client.readFrame().payload()).startsWith("hello v=1 ");
                client.send(new RawClient.Frame(1, "ping 7"));
                RawClient.Frame frame = client.readFrame();
                while (frame.opcode() != 1) {
                    frame = client.readFrame();
                }
                assertThat(frame.payload()).isEqualTo("pong 7");
            }
        }
    }
}
