package io.github.firmshake.benchmarks.heartbeat;

import com.sun.management.OperatingSystemMXBean;
import io.github.firmshake.benchmarks.TemporaryTomcat;
import io.github.firmshake.benchmarks.WireBenchmark;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.jetty.FirmshakeHandler;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.http.HttpServlet;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/** The process that serves: one container, until its standard input ends, so that it does not outlive who started it. */
final class ServerMain {

    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private ServerMain() {}

    /** Starts a server, says its port, and answers questions. Arguments: a variant's label, how many connections. */
    public static void main(String[] args) throws Exception {
        TOMCAT.setLevel(Level.SEVERE);
        Variant variant = Variant.of(args[0]);
        int port = variant.reference() == Variant.TOMCAT_OWN
                ? startTomcat(variant, Integer.parseInt(args[1]))
                : startJetty(variant);
        say("port " + port);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String question = in.readLine(); question != null; question = in.readLine()) {
            say(question.equals("memory") ? memory() : "cpu " + cpu());
        }
        System.exit(0); // runs Tomcat's hook; its acceptor is no daemon
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static String memory() throws InterruptedException {
        for (int i = 0; i < 4; i++) { // what is finalized or cleaned is free after the next
            System.gc();
            Thread.sleep(100);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return "memory " + heap + " " + direct;
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    // All as Tomcat sets it, but for the limit of 8,192 connections. Twice as many sessions as there will be: all come
    // from one address.
    private static int startTomcat(Variant variant, int connections) throws Exception {
        TemporaryTomcat tomcat = new TemporaryTomcat();
        tomcat.server().getConnector().setProperty("maxConnections", Integer.toString(connections));
        Context context = tomcat.server().addContext("", null);
        Tomcat.addServlet(context, "none", new None()).addMapping("/"); // without any, filters are not called
        context.addServletContainerInitializer(new WsSci(), Set.of(WireBenchmark.Echo.class));
        if (variant == Variant.TOMCAT_FILTER) {
            context.addApplicationListener(FirmshakeListener.class.getName());
            context.addParameter("firmshake.heartbeatMaxSessions", Integer.toString(2 * connections));
        } else if (variant == Variant.TOMCAT_VALVE) {
            FirmshakeValve valve = new FirmshakeValve();
            valve.setProperty("heartbeatMaxSessions", Integer.toString(2 * connections));
            tomcat.server().getHost().getPipeline().addValve(valve);
        }
        tomcat.server().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(tomcat)));
        return tomcat.port();
    }

    private static void end(TemporaryTomcat tomcat) {
        try {
            tomcat.end();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int startJetty(Variant variant) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebSocketUpgradeHandler upgrade = new WebSocketUpgradeHandler();
        upgrade.getConfiguration().setIdleTimeout(Duration.ofMinutes(10));
        upgrade.addMapping("/echo", (request, response, callback) -> new CoreEcho());
        server.setHandler(upgrade);
        if (variant == Variant.JETTY_HANDLER) {
            FirmshakeHandler handler = new FirmshakeHandler();
            handler.setHeartbeatMaxSessions("999999");
            FirmshakeHandler.install(server, handler);
        }
        server.start();
        return connector.getLocalPort();
    }

    @SuppressWarnings("serial") // nobody serializes a servlet
    private static final class None extends HttpServlet {}

    /** The least that echoes text on Jetty's core. */
    private static final class CoreEcho implements FrameHandler {
        private CoreSession session;

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session = opened;
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            if (frame.getOpCode() == OpCode.TEXT) {
                Frame echo = new Frame(OpCode.TEXT, frame.getPayload()); // unmasked by now
                session.sendFrame(echo, callback, false);
            } else {
                callback.succeeded();
            }
            if (frame.getOpCode() != OpCode.CLOSE) {
                session.demand();
            }
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
