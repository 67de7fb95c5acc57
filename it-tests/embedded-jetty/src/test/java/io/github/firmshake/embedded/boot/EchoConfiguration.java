package io.github.firmshake.embedded.boot;

import io.github.firmshake.heartbeat.HeartbeatText;
import java.io.IOException;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** The application: Spring's own kind of WebSocket at {@code /echo}. */
@Configuration
@EnableWebSocket
class EchoConfiguration implements WebSocketConfigurer {

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new Echo(), "/echo").setAllowedOrigins("*");
    }

    private static final class Echo extends TextWebSocketHandler {

        // snippet: spring
        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
            String reply = HeartbeatText.replyTo(message.getPayload(), HeartbeatText.PREFIX);
            if (reply != null) {
                session.sendMessage(new TextMessage(reply));
                return;
            }
            session.sendMessage(message); // the application's own
        }
        // end
    }
}
