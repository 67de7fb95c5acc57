package io.github.firmshake.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeFilter;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import io.github.firmshake.tomcat.FirmshakeValve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.websocket.servlet.WebSocketServletAutoConfiguration;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Firmshake beside Spring Security, in every installation that the pages have. */
class SecurityIT {

    enum Installation {
        TOMCAT_VALVE(true, TomcatWithValve.class),
        JETTY_HANDLER(true, JettyWithHandler.class),
        TOMCAT_FILTER(true, Tomcat.class, FilterBean.class),
        UNDERTOW_FILTER(false, Undertow.class, FilterBean.class),
        UNDERTOW_INITIALIZER(false, Undertow.class, LateInitializer.class);

        private final boolean beatsWithoutLogin;
        private final Class<?>[] configuration;

        Installation(boolean beatsWithoutLogin, Class<?>... configuration) {
            this.beatsWithoutLogin = beatsWithoutLogin;
            this.configuration = configuration;
        }
    }

    @Configuration
    static class Tomcat {
        @Bean
        TomcatServletWebServerFactory server() {
            return new TomcatServletWebServerFactory();
        }
    }

    @Configuration
    static class Undertow {
        @Bean
        UndertowServletWebServerFactory server() {
            return new UndertowServletWebServerFactory();
        }
    }

    @Configuration
    static class TomcatWithValve {
        @Bean
        TomcatServletWebServerFactory server() {
            TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
            factory.addEngineValves(new FirmshakeValve());
            return factory;
        }
    }

    // The class path has the WebSocket of three servers, which Spring Boot sets up for one of them.
    @Configuration
    @EnableAutoConfiguration(exclude = WebSocketServletAutoConfiguration.class)
    static class JettyWithHandler {
        @Bean
        JettyServletWebServerFactory server() {
            JettyServletWebServerFactory factory = new JettyServletWebServerFactory();
            factory.addServerCustomizers(server -> FirmshakeHandler.install(server, new FirmshakeHandler()));
            return factory;
        }
    }

    @Configuration
    static class FilterBean {
        @Bean
        FilterRegistrationBean<FirmshakeFilter> firmshake() {
            FilterRegistrationBean<FirmshakeFilter> bean = new FilterRegistrationBean<>(new FirmshakeFilter());
            bean.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return bean;
        }
    }

    @Configuration
    static class FilterBeanBehind {
        @Bean
        FilterRegistrationBean<FirmshakeFilter> firmshake() {
            return new FilterRegistrationBean<>(new FirmshakeFilter());
        }
    }

    /** Registers our filter when those of Spring are there. */
    @Configuration
    static class LateInitializer {
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        ServletContextInitializer firmshake() {
            return context -> new io.github.firmshake.filter.FirmshakeInitializer().onStartup(null, context);
        }
    }

    private static final LogCapture LOG = JulCapture.lines();

    @BeforeEach
    void forget() {
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    @ParameterizedTest
    @EnumSource
    void handshakesThatSecurityAnswersLeaveALine(Installation installation) throws Exception {
        try (var context = Login.start(installation.configuration)) {
            int port = context.getWebServer().getPort();
            assertThat(answer(port, Story.stripped("/chat"))).isEqualTo(401);
            assertThat(LOG.nextHandshake())
                    .startsWith("WARNING HOP_BY_HOP_STRIPPED ")
                    .contains("/chat")
                    .contains("answered 401");
            assertThat(answer(port, withLogin(Story.stripped("/nobody")))).isEqualTo(403);
            assertThat(LOG.nextHandshake())
                    .startsWith("WARNING HOP_BY_HOP_STRIPPED ")
                    .contains("/nobody")
                    .contains("answered 403");
        }
    }

    @Test
    void onUndertowTheStartLineSaysWhereTheFilterStands() throws Exception {
        try (var context = Login.start(Undertow.class, LateInitializer.class)) {
            assertThat(context.isRunning()).isTrue();
            assertThat(LOG.nextConfiguration()).contains("; stands before every filter");
        }
        try (var context = Login.start(Undertow.class, FilterBeanBehind.class)) {
            answer(context.getWebServer().getPort(), withLogin(Story.stripped("/chat"))); // starts Undertow's filters
            assertThat(LOG.nextConfiguration())
                    .contains("; stands behind other filters, so a handshake that one of them answers leaves no line");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whetherTheHeartbeatWantsALogin(Installation installation) throws Exception {
        try (var context = Login.start(installation.configuration)) {
            int port = context.getWebServer().getPort();
            String beat = Story.repairable("/firmshake/heartbeat").replace("Connection: close", "Connection: Upgrade");
            assertThat(answer(port, beat)).isEqualTo(installation.beatsWithoutLogin ? 101 : 401);
        }
    }

    /** The switch that the pages name. */
    @Configuration
    static class ValveWithoutHeartbeat {
        @Bean
        TomcatServletWebServerFactory server() {
            FirmshakeValve valve = new FirmshakeValve();
            valve.setProperty("heartbeatPath", "");
            TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
            factory.addEngineValves(valve);
            return factory;
        }
    }

    @Test
    void withAnEmptyHeartbeatPathTheHeartbeatIsSecuritysToo() throws Exception {
        try (var context = Login.start(ValveWithoutHeartbeat.class)) {
            String beat = Story.repairable("/firmshake/heartbeat").replace("Connection: close", "Connection: Upgrade");
            assertThat(answer(context.getWebServer().getPort(), beat)).isEqualTo(401);
        }
    }

    private static String withLogin(String request) {
        String login = Base64.getEncoder().encodeToString("anna:secret".getBytes(StandardCharsets.US_ASCII));
        return request.replace("\n\n", "\nAuthorization: Basic " + login + "\n\n");
    }

    private static int answer(int port, String request) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange(request).status();
        }
    }
}
