package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.filter.FirmshakeFilter;
import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.Container.StartFailure;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Response;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The ways to register the filter, on Tomcat: where it then stands, whose settings win, who is told. */
class FilterRegistrationIT {

    private static final LogCapture LOG = JulCapture.lines();
    private static final String DEFAULTS =
            "onInvalid=report repair=safe webSocketPaths=\"\" allowedOrigins=\"\" heartbeatPath=\"/firmshake/heartbeat\" "
                    + "heartbeatOrigins=\"same-origin\" heartbeatMaxSessions="
                    + io.github.firmshake.handshake.Settings.parse(java.util.Map.of())
                            .heartbeat()
                            .heartbeatMaxSessions()
                    + " "
                    + "scriptPath=\"/firmshake/firmshake.js\" pingSessions=heartbeat pingIntervalSeconds=25 "
                    + "pongTimeoutSeconds=20 explainToClient=code logLimitPerMinute=60 logPaths=masked logPeer=full";
    private static final String HANDSHAKE = """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final String DAMAGED = HANDSHAKE.replace("Connection: Upgrade", "Connection: close");

    private final List<HandshakeEvent> events = new CopyOnWriteArrayList<>();

    // In which order the classes come is the file system's business, and not all take every line of theirs.
    @BeforeEach
    void forget() {
        LOG.restOfConfiguration();
        LOG.restOfHandshakes();
    }

    @AfterEach
    void nothingElseIsSaid() {
        assertThat(LOG.restOfConfiguration()).as("lines about configuration").isEmpty();
        assertThat(LOG.restOfHandshakes()).as("lines about handshakes").isEmpty();
    }

    @Nested
    class Place {

        @Test
        void behindTheContainersFilterIsWarnedOf() throws Exception {
            try (TomcatServer server = new TomcatServer()) {
                Context context = server.addContext("/shop");
                FilterOnTomcat.install(context, events::add);
                context.addServletContainerInitializer((classes, sc) -> register(sc, new FirmshakeFilter()), null);
                server.start(context);

                assertThat(send(server, DAMAGED.replace("/ws", "/shop/ws")).status())
                        .isEqualTo(400);
                assertThat(send(server, HANDSHAKE.replace("/ws", "/shop/ws")).status())
                        .isEqualTo(101);
            }
            assertThat(LOG.nextConfiguration())
                    .isEqualTo(startLine("/shop", DEFAULTS, "stands behind the container's WebSocket filter"));
            assertThat(LOG.nextConfiguration())
                    .isEqualTo(
                            "WARNING the container's WebSocket filter comes before Firmshake's in context \"/shop\": "
                                    + "handshakes it answers are neither examined nor repaired; register Firmshake with "
                                    + "io.github.firmshake.filter.FirmshakeListener");
            assertThat(events).isEmpty();
        }

        @Test
        void aloneWhereThereIsNoWebSocketSupport() throws Exception {
            try (TomcatServer server = new TomcatServer()) {
                Context context = server.addContext("");
                context.addApplicationListener(FirmshakeListener.class.getName());
                server.start(context);
            }
            assertThat(LOG.nextConfiguration())
                    .isEqualTo(startLine("", DEFAULTS, "the container has no WebSocket filter in this context"));
        }
    }

    @Nested
    class WebXml {

        @Test
        void aDeclaredFilterIsAdoptedAndItsInitParamsWin() throws Exception {
            String webXml = """
                    <context-param><param-name>firmshake.onInvalid</param-name><param-value>reject</param-value></context-param>
                    <context-param><param-name>firmshake.repair</param-name><param-value>safe</param-value></context-param>
                    <filter>
                      <filter-name>handshakes</filter-name>
                      <filter-class>io.github.firmshake.filter.FirmshakeFilter</filter-class>
                      <init-param><param-name>repair</param-name><param-value>off</param-value></init-param>
                    </filter>
                    <listener><listener-class>io.github.firmshake.filter.FirmshakeListener</listener-class></listener>
                    """;
            try (TomcatServer server = webapp(webXml)) {
                assertThat(send(server, DAMAGED).status()).isEqualTo(426);
                assertAsynchronousServletWorks(server);
            }
            assertThat(LOG.nextConfiguration())
                    .isEqualTo(startLine(
                            "",
                            DEFAULTS.replace("report", "reject").replace("safe", "off"),
                            "stands before the container's WebSocket filter"));
            assertThat(LOG.nextHandshake()).endsWith("; answered 426, closed");
        }

        @Test
        void aDeclaredFilterKeepsItsMapping() throws Exception {
            String webXml = """
                    <filter>
                      <filter-name>handshakes</filter-name>
                      <filter-class>io.github.firmshake.filter.FirmshakeFilter</filter-class>
                      <async-supported>true</async-supported>
                    </filter>
                    <filter-mapping><filter-name>handshakes</filter-name><url-pattern>/ws</url-pattern></filter-mapping>
                    <listener><listener-class>io.github.firmshake.filter.FirmshakeListener</listener-class></listener>
                    """;
            try (TomcatServer server = webapp(webXml)) {
                assertThat(send(server, DAMAGED.replace("/ws", "/nowhere")).status())
                        .isEqualTo(404);
                assertThat(send(server, DAMAGED).status()).isEqualTo(101);
            }
            assertThat(LOG.nextConfiguration()).endsWith("; stands before the container's WebSocket filter");
            assertThat(LOG.nextHandshake()).startsWith("INFO CONNECTION_LACKS_UPGRADE /ws: ");
        }

        @Test
        void theFilterNeedsNoListener() throws Exception {
            String webXml = """
                    <filter>
                      <filter-name>handshakes</filter-name>
                      <filter-class>io.github.firmshake.filter.FirmshakeFilter</filter-class>
                      <async-supported>true</async-supported>
                      <init-param><param-name>webSocketPaths</param-name><param-value>/ws</param-value></init-param>
                    </filter>
                    <filter-mapping><filter-name>handshakes</filter-name><url-pattern>/*</url-pattern></filter-mapping>
                    """;
            try (TomcatServer server = webapp(webXml)) {
                assertThat(send(server, DAMAGED).status()).isEqualTo(101);
                assertAsynchronousServletWorks(server);
            }
            assertThat(LOG.nextConfiguration())
                    .isEqualTo(startLine(
                            "",
                            DEFAULTS.replace("webSocketPaths=\"\"", "webSocketPaths=\"/ws\""),
                            "stands before the container's WebSocket filter"));
            assertThat(LOG.nextHandshake()).startsWith("INFO CONNECTION_LACKS_UPGRADE /ws: ");
        }

        @Test
        void anUnknownInitParamFailsTheStart() {
            assertThatThrownBy(() -> webapp("""
                            <filter>
                              <filter-name>handshakes</filter-name>
                              <filter-class>io.github.firmshake.filter.FirmshakeFilter</filter-class>
                              <init-param><param-name>repiar</param-name><param-value>off</param-value></init-param>
                            </filter>
                            """))
                    .isInstanceOf(StartFailure.class)
                    .hasMessage(
                            "Firmshake in context \"\": unknown setting repiar=\"off\", did you mean repair?; known: "
                                    + "enabled, onInvalid, repair, webSocketPaths, allowedOrigins, heartbeatPath, heartbeatOrigins, "
                                    + "heartbeatMaxSessions, scriptPath, pingSessions, pingIntervalSeconds, pongTimeoutSeconds, "
                                    + "explainToClient, logLimitPerMinute, logPaths, logPeer");
            assertThat(LOG.nextConfiguration())
                    .startsWith("ERROR Firmshake in context \"\": unknown setting repiar=\"off\", ");
        }

        private TomcatServer webapp(String webXml) throws IOException, StartFailure {
            TomcatServer server = new TomcatServer();
            Context context = server.addWebapp("", """
                    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                    """ + webXml + "</web-app>");
            context.addApplicationListener(Installer.class.getName());
            return server.start(context);
        }
    }

    /** Puts the application into a web application. */
    public static final class Installer implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            try {
                Application.install(event.getServletContext());
            } catch (ServletException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class Listeners {

        private final List<String> told = new CopyOnWriteArrayList<>();

        @Test
        void theOneOfTheConstructorAndTheOneOfTheContextAreTold() throws Exception {
            FirmshakeFilter filter = new FirmshakeFilter(event -> told.add("constructor " + event.verdict()));

            handshakeThrough(filter, event -> told.add("context " + event.verdict()));

            assertThat(told).containsExactly("constructor VALID", "context VALID");
        }

        @Test
        void theOneOfTheSetterIsTold() throws Exception {
            FirmshakeFilter filter = new FirmshakeFilter();
            filter.setHandshakeListener(event -> told.add("setter " + event.verdict()));

            handshakeThrough(filter, event -> {});

            assertThat(told).containsExactly("setter VALID");
        }

        @Test
        void oneThatThrowsHarmsNobodyAndIsNamed() throws Exception {
            FirmshakeFilter filter = new FirmshakeFilter(new Thrower());

            handshakeThrough(filter, event -> told.add("context " + event.verdict()));

            assertThat(told).containsExactly("context VALID");
            assertThat(LOG.nextHandshake())
                    .isEqualTo("WARNING handshake listener " + Thrower.class.getName()
                            + " threw java.lang.IllegalStateException");
        }

        private void handshakeThrough(FirmshakeFilter filter, HandshakeListener inContext) throws Exception {
            try (TomcatServer server = new TomcatServer()) {
                Context context = server.addContext("");
                FilterOnTomcat.install(context, inContext);
                context.addServletContainerInitializer((classes, sc) -> registerFirst(sc, filter), null);
                server.start(context);
                assertThat(send(server, HANDSHAKE).status()).isEqualTo(101);
            }
            assertThat(LOG.nextConfiguration()).endsWith("; stands before the container's WebSocket filter");
        }
    }

    private static final class Thrower implements HandshakeListener {
        @Override
        public void onHandshake(HandshakeEvent event) {
            throw new IllegalStateException("on purpose\nin two lines");
        }
    }

    @Test
    void twoFiltersExamineARequestOnce() throws Exception {
        try (TomcatServer server = new TomcatServer()) {
            Context context = server.addContext("");
            FilterOnTomcat.install(context, events::add);
            context.addServletContainerInitializer(
                    (classes, sc) -> {
                        registerFirst(sc, new FirmshakeFilter());
                        FilterRegistration.Dynamic second = sc.addFilter("second", new FirmshakeFilter());
                        second.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                    },
                    null);
            server.start(context);
            assertThat(send(server, DAMAGED).status()).isEqualTo(101);
        }
        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
        assertThat(LOG.nextConfiguration()).startsWith("INFO Firmshake ");
        assertThat(LOG.nextHandshake()).startsWith("INFO CONNECTION_LACKS_UPGRADE /ws: ");
        assertThat(events).hasSize(1);
    }

    @Test
    void anotherFilterOfThatNameFailsTheStart() {
        TomcatServer server = new TomcatServer();
        Context context = server.addContext("/shop");
        FilterDef other = new FilterDef();
        other.setFilterName("firmshake");
        other.setFilterClass(Other.class.getName());
        context.addFilterDef(other);
        context.addApplicationListener(FirmshakeListener.class.getName());

        assertThatThrownBy(() -> server.start(context))
                .isInstanceOf(StartFailure.class)
                .hasMessage(
                        "a filter named \"firmshake\" of another class is declared in /shop: Firmshake needs that name");
    }

    /** Somebody else's filter. */
    public static final class Other extends HttpFilter {
        private static final long serialVersionUID = 1;
    }

    private static void register(ServletContext context, FirmshakeFilter filter) {
        context.addFilter("late", filter).addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }

    private static void registerFirst(ServletContext context, FirmshakeFilter filter) {
        context.addFilter("first", filter).addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    private static void assertAsynchronousServletWorks(TomcatServer server) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /async HTTP/1.1\nHost: 127.0.0.1\n\n");
            Application.release();
            assertThat(client.readResponse().status()).isEqualTo(202);
        }
    }

    private static Response send(TomcatServer server, String request) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            return client.exchange(request);
        }
    }

    private static String startLine(String context, String settings, String place) {
        return "INFO Firmshake " + Version.current() + " filter on " + ServerInfo.getServerInfo() + ", context \""
                + context + "\": " + settings + "; " + place;
    }
}
