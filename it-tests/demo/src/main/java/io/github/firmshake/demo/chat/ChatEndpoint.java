package io.github.firmshake.demo.chat;

import io.github.firmshake.filter.Heartbeat;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

/**
 * A chat room: whatever one visitor sends, every visitor receives. The heartbeat in the browser wants an answer, in
 * {@link #say}; otherwise this knows nothing of Firmshake.
 */
@ServerEndpoint("/chat")
public class ChatEndpoint {

    private static final Logger LOG = Logger.getLogger("chat");
    private static final Map<Session, Outbox> ROOM = new ConcurrentHashMap<>();
    private static final AtomicInteger GIVEN_UP = new AtomicInteger();

    private Outbox outbox; // each visitor has an endpoint of its own

    @OnOpen
    public void enter(Session session) {
        outbox = new Outbox(session);
        ROOM.put(session, outbox);
    }

    @OnMessage
    public void say(String text) {
        String pong = Heartbeat.replyTo(text); // not Heartbeat.answer: all that is sent here goes through outboxes
        if (pong != null) {
            outbox.send(pong);
        } else {
            ROOM.values().forEach(each -> each.send(text));
        }
    }

    @OnClose
    public void leave(Session session, CloseReason reason) {
        ROOM.remove(session);
        if (reason.getCloseCode() == CloseCodes.UNEXPECTED_CONDITION) { // 1011: neither the visitor's wish nor ours
            GIVEN_UP.incrementAndGet();
            LOG.info("a visitor is gone: 1011 " + reason.getReasonPhrase());
        }
    }

    /** A visitor whose connection broke; the container calls {@link #leave} next. */
    @OnError
    public void lost(Throwable cause) {}

    /** How many are in the room. */
    public static int visitors() {
        return ROOM.size();
    }

    /** How many connections were closed because they gave no sign of life. */
    public static int givenUp() {
        return GIVEN_UP.get();
    }
}
