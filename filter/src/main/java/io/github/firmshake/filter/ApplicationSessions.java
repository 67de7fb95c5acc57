package io.github.firmshake.filter;

import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where Tomcat's handler of a WebSocket connection keeps its session and what it knows of it. Most of it is private:
 * looked up once, and where it is not as expected one line says so and no session of an application is pinged. Immutable.
 */
final class ApplicationSessions {

    static final String HANDLER = "org.apache.tomcat.websocket.server.WsHttpUpgradeHandler";

    /** The members by which {@link ApplicationSession} looks at a session. */
    record Members(
            Field session, Field lastRead, Field reader, Field readState, Method counts, Method received, Method sent) {

        static Members of(Class<?> handler) throws ReflectiveOperationException {
            Field session = Reflection.field(handler, "wsSession");
            Field reader = Reflection.field(handler, "wsFrame");
            Method counts = handler.getMethod("getUpgradeInfo");
            return new Members(
                    session,
                    Reflection.field(session.getType(), "lastActiveRead"),
                    reader,
                    Reflection.field(reader.getType(), "readState"),
                    counts,
                    counts.getReturnType().getMethod("getMsgsReceived"),
                    counts.getReturnType().getMethod("getMsgsSent"));
        }
    }

    private final @Nullable Members members;
    private final int timeoutSeconds;

    private ApplicationSessions(@Nullable Members members, int timeoutSeconds) {
        this.members = members;
        this.timeoutSeconds = timeoutSeconds;
    }

    static ApplicationSessions of(Class<?> handler, int timeoutSeconds) {
        try {
            return new ApplicationSessions(Members.of(handler), timeoutSeconds);
        } catch (ReflectiveOperationException | RuntimeException e) {
            new SystemLog(SystemLog.HEARTBEAT)
                    .log(
                            Level.WARNING,
                            "pingSessions=all has no effect on the application's sessions: this Tomcat looks different "
                                    + "inside",
                            e);
            return new ApplicationSessions(null, timeoutSeconds);
        }
    }

    Optional<Pinged> sessionOf(Object handler) {
        return Optional.ofNullable(members).map(known -> new ApplicationSession(known, handler, timeoutSeconds));
    }
}
