package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.HandshakeLog;
import java.lang.System.Logger.Level;

/** The platform's logger: java.util.logging unless the server installs another, so it needs no dependency. */
record SystemLog(System.Logger logger) implements HandshakeLog {

    static final String HANDSHAKE = "io.github.firmshake.handshake";
    static final String CONFIG = "io.github.firmshake.config";
    static final String HEARTBEAT = "io.github.firmshake.heartbeat";

    SystemLog(String name) {
        this(System.getLogger(name));
    }

    @Override
    public boolean isLoggable(Level level) {
        return logger.isLoggable(level);
    }

    @Override
    public void log(Level level, String message) {
        logger.log(level, message);
    }
}
