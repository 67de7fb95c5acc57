package io.github.firmshake.filter;

import io.github.firmshake.heartbeat.HeartbeatText;
import jakarta.websocket.Session;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Answers the heartbeat of {@code firmshake.js} on an application's own connection, in any Jakarta WebSocket container.
 *
 * <pre>{@code
 * @OnMessage
 * public void onMessage(Session session, String message) {
 *     if (Heartbeat.answer(session, message)) return;
 *     ...
 * }
 * }</pre>
 *
 * <p>A heartbeat is {@code :ping} or {@code :ping TOKEN}; everything else is the application's. Thread-safe.
 */
public final class Heartbeat {

    private Heartbeat() {}

    /**
     * Answers a message if it is a heartbeat. Sends on the calling thread, so it is for endpoints that send from where
     * they receive: on Tomcat two threads that send at once collide, and there {@link #replyTo} leaves the sending to the
     * application. Where the answer cannot be sent nothing is thrown: either another message is under way, which tells
     * the browser as much, or the connection is lost.
     *
     * @return whether it was a heartbeat, so that the application has nothing to do with it
     */
    public static boolean answer(Session session, String message) {
        String reply = replyTo(message);
        if (reply == null) {
            return false;
        }
        try {
            session.getBasicRemote().sendText(reply);
        } catch (IOException | IllegalStateException e) {
            // See above.
        }
        return true;
    }

    /** The text to send in answer to a message, or null where it is no heartbeat. */
    public static @Nullable String replyTo(String message) {
        return HeartbeatText.replyTo(message, HeartbeatText.PREFIX);
    }
}
