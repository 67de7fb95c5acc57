package io.github.firmshake.tomcat;

import io.github.firmshake.diagnosis.HandshakeLog;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.apache.juli.logging.Log;

/** The log of the container that the valve stands in: operators look there. */
record ContainerLog(Supplier<Log> container) implements HandshakeLog {

    @Override
    public boolean isLoggable(Level level) {
        return switch (level) {
            case WARNING -> container.get().isWarnEnabled();
            case INFO -> container.get().isInfoEnabled();
            default -> container.get().isDebugEnabled();
        };
    }

    @Override
    public void log(Level level, String message) {
        switch (level) {
            case WARNING -> container.get().warn(message);
            case INFO -> container.get().info(message);
            default -> container.get().debug(message);
        }
    }
}
