package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.firmshake.handshake.Settings;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Story;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an installation refuses, what it warns of, and what it leaves as it was. */
class InstallIT {

    private static final String EARLY = "WARNING handshakes whose Connection lacks upgrade ";

    private final LogCapture log = JulCapture.lines();
    private final Server server = EchoServer.of(EchoServer.Kind.CORE);

    @BeforeEach
    void forgetLines() {
        log.restOfConfiguration();
        log.restOfHandshakes();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void aWholeInstallationSaysOneLine() throws Exception {
        FirmshakeHandler.install(server);
        server.start();
        assertThat(log.restOfConfiguration())
                .containsExactly("INFO Firmshake 0.2.0 handler on Jetty " + Server.getVersion() + ": "
                        + Settings.parse(Map.of()) + "; stands before every handler");
    }

    @Test
    void aServerWithoutConnectorIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FirmshakeHandler.install(new Server()))
                .withMessage("this server has no HTTP/1.1 connector: add connectors first, then install");
    }

    @Test
    void aSecondInstallationIsRefused() {
        FirmshakeHandler.install(server);
        assertThatIllegalStateException()
                .isThrownBy(() -> FirmshakeHandler.install(server))
                .withMessage("Firmshake is installed in this server already");
    }

    @Test
    void aStartedServerIsRefused() throws Exception {
        server.start();
        assertThatIllegalStateException()
                .isThrownBy(() -> FirmshakeHandler.install(server))
                .withMessage("Firmshake has to be installed before the server is started");
    }

    @Test
    void aHandlerReplacedAfterwardsKeepsTheServerFromStarting() {
        FirmshakeHandler.install(server);
        server.setHandler(new Handler.Wrapper());
        assertThatIllegalStateException()
                .isThrownBy(server::start)
                .withMessage("Firmshake was installed, but its handler has been replaced since:"
                        + " call FirmshakeHandler.install(server) after server.setHandler(handler)");
    }

    @Test
    void aHandlerInFrontIsSaid() throws Exception {
        FirmshakeHandler.install(server);
        server.insertHandler(new Handler.Wrapper());
        server.start();
        assertThat(log.restOfConfiguration()).singleElement().asString().endsWith("; stands before some handlers");
        assertRepairs(EchoServer.port(server));
    }

    @Test
    void aConnectorAddedAfterwardsIsWarnedOf() throws Exception {
        FirmshakeHandler.install(server);
        ServerConnector late = EchoServer.addConnector(server);
        server.start();
        assertThat(log.restOfConfiguration())
                .last()
                .asString()
                .startsWith(EARLY + "are not repaired on ")
                .contains("ServerConnector@")
                .endsWith(": it was not there when FirmshakeHandler.install(server) was called");
        assertRepairs(EchoServer.port(server));
        try (RawClient client = RawClient.connect(late.getLocalPort())) { // explained all the same
            assertThat(client.exchange(Story.repairable("/echo")).status()).isEqualTo(400);
        }
        assertThat(log.nextHandshake()).startsWith("INFO ").contains(": repaired, 101; ");
        assertThat(log.nextHandshake())
                .startsWith("WARNING CONNECTION_LACKS_UPGRADE ")
                .endsWith("answered 400");
    }

    @Test
    void aConnectionFactoryOfTheApplicationsOwnIsLeftAndWarnedOf() throws Exception {
        ServerConnector own = new ServerConnector(server, new HttpConnectionFactory() {});
        own.setHost("127.0.0.1");
        server.addConnector(own);
        FirmshakeHandler.install(server);
        server.start();
        assertThat(log.restOfConfiguration())
                .last()
                .asString()
                .endsWith(": it has a connection factory of its own, " + InstallIT.class.getName() + "$1");
    }

    @Test
    void anErrorHandlerSetAfterwardsIsWarnedOf() throws Exception {
        FirmshakeHandler.install(server);
        server.setErrorHandler(new ErrorHandler());
        server.start();
        assertThat(log.restOfConfiguration())
                .last()
                .isEqualTo(EARLY + "are neither explained nor repaired: the server's error handler is not the one that"
                        + " FirmshakeHandler.install(server) sets");
    }

    @Test
    void theErrorHandlerThatWasThereStillWritesThePages() throws Exception {
        server.setErrorHandler(new ErrorHandler() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                response.getHeaders().put("X-Page", "mine");
                return super.handle(request, response, callback);
            }
        });
        FirmshakeHandler.install(server);
        server.start();
        for (String request :
                List.of(Story.stripped("/none"), Story.repairable("/echo").replace("close", "keep-alive"))) {
            try (RawClient client = RawClient.connect(EchoServer.port(server))) {
                assertThat(client.exchange(request).value("X-Page")).isEqualTo("mine");
            }
        }
    }

    @Test
    @SuppressWarnings("removal") // 12.1 keeps these on the configuration
    void connectorsKeepTheirOrderTheirDefaultAndWhatTheirFactoryWasToldToDo() throws Exception {
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        connector.addFirstConnectionFactory(new ProxyConnectionFactory());
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        Object bean = new Object();
        http.addBean(bean);
        http.setInputBufferSize(4321);
        http.setUseOutputDirectByteBuffers(false);
        List<String> protocols = connector.getProtocols();

        FirmshakeHandler.install(server);

        HttpConnectionFactory repairing = connector.getConnectionFactory(HttpConnectionFactory.class);
        assertThat(repairing).isNotSameAs(http);
        assertThat(connector.getProtocols()).isEqualTo(protocols);
        assertThat(connector.getDefaultProtocol()).isEqualTo(protocols.get(0));
        assertThat(connector.getConnectionFactories())
                .extracting(ConnectionFactory::getProtocol)
                .doesNotHaveDuplicates();
        assertThat(repairing.getInputBufferSize()).isEqualTo(4321);
        assertThat(repairing.isUseOutputDirectByteBuffers()).isFalse();
        assertThat(repairing.isUseInputDirectByteBuffers()).isTrue();
        assertThat(repairing.getBeans()).contains(bean).contains(http.getHttpConfiguration());
        server.start();
        try (RawClient client = RawClient.connect(EchoServer.port(server))) {
            client.send("PROXY TCP4 203.0.113.7 127.0.0.1 40000 8080\n");
            assertThat(client.exchange(Story.repairable("/echo")).status()).isEqualTo(101);
        }
        assertThat(log.nextHandshake()).endsWith("; from 127.0.0.1");
    }

    @Test
    void everySettingHasASetterAndABadValueIsRefusedAtStart() throws Exception {
        FirmshakeHandler handler = new FirmshakeHandler();
        for (Map.Entry<String, String> setting : Settings.defaults().entrySet()) {
            String name = setting.getKey();
            Method setter = FirmshakeHandler.class.getMethod(
                    "set" + name.substring(0, 1).toUpperCase() + name.substring(1), String.class);
            setter.invoke(handler, setting.getValue());
        }
        FirmshakeHandler.install(server, handler);
        server.start();
        assertThat(handler.getSettings()).isEqualTo(Settings.parse(Map.of()).toString());
        assertThatIllegalStateException().isThrownBy(() -> handler.setRepair("off"));
        server.stop();

        handler.setRepair("of");
        assertThatIllegalArgumentException()
                .isThrownBy(server::start)
                .withMessage("setting repair=\"of\": expected off, safe");
    }

    @Test
    void aRestartedServerRepairsAsBefore() throws Exception {
        Server jakarta = EchoServer.of(EchoServer.Kind.JAKARTA);
        FirmshakeHandler handler = FirmshakeHandler.install(jakarta);
        for (int starts = 1; starts <= 2; starts++) {
            jakarta.start();
            assertRepairs(EchoServer.port(jakarta));
            assertThat(handler.getStatistics().getRepaired()).isEqualTo(starts);
            jakarta.stop();
        }
    }

    @Test
    void aStartThatFailedLeavesNothingToTheNext() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        server.insertHandler(new Handler.Wrapper() {
            @Override
            protected void doStart() throws Exception {
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("not yet");
                }
                super.doStart();
            }
        });
        FirmshakeHandler.install(server).setPingSessions("all");
        assertThatIllegalStateException().isThrownBy(server::start).withMessage("not yet");
        server.start();
        assertThat(((ServerConnector) server.getConnectors()[0]).getEventListeners())
                .filteredOn(listener -> listener.getClass().getName().startsWith("io.github.firmshake."))
                .hasSize(1);
    }

    @Test
    void aHandlerPutSomewhereByHandSaysWhatItCannotDo() throws Exception {
        FirmshakeHandler handler = new FirmshakeHandler();
        handler.setHandler(server.getHandler());
        server.setHandler(handler);
        server.start();
        assertThat(log.restOfConfiguration())
                .hasSize(3)
                .anyMatch(line -> line.startsWith(EARLY + "are neither explained nor repaired"))
                .anyMatch(line -> line.startsWith(EARLY + "are not repaired on "));
        try (RawClient client = RawClient.connect(EchoServer.port(server))) {
            assertThat(client.exchange(Story.repairable("/echo").replace("HTTP/1.1", "HTTP/1.0"))
                            .status())
                    .isEqualTo(101);
        }
    }

    private static void assertRepairs(int port) throws Exception {
        try (RawClient client = RawClient.connect(port)) {
            assertThat(client.exchange(Story.repairable("/echo")).status()).isEqualTo(101);
        }
    }
}
