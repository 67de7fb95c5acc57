package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the heartbeat on Tomcat share: a server with filter, valve or both, and its clients. */
abstract class HeartbeatOnTomcat {

    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final String BEAT = "/firmshake/heartbeat";

    enum Adapter {
        FILTER,
        VALVE
    }

    final LogCapture log = JulCapture.lines();
    final List<RawClient> clients = new ArrayList<>();
    TomcatServer server;

    @BeforeEach
    final void forget() {
        HeartbeatApplication.forget();
        log.restOfConfiguration();
        log.restOfHandshakes();
    }

    @AfterEach
    final void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        assertNoThreads();
        log.restOfConfiguration();
        log.restOfHandshakes();
    }

    /** A thread that has nothing more to run may need some moments to end; an idle one would stay for 10 s. */
    static void assertNoThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("firmshake-heartbeat")) {
                thread.join(6_000);
                assertThat(thread.isAlive()).as(thread.getName() + " is left").isFalse();
            }
        }
    }

    Context start(Set<Adapter> adapters, Map<String, String> settings, Class<?>... endpoints) throws Exception {
        return start(new TomcatServer(), adapters, settings, endpoints);
    }

    Context start(TomcatServer fresh, Set<Adapter> adapters, Map<String, String> settings, Class<?>... endpoints)
            throws Exception {
        server = fresh;
        Context context = server.addContext("");
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer(
                (classes, servletContext) -> HeartbeatApplication.install(servletContext, endpoints), null);
        addServlet(context);
        Map<String, String> all = new LinkedHashMap<>(settings);
        if (adapters.contains(Adapter.FILTER)) {
            all.forEach((name, value) -> context.addParameter("firmshake." + name, value));
            context.addApplicationListener(FirmshakeListener.class.getName());
        }
        if (adapters.contains(Adapter.VALVE)) {
            context.getParent().getPipeline().addValve(valve(all));
        }
        server.start(context);
        return context;
    }

    static FirmshakeValve valve(Map<String, String> settings) {
        FirmshakeValve valve = new FirmshakeValve();
        settings.forEach(valve::setProperty);
        return valve;
    }

    // A context without any servlet answers 404 before its filters.
    static void addServlet(Context context) {
        context.addServletContainerInitializer(
                (classes, servletContext) -> servletContext
                        .addServlet("all", new HttpServlet() {
                            private static final long serialVersionUID = 1;

                            @Override
                            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                if (request.getRequestURI().equals("/session")) {
                                    HttpSession session = request.getSession();
                                    response.getWriter().print(session.getId() + " " + session.getLastAccessedTime());
                                } else {
                                    response.sendError(404);
                                }
                            }
                        })
                        .addMapping("/"),
                null);
    }

    RawClient open(String path) throws IOException {
        RawClient client = connect();
        assertThat(client.exchange(handshake(path)).status()).isEqualTo(101);
        return client;
    }

    RawClient connect() throws IOException {
        RawClient client = RawClient.connect(server.port());
        clients.add(client);
        return client;
    }

    static String handshake(String path) {
        return "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n";
    }

    static Frame next(RawClient client, int opcode) throws IOException {
        Frame frame = client.readFrame();
        while (frame.opcode() != opcode) {
            frame = client.readFrame();
        }
        return frame;
    }

    static int code(Frame close) {
        return close.payload().charAt(0) << 8 | close.payload().charAt(1);
    }

    static Map<String, String> all(String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("pingSessions", "all");
        settings.put("pingIntervalSeconds", "1");
        settings.put("pongTimeoutSeconds", "1");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }
}
