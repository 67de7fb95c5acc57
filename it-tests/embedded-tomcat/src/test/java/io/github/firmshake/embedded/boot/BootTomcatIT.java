package io.github.firmshake.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Recipe;
import io.github.firmshake.it.Story;
import io.github.firmshake.tomcat.FirmshakeValve;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The recipe for Spring Boot with Tomcat in {@code docs/install/embedded.md}. */
class BootTomcatIT {

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
    static class Application {}

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("spring-boot-tomcat");
        assertThat(recipe.onPage("install/embedded.md")).isEqualTo(recipe.inSource(BootTomcatIT.class));
    }

    @Test
    void repairsAndRefuses() throws Exception {
        try (var context = (ServletWebServerApplicationContext)
                SpringApplication.run(Application.class, "--server.port=0", "--server.address=127.0.0.1")) {
            Story.assertRepairsAndRefuses(context.getWebServer().getPort(), "/echo");
            FirmshakeValve valve = context.getBean(FirmshakeValve.class);
            assertThat(valve.getRepaired()).isEqualTo(1);
            assertThat(valve.getRefused()).isEqualTo(1);
        }
    }

    /** Has every session pinged, those of Spring's own WebSocket too. */
    static class Pinging implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof FirmshakeValve valve) {
                valve.setProperty("pingSessions", "all");
                valve.setProperty("pingIntervalSeconds", "1");
            }
            return bean;
        }
    }

    @Test
    void theHeartbeatIsThereAndSpringsSessionsArePinged() throws Exception {
        Class<?>[] configuration = {Application.class, Pinging.class};
        String[] arguments = {"--server.port=0", "--server.address=127.0.0.1"};
        try (var context = (ServletWebServerApplicationContext) SpringApplication.run(configuration, arguments)) {
            int port = context.getWebServer().getPort();
            for (String path : new String[] {"/firmshake/heartbeat", "/echo"}) {
                try (RawClient client = RawClient.connect(port)) {
                    assertThat(client.exchange(Story.repairable(path)).status()).isEqualTo(101);
                    Frame frame = client.readFrame();
                    while (frame.opcode() != 9) {
                        frame = client.readFrame();
                    }
                    assertThat(frame.payload()).hasSize(8);
                }
            }
            assertThat(context.getBean(FirmshakeValve.class).getPings()).isGreaterThanOrEqualTo(2);
        }
    }
}
