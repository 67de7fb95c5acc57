package io.github.firmshake.demo.chat;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A chat room: whatever one visitor sends, every visitor receives. Knows nothing of Firmshake. */
@ServerEndpoint("/chat")
public class ChatEndpoint {

    private static final Map<Session, Outbox> ROOM = new ConcurrentHashMap<>();

    @OnOpen
    public void enter(Session session) {
        ROOM.put(session, new Outbox(session));
    }

    @OnMessage
    public void say(String text) {
        ROOM.values().forEach(outbox -> outbox.send(text));
    }

    @OnClose
    public void leave(Session session) {
        ROOM.remove(session);
    }

    /** A visitor whose connection broke; the container calls {@link #leave} next. */
    @OnError
    public void lost(Throwable cause) {}
}
