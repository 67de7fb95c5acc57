package io.github.firmshake.browsers;

import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A chat room as there are many: whatever one visitor sends, every visitor receives, and comings and goings are written
 * down. Knows nothing of Firmshake.
 */
@ServerEndpoint("/chat")
public class ChatEndpoint {

    private static final Set<Session> ROOM = ConcurrentHashMap.newKeySet();

    @OnOpen
    public void enter(Session session) {
        ROOM.add(session);
        write("enter " + name(session));
    }

    @OnMessage
    public void say(String text) {
        for (Session visitor : ROOM) {
            synchronized (visitor) {
                try {
                    visitor.getBasicRemote().sendText(text);
                } catch (IOException | IllegalStateException gone) {
                    // The container calls leave() for this one; the others are to hear it all the same.
                }
            }
        }
    }

    @OnClose
    public void leave(Session session, CloseReason reason) {
        ROOM.remove(session);
        write("leave " + name(session) + " " + reason.getCloseCode().getCode() + " " + reason.getReasonPhrase());
    }

    /** A visitor whose connection broke; the container calls {@link #leave} next. */
    @OnError
    public void lost(Throwable cause) {}

    private static String name(Session session) {
        return session.getRequestParameterMap().get("name").get(0);
    }

    private static void write(String what) {
        System.out.println(System.currentTimeMillis() + " " + what);
    }
}
