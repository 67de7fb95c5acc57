package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Response;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/**
 * A Jetty whose internal connection class cannot be reached, as under OSGi or with modules that do not export it; and one
 * that has no WebSocket.
 */
class HiddenInternalsIT {

    private final LogCapture log = JulCapture.lines();

    @Test
    void diagnosisAndTheOtherRepairsStayAndOneLineSaysWhy() throws Exception {
        log.restOfConfiguration();
        log.restOfHandshakes();
        Server server = EchoServer.of(EchoServer.Kind.CORE);
        new Hiding("org.eclipse.jetty.server.internal.")
                .loadClass(FirmshakeHandler.class.getName())
                .getMethod("install", Server.class)
                .invoke(null, server);
        server.start();
        try {
            assertThat(log.nextConfiguration()).endsWith("; stands before every handler");
            assertThat(log.restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING handshakes whose Connection lacks upgrade are explained but not repaired: this"
                            + " Jetty's HTTP/1 connection cannot be extended: java.lang.NoClassDefFoundError")
                    .contains("org/eclipse/jetty/server/internal/HttpConnection");

            assertThat(exchange(server, Story.repairable("/echo")).status()).isEqualTo(400);
            assertThat(log.nextHandshake())
                    .startsWith("WARNING CONNECTION_LACKS_UPGRADE /echo: ")
                    .endsWith("answered 400");
            String http10 = Story.repairable("/echo").replace("HTTP/1.1", "HTTP/1.0");
            assertThat(exchange(server, http10).status()).isEqualTo(101);
            assertThat(log.nextHandshake()).startsWith("INFO ").contains(": repaired, 101; ");
        } finally {
            server.stop();
        }
    }

    @Test
    void withoutWebSocketOnTheClassPathThereIsNoHeartbeatAndOneLineSaysWhy() throws Exception {
        log.restOfConfiguration();
        log.restOfHandshakes();
        Server server = EchoServer.of(EchoServer.Kind.CORE);
        new Hiding("org.eclipse.jetty.websocket.")
                .loadClass(FirmshakeHandler.class.getName())
                .getMethod("install", Server.class)
                .invoke(null, server);
        server.start();
        try {
            assertThat(log.nextConfiguration()).endsWith("; stands before every handler");
            assertThat(log.restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING no heartbeat endpoint at /firmshake/heartbeat: jetty-websocket-core-server is"
                            + " not on the class path: java.lang.NoClassDefFoundError");

            String beat = Story.repairable("/firmshake/heartbeat");
            assertThat(exchange(server, beat).status()).isEqualTo(404);
            assertThat(log.nextHandshake()).endsWith("answered 404");
            assertThat(exchange(server, Story.repairable("/echo")).status()).isEqualTo(101);
            assertThat(log.nextHandshake()).contains(": repaired, 101; ");
        } finally {
            server.stop();
        }
    }

    @Test
    void whereSessionsCannotBeSeenTheirEndpointIsServedAndOneLineSaysWhy() throws Exception {
        log.restOfConfiguration();
        log.restOfHandshakes();
        Server server = EchoServer.of(EchoServer.Kind.CORE);
        Class<?> type = new Hiding("org.eclipse.jetty.websocket.core.ExtensionStack")
                .loadClass(FirmshakeHandler.class.getName());
        Object handler = type.getConstructor().newInstance();
        type.getMethod("setPingSessions", String.class).invoke(handler, "all");
        type.getMethod("install", Server.class, type).invoke(null, server, handler);
        server.start();
        try {
            assertThat(log.nextConfiguration()).endsWith("; stands before every handler");
            assertThat(log.restOfConfiguration())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING pingSessions=all has no effect on the application's sessions: this Jetty looks"
                            + " different inside: java.lang.NoClassDefFoundError");

            assertThat(exchange(server, Story.repairable("/firmshake/heartbeat"))
                            .status())
                    .isEqualTo(101);
            assertThat(log.nextHandshake()).contains(": repaired, 101; ");
            assertThat(exchange(server, Story.repairable("/echo")).status()).isEqualTo(101);
            assertThat(log.nextHandshake()).contains(": repaired, 101; ");
        } finally {
            server.stop();
        }
    }

    private static Response exchange(Server server, String request) throws IOException {
        try (RawClient client = RawClient.connect(EchoServer.port(server))) {
            return client.exchange(request);
        }
    }

    // Has Firmshake's Jetty classes of its own, which see everything but what is hidden.
    private static final class Hiding extends ClassLoader {

        private final String hidden;

        private Hiding(String hidden) {
            super(HiddenInternalsIT.class.getClassLoader());
            this.hidden = hidden;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(hidden)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.github.firmshake.jetty.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? define(name) : known;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
