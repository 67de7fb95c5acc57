package io.github.firmshake.filter;

import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is found in Tomcat's handler of a WebSocket connection. The session's member is private: looked up
 * once, and where it is not as expected one line says so and no session of an application is pinged. Immutable.
 */
final class ApplicationSessions {

    static final String HANDLER = "org.apache.tomcat.websocket.server.WsHttpUpgradeHandler";

    private final @Nullable Field session;
    private final @Nullable Method counts;
    private final int timeoutSeconds;

    private ApplicationSessions(@Nullable Field session, @Nullable Method counts, int timeoutSeconds) {
        this.session = session;
        this.counts = counts;
        this.timeoutSeconds = timeoutSeconds;
    }

    static ApplicationSessions of(Class<?> handler, int timeoutSeconds) {
        try {
            Field session = handler.getDeclaredField("wsSession");
            session.setAccessible(true);
            Reflection.field(session.getType(), "lastActiveRead");
            Reflection.field(handler.getDeclaredField("wsFrame").getType(), "readState");
            Method counts = handler.getMethod("getUpgradeInfo");
            counts.getReturnType().getMethod("getMsgsReceived");
            counts.getReturnType().getMethod("getMsgsSent");
            return new ApplicationSessions(session, counts, timeoutSeconds);
        } catch (ReflectiveOperationException | RuntimeException e) {
            new SystemLog(SystemLog.HEARTBEAT)
                    .log(
                            Level.WARNING,
                            "pingSessions=all has no effect on the application's sessions: this Tomcat looks different "
                                    + "inside (" + e + ")");
            return new ApplicationSessions(null, null, timeoutSeconds);
        }
    }

    Optional<Pinged> sessionOf(Object handler) {
        return session == null || counts == null
                ? Optional.empty()
                : Optional.of(new ApplicationSession(session, counts, handler, timeoutSeconds));
    }
}
