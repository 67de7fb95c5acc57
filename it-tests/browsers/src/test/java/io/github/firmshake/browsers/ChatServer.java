package io.github.firmshake.browsers;

import io.github.firmshake.filter.FirmshakeListener;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * The chat on an embedded Tomcat, with what an operator adds to have its dead visitors noticed: Firmshake's listener and
 * {@code pingSessions=all}. A process of its own, so that it can be stopped; it ends with the one that started it.
 */
final class ChatServer {

    static final int PORT = 8080;
    static final int PING_INTERVAL_SECONDS = 2;
    static final int PONG_TIMEOUT_SECONDS = 5;

    private ChatServer() {}

    /** Takes a directory for Tomcat, and the one that has the pages. */
    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(args[0]);
        Connector connector = new Connector();
        connector.setPort(PORT);
        connector.setThrowOnFailure(true);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", Path.of(args[1]).toString());
        context.addApplicationListener(FirmshakeListener.class.getName());
        context.addParameter("firmshake.pingSessions", "all");
        context.addParameter("firmshake.pingIntervalSeconds", Integer.toString(PING_INTERVAL_SECONDS));
        context.addParameter("firmshake.pongTimeoutSeconds", Integer.toString(PONG_TIMEOUT_SECONDS));
        context.addServletContainerInitializer(new WsSci(), Set.of(ChatEndpoint.class));
        Tomcat.addDefaultMimeTypeMappings(context);
        Tomcat.addServlet(context, "pages", new DefaultServlet()).addMapping("/");
        tomcat.start();
        if (!context.getState().isAvailable()) {
            throw new IllegalStateException("the chat did not start");
        }
        System.out.println(System.currentTimeMillis() + " started");
        System.in.transferTo(System.err);
        System.exit(0);
    }
}
