package io.github.firmshake.boot;

import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** An application that Spring Security lets nobody see without login, or nobody at all. */
final class Login {

    /** The application without its server and Firmshake. */
    @Configuration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/nobody")
                            .denyAll()
                            .anyRequest()
                            .authenticated())
                    .httpBasic(basic -> {})
                    .csrf(csrf -> csrf.disable())
                    .build();
        }
    }

    private Login() {}

    static ServletWebServerApplicationContext start(Class<?>... more) {
        return (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .sources(more)
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.security.user.name", "anna",
                        "spring.security.user.password", "secret"))
                .run();
    }
}
