package io.github.firmshake.demo.chat;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The messages that wait for one visitor. Any thread may send; the session sees one message at a time, because a second
 * writer gets an IllegalStateException from Tomcat.
 */
final class Outbox {

    private static final int MOST_WAITING = 100;

    private final Session session;
    private final Queue<String> waiting = new ArrayDeque<>();
    private boolean busy;

    Outbox(Session session) {
        this.session = session;
    }

    void send(String text) {
        boolean full;
        synchronized (this) {
            full = waiting.size() == MOST_WAITING;
            if (!full) {
                waiting.add(text);
                if (busy) {
                    return;
                }
                busy = true;
            }
        }
        if (full) {
            close("reads too slowly");
        } else {
            sendNext();
        }
    }

    private void sendNext() {
        String next;
        synchronized (this) {
            next = waiting.poll();
            busy = next != null;
        }
        if (next == null) {
            return;
        }
        try {
            session.getAsyncRemote().sendText(next, this::sent);
        } catch (IllegalStateException closed) {
            // The visitor left in between. The outbox stays busy, so nothing is tried again.
        }
    }

    private void sent(SendResult result) {
        if (result.isOK()) {
            sendNext();
        }
    }

    private void close(String reason) {
        try {
            session.close(new CloseReason(CloseCodes.VIOLATED_POLICY, reason));
        } catch (IOException lost) {
            // It is closed, then.
        }
    }
}
