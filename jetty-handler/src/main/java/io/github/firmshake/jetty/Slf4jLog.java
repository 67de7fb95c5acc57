package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.HandshakeLog;
import java.lang.System.Logger.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's own logger. */
record Slf4jLog(Logger logger) implements HandshakeLog {

    static final String HANDSHAKE = "io.github.firmshake.handshake";
    static final String CONFIG = "io.github.firmshake.config";

    Slf4jLog(String name) {
        this(LoggerFactory.getLogger(name));
    }

    @Override
    public boolean isLoggable(Level level) {
        return switch (level) {
            case ERROR -> logger.isErrorEnabled();
            case WARNING -> logger.isWarnEnabled();
            case INFO -> logger.isInfoEnabled();
            default -> logger.isDebugEnabled();
        };
    }

    @Override
    public void log(Level level, String message) {
        switch (level) {
            case ERROR -> logger.error(message);
            case WARNING -> logger.warn(message);
            case INFO -> logger.info(message);
            default -> logger.debug(message);
        }
    }
}
