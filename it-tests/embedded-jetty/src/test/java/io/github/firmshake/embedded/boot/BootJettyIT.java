package io.github.firmshake.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The recipe for Spring Boot with Jetty in {@code docs/install/embedded.md}. */
class BootJettyIT {

    // snippet: spring-boot-jetty
    @Configuration
    static class FirmshakeConfiguration {

        @Bean
        FirmshakeHandler firmshake() {
            FirmshakeHandler handler = new FirmshakeHandler();
            handler.setOnInvalid("reject");
            return handler;
        }

        @Bean
        WebServerFactoryCustomizer<JettyServletWebServerFactory> firmshakeCustomizer(FirmshakeHandler firmshake) {
            return factory -> factory.addServerCustomizers(server -> FirmshakeHandler.install(server, firmshake));
        }
    }
    // end

    @EnableAutoConfiguration
    @Import({EchoConfiguration.class, FirmshakeConfiguration.class})
    static class Application {}

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("spring-boot-jetty");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(BootJettyIT.class));
        Recipe handler = new Recipe("spring");
        assertThat(handler.onPage("heartbeat.md")).isEqualTo(handler.inSource(EchoConfiguration.class));
    }

    @Test
    void theHandlerOfThePageAnswersHeartbeatsOnly() throws Exception {
        try (var context = (ServletWebServerApplicationContext)
                        SpringApplication.run(Application.class, "--server.port=0", "--server.address=127.0.0.1");
                RawClient client = RawClient.connect(context.getWebServer().getPort())) {
            assertThat(client.exchange(Story.repairable("/echo")).status()).isEqualTo(101);
            client.send(new RawClient.Frame(1, ":ping 7"));
            assertThat(client.readFrame().payload()).isEqualTo(":pong 7");
            client.send(new RawClient.Frame(1, "ping 7"));
            assertThat(client.readFrame().payload()).isEqualTo("ping 7");
        }
    }

    @Test
    void repairsAndRefuses() throws Exception {
        JulCapture.lines().restOfConfiguration();
        try (var context = (ServletWebServerApplicationContext)
                SpringApplication.run(Application.class, "--server.port=0", "--server.address=127.0.0.1")) {
            assertThat(JulCapture.lines().restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("INFO ");
            Story.assertRepairsAndRefuses(context.getWebServer().getPort(), "/echo");
            FirmshakeHandler handler = context.getBean(FirmshakeHandler.class);
            assertThat(handler.getStatistics().getRepaired()).isEqualTo(1);
            assertThat(handler.getStatistics().getRefused()).isEqualTo(1);
        }
    }
}
