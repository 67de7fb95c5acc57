package io.github.firmshake.demo;

import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Shows what is logged, one line a record, between the lines that the demo prints itself. */
final class ConsoleLog extends Handler {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private final PrintStream out;

    private ConsoleLog(PrintStream out) {
        this.out = out;
        setFormatter(new OneLine());
    }

    /** Sends everything that is logged in this process to the stream, Tomcat's chatter left out. */
    static void install(PrintStream out) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.addHandler(new ConsoleLog(out));
        TOMCAT.setLevel(Level.WARNING);
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            out.println(getFormatter().format(entry));
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {}

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            String cause = entry.getThrown() == null ? "" : ": " + entry.getThrown();
            return name(entry.getLevel()) + " " + entry.getLoggerName() + " - " + formatMessage(entry) + cause;
        }

        private static String name(Level level) {
            return switch (level.getName()) {
                case "SEVERE" -> "ERROR";
                case "WARNING" -> "WARN";
                case "INFO" -> "INFO";
                default -> "DEBUG";
            };
        }
    }
}
