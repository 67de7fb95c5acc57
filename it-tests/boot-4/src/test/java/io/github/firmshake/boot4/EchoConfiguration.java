package io.github.firmshake.boot4;

import java.io.IOException;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** The application: Spring's own kind of WebSocket at {@code /echo}. */
@Configuration
@EnableWebSocket
class EchoConfiguration implements WebSocketConfigurer {

    private final RequestUpgradeStrategy server;

    /** Told which server it runs on: the class path has two. */
    EchoConfiguration(RequestUpgradeStrategy server) {
        this.server = server;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new Echo(), "/echo")
                .setAllowedOrigins("*")
                .setHandshakeHandler(new DefaultHandshakeHandler(server));
    }

    private static final class Echo extends TextWebSocketHandler {

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
            session.sendMessage(message);
        }
    }
}
