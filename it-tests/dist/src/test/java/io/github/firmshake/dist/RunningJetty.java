package io.github.firmshake.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Jetty started by its own command. */
final class RunningJetty extends RunningServer {

    // What a connector is named, and what it speaks, stands in the first pair of braces.
    private static final String CONNECTOR = "Started \\S*ServerConnector@\\w+\\{%s, [^{}]*}\\{127\\.0\\.0\\.1:(\\d+)}";
    private static final Pattern CHOSEN_PORT = Pattern.compile(CONNECTOR.formatted("(?i:http/1\\.1|\\[proxy].*?)"));
    private static final Pattern TLS_PORT = Pattern.compile(CONNECTOR.formatted("(?i:ssl)"));

    private RunningJetty(JettyBase base, Process process) throws InterruptedException {
        super(process, console(base), "Started oejs.Server@", CHOSEN_PORT, "Stopped oejs.Server@");
    }

    static RunningJetty start(JettyBase base, Map<String, String> variables, List<String> properties)
            throws IOException, InterruptedException {
        return new RunningJetty(base, process(base, variables, properties));
    }

    /** Starts a server that is to end by itself, and returns what it wrote. */
    static String startInVain(JettyBase base, String... properties) throws IOException, InterruptedException {
        return awaitEnd(process(base, Map.of(), List.of(properties)), console(base));
    }

    private static Process process(JettyBase base, Map<String, String> variables, List<String> properties)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String start = base.distribution().home().resolve("start.jar").toString();
        List<String> command =
                new ArrayList<>(List.of(java, "-jar", start, "jetty.http.host=127.0.0.1", "jetty.http.port=0"));
        command.addAll(properties);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(base.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(console(base).toFile());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static Path console(JettyBase base) {
        return base.directory().resolve("console.txt");
    }

    /** The port of the connector that speaks TLS. */
    int tlsPort() {
        Matcher chosen = TLS_PORT.matcher(console());
        if (!chosen.find()) {
            throw new AssertionError("no port for TLS in " + console());
        }
        return Integer.parseInt(chosen.group(1));
    }
}
