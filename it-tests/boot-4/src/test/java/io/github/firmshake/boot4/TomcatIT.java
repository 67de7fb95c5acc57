package io.github.firmshake.boot4;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.tomcat.FirmshakeValve;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

/** The recipe for Spring Boot with Tomcat in {@code docs/install/embedded.md}, with the import that Spring Boot 4 wants. */
class TomcatIT {

    // snippet: spring-boot-tomcat
    @Configuration
    static class FirmshakeConfiguration {

        @Bean
        FirmshakeValve firmshake() {
            FirmshakeValve valve = new FirmshakeValve();
            valve.setProperty("onInvalid", "reject");
            return valve;
        }

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> firmshakeCustomizer(FirmshakeValve firmshake) {
            return factory -> factory.addEngineValves(firmshake);
        }
    }
    // end

    @EnableAutoConfiguration
    @Import({EchoConfiguration.class, FirmshakeConfiguration.class})
    static class Application {

        @Bean
        TomcatServletWebServerFactory server() {
            return new TomcatServletWebServerFactory();
        }

        @Bean
        RequestUpgradeStrategy strategy() {
            return new StandardWebSocketUpgradeStrategy();
        }
    }

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("spring-boot-tomcat");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(TomcatIT.class));
        assertThat(new Recipe("spring-boot-4-tomcat-import").onPage("install/embedded.md"))
                .isEqualTo("import " + TomcatServletWebServerFactory.class.getName() + ";");
    }

    @Test
    void repairsAndRefuses() throws Exception {
        try (var context = (ServletWebServerApplicationContext)
                SpringApplication.run(Application.class, "--server.port=0", "--server.address=127.0.0.1")) {
            Story.assertRepairsAndRefuses(context.getWebServer().getPort(), "/echo");
            FirmshakeValve firmshake = context.getBean(FirmshakeValve.class);
            assertThat(firmshake.getRepaired()).isEqualTo(1);
            assertThat(firmshake.getRefused()).isEqualTo(1);
        }
    }
}
