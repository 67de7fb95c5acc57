package io.github.firmshake.it;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to everything that a server says at WARNING and above, and keeps it off the console meanwhile. */
final class LogWatch extends Handler implements AutoCloseable {

    private static final List<String> SERVERS = List.of("org.apache", "org.eclipse.jetty", "io.undertow");
    private static final Logger ROOT = Logger.getLogger("");

    private final Map<Logger, Level> levels = new LinkedHashMap<>();
    private final List<Handler> replaced = List.of(ROOT.getHandlers());
    private final List<String> said = new CopyOnWriteArrayList<>();

    LogWatch() {
        for (String name : SERVERS) {
            Logger logger = Logger.getLogger(name);
            levels.put(logger, logger.getLevel());
            logger.setLevel(Level.WARNING);
        }
        replaced.forEach(ROOT::removeHandler);
        ROOT.addHandler(this);
    }

    /** The lines, each as {@code LEVEL message} and what was thrown. */
    List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public void publish(LogRecord line) {
        said.add(line.getLevel() + " " + line.getMessage()
                + (line.getThrown() == null ? "" : " with a stack trace of " + line.getThrown()));
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public void close() {
        ROOT.removeHandler(this);
        replaced.forEach(ROOT::addHandler);
        levels.forEach(Logger::setLevel);
    }
}
