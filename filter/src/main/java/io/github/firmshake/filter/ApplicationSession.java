package io.github.firmshake.filter;

import io.github.firmshake.filter.ApplicationSessions.Members;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session of an application on Tomcat. It is only looked at: frames are counted by Tomcat itself, and the one handler
 * for Pongs that a session may have stays free for the application.
 */
final class ApplicationSession implements Pinged {

    private static final String SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
    private static final String CLOSE_TIMEOUT = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

    private final Members members;
    private final WeakReference<Object> handler; // what Tomcat has forgotten is closed
    private final long timeoutMillis;
    private final AtomicLong excuses = new AtomicLong();
    private volatile boolean pingSent = true;

    ApplicationSession(Members members, Object handler, int timeoutSeconds) {
        this.members = members;
        this.handler = new WeakReference<>(handler);
        timeoutMillis = timeoutSeconds * 1000L;
    }

    @Override
    public boolean isReady() {
        return session() != null;
    }

    // Null until the 101 is out, and where the session is not there any more.
    private @Nullable Session session() {
        Object known = handler.get();
        try {
            return known == null ? null : (Session) members.session().get(known);
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    @Override
    public boolean isOpen() {
        Session session = session();
        return session == null ? handler.get() != null : session.isOpen();
    }

    @Override
    public long framesReceived() {
        return count(members.received());
    }

    /**
     * Tomcat notes when it has read something last, be it a part of a frame. While it does not read, because the endpoint
     * is at work on a message, the client's silence proves nothing, unless it takes in nothing either.
     */
    @Override
    public long signsOfLife() {
        Object known = handler.get();
        Session session = session();
        long signs = framesReceived();
        try {
            if (known != null && session != null) {
                Object reader = members.reader().get(known);
                boolean reads = reader == null
                        || members.readState().get(reader).toString().equals("WAITING");
                signs += members.lastRead().getLong(session);
                signs += reads || !pingSent ? excuses.get() : excuses.incrementAndGet();
            }
        } catch (IllegalAccessException e) {
            // made accessible when they were looked up
        }
        return signs;
    }

    @Override
    public long framesSent() {
        return count(members.sent());
    }

    private long count(Method direction) {
        Object known = handler.get();
        try {
            return known == null ? 0 : (long) direction.invoke(members.counts().invoke(known));
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }

    @Override
    public long idleLimitNanos() {
        try {
            Session session = session();
            return session == null ? 0 : TimeUnit.MILLISECONDS.toNanos(session.getMaxIdleTimeout());
        } catch (IllegalStateException e) { // closed at this moment
            return 0;
        }
    }

    @Override
    public void ping(byte[] payload) throws IOException {
        Session session = session();
        if (session != null) {
            // Only while we send: the application's own messages keep the time that they have.
            Map<String, Object> properties = session.getUserProperties();
            Object mine = Long.valueOf(timeoutMillis);
            Object others = properties.putIfAbsent(SEND_TIMEOUT, mine);
            try {
                pingSent = false;
                session.getBasicRemote().sendPing(ByteBuffer.wrap(payload));
                pingSent = true;
            } finally {
                if (others == null) {
                    properties.remove(SEND_TIMEOUT, mine);
                }
            }
        }
    }

    @Override
    public void close(int code, String reason) {
        Session session = session();
        if (session != null && session.isOpen()) {
            try {
                // Nobody is there to take the Close or to answer it: else Tomcat holds the socket for 38 s.
                session.getUserProperties().put(SEND_TIMEOUT, 1000L);
                session.getUserProperties().put(CLOSE_TIMEOUT, 1000L);
                session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
            } catch (IOException e) {
                // The connection is lost already.
            }
        }
    }

    @Override
    public void stop() {
        // Its container closes it.
    }
}
