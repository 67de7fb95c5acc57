package io.github.firmshake.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A JETTY_BASE of its own in {@code target/}, made by Jetty's own command, with one application in it.
 *
 * @param distribution what JETTY_HOME is
 * @param directory what JETTY_BASE is
 */
record JettyBase(JettyDistribution distribution, Path directory) {

    private static final Set<Path> MADE = new HashSet<>();

    /** Makes a fresh one that serves {@link Echo} at {@code /chat/echo}. */
    static JettyBase of(JettyDistribution distribution, String name) throws IOException, InterruptedException {
        JettyBase made = in("template", distribution);
        if (MADE.add(made.directory)) { // once: Jetty's command takes its time
            TomcatBase.delete(made.directory);
            Files.createDirectories(made.directory);
            made.run(Page.JETTY.snippet("base"));
            made.deploy();
        }
        return made.copy(name);
    }

    /** The same with the module installed as the documentation says. */
    static JettyBase installed(JettyDistribution distribution, String name) throws IOException, InterruptedException {
        JettyBase made = in("installed", distribution);
        if (MADE.add(made.directory)) {
            of(distribution, "installed").run(Page.JETTY.snippet("install"));
        }
        return made.copy(name);
    }

    private static JettyBase in(String name, JettyDistribution distribution) {
        return new JettyBase(
                distribution,
                Path.of("target", "bases", distribution + "-" + name).toAbsolutePath());
    }

    private JettyBase copy(String name) throws IOException {
        JettyBase copy = in(name, distribution);
        TomcatBase.delete(copy.directory);
        TomcatBase.copy(directory, copy.directory);
        return copy;
    }

    private void deploy() throws IOException {
        String type = Echo.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(directory.resolve("webapps/chat.war"));
                JarOutputStream war = new JarOutputStream(file);
                InputStream compiled = Echo.class.getResourceAsStream("/" + type)) {
            war.putNextEntry(new JarEntry("WEB-INF/classes/" + type));
            compiled.transferTo(war);
            war.putNextEntry(new JarEntry("index.html"));
            war.write("<p>A page</p>".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Runs commands of the documentation in the directory that holds the downloaded files. */
    JettyBase run(String commands) throws IOException, InterruptedException {
        Downloads.run(commands, environment());
        return this;
    }

    /** Rewrites a file; a change that changes nothing is a mistake of the test. */
    JettyBase edit(String file, UnaryOperator<String> change) throws IOException {
        Path path = directory.resolve(file);
        String before = Files.readString(path);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new AssertionError(file + " is unchanged");
        }
        Files.writeString(path, after);
        return this;
    }

    /** Adds modules, as Jetty's users do. */
    JettyBase modules(String modules) throws IOException, InterruptedException {
        return run("cd \"$JETTY_BASE\"\njava -jar \"$JETTY_HOME/start.jar\" --add-modules=" + modules);
    }

    /** Starts the server and waits until it has started. */
    RunningJetty start(String... properties) throws IOException, InterruptedException {
        return start(Map.of(), properties);
    }

    /** The same with these environment variables too. */
    RunningJetty start(Map<String, String> variables, String... properties) throws IOException, InterruptedException {
        return RunningJetty.start(this, variables, List.of(properties));
    }

    Map<String, String> environment() {
        return Map.of(
                "JETTY_HOME", distribution.home().toString(),
                "JETTY_BASE", directory.toString(),
                "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
    }
}
