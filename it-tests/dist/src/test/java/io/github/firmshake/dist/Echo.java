package io.github.firmshake.dist;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** The whole application that Jetty is given: it knows nothing of Firmshake. */
@ServerEndpoint("/echo")
public final class Echo {

    /** Created by the container. */
    public Echo() {}

    /** Answers a message with itself. */
    @OnMessage
    public String echo(String message) {
        return message;
    }
}
