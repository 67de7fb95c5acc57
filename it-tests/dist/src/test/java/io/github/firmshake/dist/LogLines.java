package io.github.firmshake.dist;

/** Lines as Tomcat's own formatter writes them: date, time, level, thread, source, message. */
final class LogLines {

    private LogLines() {}

    /** The line without what is different at every run. */
    static String timeless(String line) {
        return counted(line.replaceFirst("^\\S+ \\S+ (\\w+) \\[\\S+] ", "$1 "));
    }

    /** A line of Jetty's, which has date, time, level, logger, thread, message, without what differs at every run. */
    static String jettyTimeless(String line) {
        return counted(line.replaceFirst("^\\S+ [^:]+:\\d+:[\\d.]+:(\\w+ *:[^:]+):[^:]+:", "$1:"));
    }

    // Other tests' handshakes on the same path are counted too.
    private static String counted(String line) {
        return line.replaceFirst("\\d+ of \\d+ in 10 min", "N of M in 10 min");
    }
}
