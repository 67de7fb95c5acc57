package io.github.firmshake.dist;

/** Lines as Tomcat's own formatter writes them: date, time, level, thread, source, message. */
final class LogLines {

    private LogLines() {}

    /** The line without what is different at every run. */
    static String timeless(String line) {
        return line.replaceFirst("^\\S+ \\S+ (\\w+) \\[\\S+] ", "$1 ");
    }

    /** A line of Jetty's, which has date, time, level, logger, thread, message, without what differs at every run. */
    static String jettyTimeless(String line) {
        return line.replaceFirst("^\\S+ [^:]+:\\d+:[\\d.]+:(\\w+ *:[^:]+):[^:]+:", "$1:");
    }
}
