package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.NameCase;
import io.github.firmshake.it.Container.Running;
import io.github.firmshake.it.Container.StartFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Host;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.modeler.Registry;

/** An embedded Tomcat with one application, on two free ports of loopback: one for HTTP/1.x, one for HTTP/2 too. */
final class TomcatServer implements Running {

    // Held, since java.util.logging would forget its level otherwise.
    private static final Logger QUIET = Logger.getLogger("org.apache");
    private static final Logger CONTEXTS = Logger.getLogger("org.apache.catalina.core.ContainerBase");
    private static final BlockingQueue<Throwable> FAILURES = new LinkedBlockingQueue<>();

    static {
        QUIET.setLevel(Level.WARNING);
        CONTEXTS.setUseParentHandlers(false);
        CONTEXTS.addHandler(new FailureCatcher());
        Registry.disableRegistry(); // several servers in one process would have the same names there
    }

    private final Path directory;
    private final Tomcat tomcat = new Tomcat();
    private final Connector http1;
    private final Connector http2 = connector("HTTP/1.1");

    TomcatServer() {
        this("HTTP/1.1");
    }

    /** One whose connector for HTTP/1.x is of this kind, as {@code server.xml} names them. */
    TomcatServer(String protocol) {
        http1 = connector(protocol);
        try {
            directory = Files.createTempDirectory("firmshake-tomcat");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tomcat.setBaseDir(directory.toString());
        http2.addUpgradeProtocol(new Http2Protocol());
        tomcat.setConnector(http1);
        tomcat.getService().addConnector(http2);
    }

    private static Connector connector(String protocol) {
        Connector connector = new Connector(protocol);
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        connector.setThrowOnFailure(true);
        return connector;
    }

    /** The line of versions, such as {@code Tomcat 10.1}. */
    static String line() {
        return "Tomcat " + ServerInfo.getServerNumber().replaceFirst("^(10\\.\\d+|\\d+)\\..*", "$1");
    }

    /** What no adapter can do on Tomcat. */
    static Map<Limit, String> limits() {
        Map<Limit, String> limits = new EnumMap<>(Limit.class);
        limits.put(Limit.EXTENDED_CONNECT, "Tomcat offers no WebSocket over HTTP/2");
        if (nameCase() == NameCase.LOST) {
            limits.put(Limit.CASE_OF_NAMES, "Tomcat 10.1 makes field names lower case");
        }
        return limits;
    }

    static NameCase nameCase() {
        return line().equals("Tomcat 10.1") ? NameCase.LOST : NameCase.CAPITALS_ONLY;
    }

    Host host() {
        return tomcat.getHost();
    }

    Engine engine() {
        return tomcat.getEngine();
    }

    /** Gives the connector for HTTP/1.x as little room for what clients have not read yet. */
    void sendBufferSize(int bytes) {
        http1.setProperty("socket.txBufSize", String.valueOf(bytes));
    }

    /** Takes clients' addresses from X-Forwarded-For, since requests come over loopback. */
    void believeForwardedFor() {
        tomcat.getEngine().getPipeline().addValve(new RemoteIpValve());
    }

    /** An application without web.xml and without anything of Tomcat's own in it. */
    Context addContext(String path) {
        return tomcat.addContext(path, directory.toString());
    }

    /** An application with this web.xml. */
    Context addWebapp(String path, String webXml) throws IOException {
        File webapp = Files.createDirectories(directory.resolve("webapp/WEB-INF"))
                .getParent()
                .toFile();
        Files.writeString(webapp.toPath().resolve("WEB-INF/web.xml"), webXml);
        tomcat.setAddDefaultWebXmlToWebapp(false);
        return tomcat.addWebapp(path, webapp.toString());
    }

    /** Starts; where the application does not, stops again and tells what Tomcat logged about it. */
    TomcatServer start(Context context) throws StartFailure {
        FAILURES.clear();
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            close();
            throw new StartFailure(innermost(e).getMessage());
        }
        if (!context.getState().isAvailable()) {
            Throwable failure = FAILURES.poll();
            close();
            throw new StartFailure(failure == null ? "no failure was logged" : failure.getMessage());
        }
        return this;
    }

    // Each container wraps what its child failed with; the log has the whole chain.
    private static LifecycleException innermost(LifecycleException failure) {
        LifecycleException innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LifecycleException lifecycle) {
                innermost = lifecycle;
            }
        }
        return innermost;
    }

    @Override
    public int port() {
        return http1.getLocalPort();
    }

    @Override
    public int http2Port() {
        return http2.getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            delete();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Keeps what an application failed with, and keeps it off the console: it is what the test wants. */
    private static final class FailureCatcher extends Handler {
        @Override
        public void publish(LogRecord line) {
            if (line.getThrown() != null) {
                FAILURES.add(line.getThrown());
            }
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
}
