package io.github.firmshake.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A CATALINA_BASE of its own in {@code target/}: the distribution's configuration, changed only where two servers would
 * be in each other's way, and the {@code examples} application that comes with it.
 *
 * @param distribution what CATALINA_HOME is
 * @param directory what CATALINA_BASE is
 */
record TomcatBase(Distribution distribution, Path directory) {

    /** Makes a fresh one. */
    static TomcatBase of(Distribution distribution, String name) throws IOException {
        Path directory = Path.of("target", "bases", distribution + "-" + name).toAbsolutePath();
        delete(directory);
        for (String folder : List.of("logs", "temp", "work", "webapps")) {
            Files.createDirectories(directory.resolve(folder));
        }
        TomcatBase base = new TomcatBase(distribution, directory);
        copy(distribution.home().resolve("conf"), directory.resolve("conf"));
        base.application("examples");
        base.edit(
                "conf/server.xml",
                xml -> once(
                        once(xml, "<Server port=\"8005\"", "<Server port=\"-1\""),
                        "<Connector port=\"8080\"",
                        "<Connector port=\"0\" address=\"127.0.0.1\""));
        return base;
    }

    /** Installs one of the applications that come with the distribution. */
    TomcatBase application(String name) throws IOException {
        copy(distribution.home().resolve("webapps").resolve(name), directory.resolve("webapps/" + name));
        return this;
    }

    /** Takes an application away from a running server: at once, as that could see it half gone. */
    void undeploy(String name) throws IOException {
        Path gone = directory.resolve("temp/gone");
        Files.move(directory.resolve("webapps").resolve(name), gone);
        delete(gone);
    }

    /** Writes a file that was not there. */
    TomcatBase add(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text, StandardOpenOption.CREATE_NEW);
        return this;
    }

    /** Rewrites a file; a change that changes nothing is a mistake of the test. */
    TomcatBase edit(String file, UnaryOperator<String> change) throws IOException {
        Path path = directory.resolve(file);
        String before = Files.readString(path);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new AssertionError(file + " is unchanged");
        }
        Files.writeString(path, after);
        return this;
    }

    /** Puts text in front of an end tag. */
    TomcatBase insert(String file, String endTag, String text) throws IOException {
        return edit(file, xml -> once(xml, endTag, text + "\n" + endTag));
    }

    /** Runs commands of the documentation in the directory that holds the downloaded jars. */
    TomcatBase run(String commands) throws IOException, InterruptedException {
        Downloads.run(commands, environment());
        return this;
    }

    /** Starts the server and waits until it has started. */
    RunningTomcat start() throws IOException, InterruptedException {
        return start(Map.of());
    }

    /** The same with these environment variables too. */
    RunningTomcat start(Map<String, String> variables) throws IOException, InterruptedException {
        return RunningTomcat.start(this, variables);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("CATALINA_HOME", distribution.home().toString());
        environment.put("CATALINA_BASE", directory.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CATALINA_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"); // starts in half the time
        return environment;
    }

    private static String once(String text, String wanted, String replacement) {
        int at = text.indexOf(wanted);
        if (at < 0) {
            throw new AssertionError("no " + wanted);
        }
        return text.substring(0, at) + replacement + text.substring(at + wanted.length());
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
