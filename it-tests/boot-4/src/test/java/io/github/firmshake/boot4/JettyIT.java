package io.github.firmshake.boot4;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;

/** The recipe for Spring Boot with Jetty in {@code docs/install/embedded.md}, with the import that Spring Boot 4 wants. */
class JettyIT {

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
    static class Application {

        @Bean
        JettyServletWebServerFactory server() {
            return new JettyServletWebServerFactory();
        }

        @Bean
        RequestUpgradeStrategy strategy() {
            return new JettyRequestUpgradeStrategy();
        }
    }

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("spring-boot-jetty");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(JettyIT.class));
        assertThat(new Recipe("spring-boot-4-jetty-import").onPage("install/embedded.md"))
                .isEqualTo("import " + JettyServletWebServerFactory.class.getName() + ";");
    }

    @Test
    void repairsAndRefuses() throws Exception {
        try (var context = (ServletWebServerApplicationContext)
                SpringApplication.run(Application.class, "--server.port=0", "--server.address=127.0.0.1")) {
            Story.assertRepairsAndRefuses(context.getWebServer().getPort(), "/echo");
            FirmshakeHandler firmshake = context.getBean(FirmshakeHandler.class);
            assertThat(firmshake.getStatistics().getRepaired()).isEqualTo(1);
            assertThat(firmshake.getStatistics().getRefused()).isEqualTo(1);
        }
    }
}
