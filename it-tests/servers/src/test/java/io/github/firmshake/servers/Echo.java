package io.github.firmshake.servers;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** The whole application: it knows nothing of Firmshake. */
@ServerEndpoint("/ws")
public final class Echo {

    /** Created by the container. */
    public Echo() {}

    /** Answers a message with itself. */
    @OnMessage
    public String echo(String message) {
        return message;
    }
}
