package io.github.firmshake.it;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Feeds a {@link LogCapture} from java.util.logging, and keeps its lines off the console. */
public final class JulCapture extends Handler {

    private static final Map<java.util.logging.Level, Level> LEVELS = Map.of(
            java.util.logging.Level.FINE, Level.DEBUG,
            java.util.logging.Level.INFO, Level.INFO,
            java.util.logging.Level.WARNING, Level.WARNING,
            java.util.logging.Level.SEVERE, Level.ERROR);

    // java.util.logging holds its loggers weakly: a level set on one that nobody holds gets lost.
    private static final Logger HANDSHAKE = Logger.getLogger("io.github.firmshake.handshake");
    private static final Logger CONFIG = Logger.getLogger("io.github.firmshake.config");
    private static final LogCapture CAPTURE = install();

    private JulCapture() {}

    /** The lines of this process. */
    public static LogCapture lines() {
        return CAPTURE;
    }

    /** Sets whether lines at DEBUG are written. */
    public static void debug(boolean on) {
        HANDSHAKE.setLevel(on ? java.util.logging.Level.FINE : java.util.logging.Level.INFO);
    }

    private static LogCapture install() {
        JulCapture handler = new JulCapture();
        for (Logger logger : List.of(HANDSHAKE, CONFIG)) {
            logger.setUseParentHandlers(false);
            logger.addHandler(handler);
        }
        return handler.capture;
    }

    private final LogCapture capture = new LogCapture();

    @Override
    public void publish(LogRecord line) {
        capture.add(line.getLoggerName(), LEVELS.get(line.getLevel()), line.getMessage());
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
