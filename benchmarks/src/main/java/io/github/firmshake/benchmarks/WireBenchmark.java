package io.github.firmshake.benchmarks;

import io.github.firmshake.jetty.FirmshakeHandler;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole servers over loopback, with and without Firmshake: a valid handshake on a connection of its own, and an ordinary
 * page on one that is kept alive. The ratio is what counts; the client shares the machine.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class WireBenchmark {

    private static final byte[] HANDSHAKE = bytes("""
            GET /echo HTTP/1.1
            Host: app.example.com
            Connection: Upgrade
            Pragma: no-cache
            Cache-Control: no-cache
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Upgrade: websocket
            Origin: https://app.example.com
            Sec-WebSocket-Version: 13
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """);
    private static final byte[] PAGE = bytes(PassThroughBenchmark.PAGE);
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    /** The server, and what is in front of its application. */
    @Param({"tomcat", "tomcat, valve", "jetty", "jetty, handler"})
    public String server;

    private AutoCloseable running;
    private int port;
    private Socket keptAlive;

    /** Starts the server. */
    @Setup
    public void start() throws Exception {
        TOMCAT.setLevel(Level.SEVERE);
        if (server.startsWith("tomcat")) {
            startTomcat(server.endsWith("valve"));
        } else {
            startJetty(server.endsWith("handler"));
        }
        keptAlive = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private void startTomcat(boolean valve) throws Exception {
        TemporaryTomcat tomcat = new TemporaryTomcat();
        Context context = tomcat.server().addContext("", null);
        Tomcat.addServlet(context, "page", new Page()).addMapping("/");
        context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
        if (valve) {
            tomcat.server().getHost().getPipeline().addValve(new FirmshakeValve());
        }
        tomcat.server().start();
        port = tomcat.port();
        running = tomcat::end;
    }

    private void startJetty(boolean handler) throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(
                jetty, container -> container.addMapping("/echo", (request, response, callback) -> new JettyEcho()));
        upgrade.setHandler(new JettyPage());
        jetty.setHandler(upgrade);
        if (handler) {
            FirmshakeHandler.install(jetty);
        }
        jetty.start();
        port = connector.getLocalPort();
        running = jetty::stop;
    }

    /** Stops the server. */
    @TearDown
    public void stop() throws Exception {
        keptAlive.close();
        running.close();
    }

    /** One handshake. */
    @Benchmark
    public int handshake() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0); // else the machine runs out of ports
            return exchange(socket, HANDSHAKE, '1');
        }
    }

    /** One page. */
    @Benchmark
    public int page() throws IOException {
        return exchange(keptAlive, PAGE, '2');
    }

    private static int exchange(Socket socket, byte[] request, char status) throws IOException {
        socket.getOutputStream().write(request);
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
        int ends = 0;
        int length = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            if (++length == 10 && next != status) {
                throw new IOException("status starts with " + (char) next);
            }
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
        }
        return length;
    }

    private static byte[] bytes(String head) {
        return head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The endpoint on Tomcat. */
    @ServerEndpoint("/echo")
    public static final class Echo {
        /** Answers a message with itself. */
        @OnMessage
        public String echo(String message) {
            return message;
        }

        /** Keeps quiet: Tomcat would write a stack trace for every connection that is reset, and be measured by that. */
        @OnError
        public void onError(Throwable cause) {
            // the client resets every one
        }
    }

    /** The endpoint on Jetty. */
    @WebSocket
    public static final class JettyEcho {
        /** Swallows a message. */
        @OnWebSocketMessage
        public void onMessage(String message) {
            // none is sent
        }
    }

    @SuppressWarnings("serial") // nobody serializes a servlet
    private static final class Page extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(204);
        }
    }

    private static final class JettyPage extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(204);
            callback.succeeded();
            return true;
        }
    }
}
