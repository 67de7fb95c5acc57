package io.github.firmshake.servers;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server as its users unpack it; each differs from its download only in ports and in how often it looks for applications. */
enum Server {
    /** Undertow inside; its own class loaders. */
    WILDFLY("WildFly 38", "WFLYSRV0025", "deployments") {
        @Override
        ProcessBuilder prepare(Path home, Path base, int port) throws IOException {
            Bases.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
            Bases.edit(base.resolve("configuration/standalone.xml"), "scan-interval=\"5000\"", "scan-interval=\"250\"");
            ProcessBuilder builder = new ProcessBuilder(
                    "sh",
                    home.resolve("bin/standalone.sh").toString(),
                    "-Djboss.server.base.dir=" + base,
                    "-Djboss.bind.address=127.0.0.1",
                    "-Djboss.bind.address.management=127.0.0.1",
                    "-Djboss.http.port=" + port,
                    "-Djboss.https.port=0",
                    "-Djboss.management.http.port=0");
            builder.environment().put("JBOSS_HOME", home.toString());
            builder.environment().put("JAVA_OPTS", "-Xmx512m " + QUICK_START);
            return builder;
        }
    },
    /** Grizzly and Tyrus below servlets that were once Tomcat's. */
    PAYARA_MICRO("Payara Micro 6", " ready in ", null) {
        @Override
        ProcessBuilder prepare(Path jar, Path base, int port) throws IOException {
            Path commands = base.resolve("before-boot.txt");
            Files.writeString(
                    commands,
                    "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener"
                            + ".address=127.0.0.1\n");
            List<String> command = new ArrayList<>(List.of(java()));
            command.addAll(List.of(QUICK_START.split(" ")));
            command.addAll(List.of(
                    "-jar",
                    jar.toString(),
                    "--nocluster",
                    "--nohazelcast",
                    "--disablephonehome",
                    "--port",
                    "" + port,
                    "--prebootcommandfile",
                    commands.toString(),
                    "--rootdir",
                    base.resolve("root").toString()));
            return new ProcessBuilder(command);
        }
    },
    /** The same from elsewhere, whole. */
    GLASSFISH("GlassFish 7", "startup time", "domains/domain1/autodeploy") {
        @Override
        ProcessBuilder prepare(Path home, Path base, int port) throws IOException {
            Bases.copy(home.resolve("glassfish/domains/domain1"), base.resolve("domains/domain1"));
            Bases.edit(
                    base.resolve("domains/domain1/config/domain.xml"),
                    "network-listener port=\"8080\"",
                    "network-listener address=\"127.0.0.1\" port=\"" + port + "\"",
                    "network-listener port=\"8181\"",
                    "network-listener enabled=\"false\" port=\"8181\"",
                    "network-listener port=\"4848\"",
                    "network-listener address=\"127.0.0.1\" port=\"" + freePort() + "\"",
                    "address=\"0.0.0.0\" port=\"8686\"",
                    "enabled=\"false\" address=\"127.0.0.1\" port=\"8686\"",
                    "<jvm-options>-Dosgi.shell.telnet.port=6666</jvm-options>",
                    "<jvm-options>-Dosgi.shell.telnet.port=0</jvm-options>");
            return new ProcessBuilder(
                    "sh",
                    home.resolve("glassfish/bin/asadmin").toString(),
                    "start-domain",
                    "--verbose",
                    "--domaindir",
                    base.resolve("domains").toString(),
                    "domain1");
        }
    },
    /** Everything of its own. */
    OPEN_LIBERTY("Open Liberty 26", "CWWKF0011I", "servers/fs/dropins") {
        @Override
        ProcessBuilder prepare(Path home, Path base, int port) throws IOException {
            Files.createDirectories(base.resolve("servers/fs"));
            Files.writeString(base.resolve("servers/fs/server.xml"), """
                    <server>
                      <featureManager><feature>servlet-6.0</feature><feature>websocket-2.1</feature></featureManager>
                      <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="%d" httpsPort="-1"/>
                    </server>
                    """.formatted(port));
            ProcessBuilder builder =
                    new ProcessBuilder("sh", home.resolve("bin/server").toString(), "run", "fs");
            builder.environment().put("WLP_USER_DIR", base.toString());
            builder.environment().put("JVM_ARGS", QUICK_START);
            return builder;
        }

        // Its console shows no INFO.
        @Override
        List<Path> logs(Path base) {
            return List.of(base.resolve("servers/fs/logs/messages.log"));
        }
    },
    /** Tomcat inside. */
    TOMEE("TomEE 9", "Server startup in", "webapps") {
        @Override
        ProcessBuilder prepare(Path home, Path base, int port) throws IOException {
            Bases.copy(home.resolve("conf"), base.resolve("conf"));
            Bases.edit(
                    base.resolve("conf/server.xml"),
                    "<Server port=\"8005\"",
                    "<Server port=\"-1\"",
                    "<Connector port=\"8080\"",
                    "<Connector address=\"127.0.0.1\" port=\"" + port + "\"",
                    "<Engine name=\"Catalina\"",
                    "<Engine backgroundProcessorDelay=\"1\" name=\"Catalina\"");
            for (String folder : List.of("logs", "temp", "work")) {
                Files.createDirectories(base.resolve(folder));
            }
            ProcessBuilder builder =
                    new ProcessBuilder("sh", home.resolve("bin/catalina.sh").toString(), "run");
            builder.environment().put("CATALINA_HOME", home.toString());
            builder.environment().put("CATALINA_BASE", base.toString());
            builder.environment().put("CATALINA_OPTS", QUICK_START);
            return builder;
        }

        // Why an application does not start stands there.
        @Override
        List<Path> logs(Path base) throws IOException {
            try (Stream<Path> logs = Files.list(base.resolve("logs"))) {
                return logs.filter(log -> log.getFileName().toString().startsWith("localhost."))
                        .toList();
            }
        }
    };

    private static final String QUICK_START =
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true";

    private final String column;
    private final String started;
    private final @Nullable String applications;

    Server(String column, String started, @Nullable String applications) {
        this.column = column;
        this.started = started;
        this.applications = applications;
    }

    /** Its column of the page of capabilities. */
    String column() {
        return column;
    }

    /** What it writes to its console when it has started. */
    String started() {
        return started;
    }

    /** Whether applications come and go while it runs, as files of a folder; else it is started with them. */
    boolean redeploys() {
        return applications != null;
    }

    Path applications(Path base) {
        return base.resolve(String.valueOf(applications));
    }

    /** Where it writes what its console does not show. */
    List<Path> logs(Path base) throws IOException {
        return List.of();
    }

    Download download() {
        return new Download(System.getProperty("tests.server." + name()));
    }

    /** Makes a server's own folder, and says how it is started. */
    abstract ProcessBuilder prepare(Path home, Path base, int port) throws IOException;

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A port that nobody listens on, below those that systems give to clients: else a client may take it meanwhile. */
    static int freePort() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < 50; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                last = e;
            }
        }
        throw new IOException("no free port of loopback between 20000 and 32000", last);
    }
}
