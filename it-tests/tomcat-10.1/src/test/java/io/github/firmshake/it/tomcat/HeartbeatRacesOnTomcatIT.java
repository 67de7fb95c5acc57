package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.HandshakeLog;
import io.github.firmshake.filter.ServletHeartbeat;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.heartbeat.HeartbeatListener;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What two things at once do to sessions on Tomcat: the end of an application, blocked sends, clients that are gone. */
class HeartbeatRacesOnTomcatIT extends HeartbeatOnTomcat {

    private static final int PINGS = 58; // more than fit into all buffers, and less than a session may leave unread

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private FirmshakeValve addedValve() {
        for (Object valve : server.host().getPipeline().getValves()) {
            if (valve instanceof FirmshakeValve ours) {
                return ours;
            }
        }
        throw new AssertionError("no valve");
    }

    /** Holds handshakes between the decision to upgrade and the 101. */
    private static final class Held extends ValveBase {
        private final CountDownLatch upgraded = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        Held() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            upgraded.countDown();
            try {
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private Held hold() {
        Held held = new Held();
        server.engine().getPipeline().addValve(held);
        return held;
    }

    @ParameterizedTest
    @EnumSource
    void aSessionWhoseApplicationStopsDuringItsHandshakeEndsWithIt(Adapter adapter) throws Exception {
        Context context = start(Set.of(adapter), Map.of());
        Held held = hold();
        RawClient client = connect();
        client.send(handshake(BEAT));
        assertThat(held.upgraded.await(60, TimeUnit.SECONDS)).isTrue();
        context.stop();
        held.release.countDown();
        assertThat(client.readResponse().status()).isEqualTo(101);

        assertThat(code(next(client, CLOSE))).isEqualTo(1001);
        assertThat(client.isClosed())
                .as("closed, though the Close is not answered")
                .isTrue();
        if (adapter == Adapter.VALVE) {
            assertThat(context.findLifecycleListeners())
                    .noneMatch(listener -> listener.getClass().getName().startsWith("io.github.firmshake."));
            assertThat(addedValve().getHeartbeatSessions()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionWhosePingBlocksIsReapedThoughNothingElseHappens(Adapter adapter) throws Exception {
        start(Set.of(adapter), all("pongTimeoutSeconds", "3"), HeartbeatApplication.App.class);
        for (int i = 0; i < 5; i++) {
            RawClient reader = open("/app");
            Thread flood = new Thread(() -> PingsOnTomcatIT.flood(reader));
            flood.start();
            assertThat(HeartbeatApplication.closes().poll(60, TimeUnit.SECONDS)).isEqualTo(1011);
            flood.join();
        }
    }

    @Test
    void aClientThatSaysGoodbyeAndReadsNothingIsDropped() throws Exception {
        server = new TomcatServer();
        server.sendBufferSize(4096);
        start(server, Set.of(Adapter.VALVE), Map.of("pingIntervalSeconds", "0"));
        FirmshakeValve valve = addedValve();
        try (Socket client = deaf()) {
            await(() -> valve.getHeartbeatSessions() == 1); // the 101 is on its way before the session opens
            byte[] ping = Bytes.frame(0x89, "x".repeat(125));
            for (int i = 0; i < PINGS; i++) {
                client.getOutputStream().write(ping);
                Thread.sleep(510); // what the budget allows
            }
            assertThat(valve.getHeartbeatSessions())
                    .as("not dropped for what waits to be sent")
                    .isEqualTo(1);
            client.getOutputStream().write(Bytes.close(1000, ""));
            await(() -> valve.getHeartbeatSessions() == 0);

            client.setSoTimeout(60_000);
            assertThat(received(client)).as("so answers were waiting").isLessThan(PINGS * 127);
        }
    }

    private static int received(Socket client) throws IOException {
        int received = 0;
        try {
            while (client.getInputStream().read() >= 0) {
                received++;
            }
        } catch (SocketException e) {
            // Reset, since not all could be sent.
        }
        return received;
    }

    // A client that has shaken hands, and takes in as little as can be.
    private Socket deaf() throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(1);
        client.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.port()));
        client.getOutputStream().write(handshake(BEAT).replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            head += (char) client.getInputStream().read();
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return client;
    }

    @Test
    void whatTheFirstSessionsThreadHasInheritableIsNotKept() throws Exception {
        start(Set.of(Adapter.VALVE), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        InheritableThreadLocal<Object> inheritable = new InheritableThreadLocal<>();
        AtomicReference<WeakReference<Object>> seen = new AtomicReference<>();
        server.engine().getPipeline().addValve(new ValveBase(true) {
            @Override
            public void invoke(Request request, Response response) throws IOException, ServletException {
                Object ofTheApplication = new Object();
                inheritable.set(ofTheApplication);
                seen.set(new WeakReference<>(ofTheApplication));
                getNext().invoke(request, response);
                inheritable.remove();
            }
        });
        next(open("/app"), PING);

        await(() -> {
            System.gc();
            return seen.get().get() == null;
        });
    }

    @Test
    void stoppingWhileASessionOpensEndsBothInOrder() throws Exception {
        for (int i = 0; i < 300; i++) {
            CompletableFuture<Void> opening = new CompletableFuture<>();
            AtomicReference<ServletHeartbeat> heartbeat = new AtomicReference<>();
            heartbeat.set(new ServletHeartbeat(
                    Settings.parse(Map.of()).heartbeat(),
                    new HeartbeatListener() {
                        @Override
                        public void opened() {
                            opening.complete(null);
                        }
                    },
                    new Silence(),
                    true));
            CompletableFuture<Void> stopping =
                    opening.thenRunAsync(() -> heartbeat.get().stop());
            if (server == null) {
                start(Set.of(), Map.of());
            }
            Opener opener = new Opener(heartbeat.get());
            server.engine().getPipeline().addValve(opener);
            try (RawClient client = RawClient.connect(server.port())) {
                assertThat(client.exchange(handshake(BEAT)).status()).isEqualTo(101);
                stopping.get(60, TimeUnit.SECONDS);
                await(() -> heartbeat.get().sessions() == 0);
            }
            server.engine().getPipeline().removeValve(opener);
        }
    }

    private static final class Silence implements HandshakeLog {
        @Override
        public void log(Level level, String line) {}

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }
    }

    private static final class Opener extends ValveBase {
        private final ServletHeartbeat heartbeat;

        Opener(ServletHeartbeat heartbeat) {
            super(true);
            this.heartbeat = heartbeat;
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            heartbeat.open(request, response, this, () -> false);
        }
    }

    @Test
    void anIdleLimitBelowASecondIsKeptToo() throws Exception {
        start(Set.of(Adapter.FILTER), all("pongTimeoutSeconds", "60"), HeartbeatApplication.App.class);
        RawClient client = open("/app");
        client.send(new Frame(TEXT, "idle 900"));
        Frame frame = client.readFrame();
        for (int pings = 0; frame.opcode() != CLOSE; frame = client.readFrame()) {
            if (frame.opcode() == PING) {
                assertThat(++pings).isLessThan(8);
                client.send(new Frame(PONG, frame.payload()));
            }
        }
        assertThat(code(frame)).isEqualTo(1001);
    }
}
