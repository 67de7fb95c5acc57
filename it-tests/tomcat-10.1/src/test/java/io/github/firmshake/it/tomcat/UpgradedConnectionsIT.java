package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tomcat's own books about connections that were taken over: no session may stay in them once it has ended. */
class UpgradedConnectionsIT {

    private static final int EACH = 10;

    private final TomcatServer server = new TomcatServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tomcatForgetsASessionHoweverItEnds() throws Exception {
        Context context = server.addContext("");
        context.addParameter("firmshake.pingIntervalSeconds", "3");
        context.addParameter("firmshake.pongTimeoutSeconds", "5");
        context.addApplicationListener(FirmshakeListener.class.getName());
        context.addServletContainerInitializer(
                (classes, servletContext) -> servletContext
                        .addServlet("all", new HttpServlet() {
                            private static final long serialVersionUID = 1;
                        })
                        .addMapping("/"),
                null);
        server.start(context);

        List<RawClient> silent = open();
        assertThat(counted()).isEqualTo(EACH);
        for (RawClient client : open()) {
            client.send(Bytes.close(1000, ""));
            while (client.readFrame().opcode() != 8) {
                // a Ping of the server
            }
            client.close();
        }
        for (RawClient client : open()) {
            client.close(); // without goodbye
        }
        for (RawClient client : open()) {
            client.send(Bytes.frame(0x81, "no ping")); // 1008
        }

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (counted() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(counted()).isZero();
        for (RawClient client : silent) { // which were reaped
            client.close();
        }
    }

    private List<RawClient> open() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            RawClient client = RawClient.connect(server.port());
            assertThat(client.exchange("GET /firmshake/heartbeat HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\n"
                                    + "Connection: Upgrade\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
                                    + "Sec-WebSocket-Version: 13\n\n")
                            .status())
                    .isEqualTo(101);
            Frame greeting = client.readFrame();
            assertThat(greeting.payload()).startsWith("hello");
            clients.add(client);
        }
        return clients;
    }

    private int counted() throws ReflectiveOperationException {
        int counted = 0;
        for (Connector connector : server.engine().getService().findConnectors()) {
            Object groups = get(connector.getProtocolHandler(), "upgradeProtocolGroupInfos");
            for (Object group : ((Map<?, ?>) groups).values()) {
                counted += ((Collection<?>) get(group, "upgradeInfos")).size();
            }
        }
        return counted;
    }

    private static Object get(Object object, String name) throws ReflectiveOperationException {
        Class<?> type = object.getClass();
        while (type != Object.class) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(object);
                }
            }
            type = type.getSuperclass();
        }
        throw new NoSuchFieldException(name);
    }
}
