package io.github.firmshake.tomcat;

import io.github.firmshake.diagnosis.HandshakeLog;
import java.lang.System.Logger.Level;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;

/**
 * A logger of Tomcat's, with the name that it has on every other server. Not the log of the container that the valve is in:
 * Tomcat writes a host's to a file of its own, and nothing of it to the console.
 */
record TomcatLog(Log log) implements HandshakeLog {

    static final TomcatLog HANDSHAKE = new TomcatLog("io.github.firmshake.handshake");
    static final TomcatLog CONFIG = new TomcatLog("io.github.firmshake.config");

    private TomcatLog(String name) {
        this(LogFactory.getLog(name));
    }

    @Override
    public boolean isLoggable(Level level) {
        return switch (level) {
            case ERROR -> log.isErrorEnabled();
            case WARNING -> log.isWarnEnabled();
            case INFO -> log.isInfoEnabled();
            default -> log.isDebugEnabled();
        };
    }

    @Override
    public void log(Level level, String message) {
        switch (level) {
            case ERROR -> log.error(message);
            case WARNING -> log.warn(message);
            case INFO -> log.info(message);
            default -> log.debug(message);
        }
    }
}
