package io.github.firmshake.demo;

import io.github.firmshake.demo.chat.ChatEndpoint;
import io.github.firmshake.filter.FirmshakeListener;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.WebResourceRoot;
import org.apache.catalina.WebResourceRoot.ResourceSetType;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * The chat on an embedded Tomcat, and the one line that an operator adds, in {@link #application}: Firmshake's listener.
 * The chat's page has the script, and its endpoint a line that answers it; of handshakes they know nothing.
 */
final class ChatServer implements AutoCloseable {

    private final Tomcat tomcat;
    private final Path directory;

    private ChatServer(Tomcat tomcat, Path directory) {
        this.tomcat = tomcat;
        this.directory = directory;
    }

    static ChatServer start(int port) throws IOException, LifecycleException {
        Path directory = Files.createTempDirectory("firmshake-demo");
        ChatServer server = new ChatServer(new Tomcat(), directory);
        try {
            server.start(port, directory);
            return server;
        } catch (LifecycleException e) {
            server.close();
            throw e;
        }
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    private void start(int port, Path base) throws LifecycleException {
        tomcat.setBaseDir(base.toString());
        Connector connector = new Connector();
        connector.setProperty("address", Loopback.ADDRESS);
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        tomcat.setConnector(connector);
        Context context = application(tomcat);
        tomcat.start();
        if (!context.getState().isAvailable()) {
            throw new LifecycleException("the chat application did not start");
        }
    }

    private static Context application(Tomcat tomcat) {
        Context context = tomcat.addContext("", null);
        context.setParentClassLoader(ChatServer.class.getClassLoader()); // in Maven it is not the system's
        context.addApplicationListener(FirmshakeListener.class.getName());
        context.addParameter("firmshake.logLimitPerMinute", "0"); // so that every attempt shows its line
        // The chat's own sessions too. 25 and 20 s are the defaults; nobody wants to wait for them in a demo.
        context.addParameter("firmshake.pingSessions", "all");
        context.addParameter("firmshake.pingIntervalSeconds", "2");
        context.addParameter("firmshake.pongTimeoutSeconds", "3");
        context.addServletContainerInitializer(new WsSci(), Set.of(ChatEndpoint.class));
        context.setResources(pages(context));
        context.addWelcomeFile("index.html");
        Tomcat.addDefaultMimeTypeMappings(context);
        Tomcat.addServlet(context, "pages", new DefaultServlet()).addMapping("/");
        return context;
    }

    /** The folder webapp of this jar, or of the class folder that this runs from. */
    private static WebResourceRoot pages(Context context) {
        WebResourceRoot pages = new StandardRoot(context);
        URL here = ChatServer.class.getProtectionDomain().getCodeSource().getLocation();
        pages.createWebResourceSet(ResourceSetType.PRE, "/", here, "/webapp");
        return pages;
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            // It ends with the process.
        }
        delete(directory);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // A temporary directory: the system clears it.
        }
    }
}
