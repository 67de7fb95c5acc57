package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.LogCapture;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes the valve's lines out of the logs of the containers that a valve can stand in. */
final class ContainerLines extends Handler {

    private static final String ENGINE = "org.apache.catalina.core.ContainerBase.[Tomcat]";
    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger(ENGINE), Logger.getLogger(ENGINE + ".[localhost]"));

    private static LogCapture capture;

    private ContainerLines() {}

    /** Feeds them to a capture, from the first call on. */
    static synchronized LogCapture into(LogCapture lines) {
        if (capture == null) {
            capture = lines;
            ContainerLines handler = new ContainerLines();
            LOGGERS.get(0).addHandler(handler); // the host's come here too, as to their parent
            debug(false);
        }
        return capture;
    }

    static void debug(boolean on) {
        LOGGERS.forEach(logger -> logger.setLevel(on ? Level.FINE : Level.INFO));
    }

    @Override
    public void publish(LogRecord line) {
        if (!line.getSourceClassName().startsWith("io.github.firmshake.")) {
            return; // Tomcat's own
        }
        String message = line.getMessage();
        boolean configuration = message.startsWith("Firmshake ")
                || message.startsWith("allowedOrigins ")
                || message.startsWith("heartbeat at ");
        System.Logger.Level level = line.getLevel() == Level.FINE
                ? System.Logger.Level.DEBUG
                : System.Logger.Level.valueOf(line.getLevel().getName());
        capture.add("io.github.firmshake." + (configuration ? "config" : "handshake"), level, message);
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public void close() {
        // nothing is open
    }
}
