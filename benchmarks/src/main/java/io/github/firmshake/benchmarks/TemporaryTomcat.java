package io.github.firmshake.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat on a free port of loopback that leaves no folder behind. */
public final class TemporaryTomcat {

    private final Tomcat tomcat = new Tomcat();
    private final Path base;

    /** A server that is yet to be started. */
    public TemporaryTomcat() throws IOException {
        base = Files.createTempDirectory("firmshake-benchmarks");
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
    }

    /** The server. */
    public Tomcat server() {
        return tomcat;
    }

    /** Its port, once started. */
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Stops it. */
    public void end() throws LifecycleException, IOException {
        tomcat.stop();
        tomcat.destroy();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
