package io.github.firmshake.it.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.it.Application;
import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.RawClient.Frame;
import io.github.firmshake.it.Recipe;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.core.ServletContainerImpl;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code docs/install/war.md} says of Undertow: the dropin jar, and the listener in a program. */
class InstallIT {

    private static final String HANDSHAKE = """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;

    private static final LogCapture LOG = JulCapture.lines();
    private static final String CONTAINER = ServerContainer.class.getName();

    /** Knows what the server knows, and nothing of Firmshake but the tests. */
    private static final class Server extends ClassLoader {
        Server() {
            super(InstallIT.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.github.firmshake.") && !name.startsWith("io.github.firmshake.it.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @FunctionalInterface
    private interface Use {
        void of(RawClient client) throws Exception;
    }

    // Undertow itself looks into no jar, that is the deployer's task. This does what one does: it runs the initializers
    // that the application's jars name, in the application's class loader.
    @Test
    void theOneJarRegistersItselfAndRepairs() throws Exception {
        URL dropin = Path.of(System.getProperty("tests.filter.dropin")).toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {dropin}, new Server())) {
            DeploymentInfo application = application(loader);
            for (ServletContainerInitializer found : ServiceLoader.load(ServletContainerInitializer.class, loader)) {
                if (found.getClass().getClassLoader() == loader) { // the others are the server's own
                    application.addServletContainerInitializer(initializer(found));
                }
            }
            run(application, InstallIT::assertRepairs);
            // Before its classes are gone: the line may be written when the client has its answer.
            assertThat(LOG.nextConfiguration())
                    .startsWith("INFO Firmshake ")
                    .contains(" filter on Undertow ", ", context \"\": onInvalid=report repair=safe ");
            assertThat(LOG.nextHandshake())
                    .startsWith("INFO CONNECTION_LACKS_UPGRADE /ws: repaired, 101; ")
                    .endsWith("; from 127.0.0.1");
        }
    }

    @Test
    void theListenerOfThePageRefuses() throws Exception {
        DeploymentInfo application = application(InstallIT.class.getClassLoader());
        // snippet: undertow
        application.addListener(Servlets.listener(FirmshakeListener.class));
        application.addInitParameter("firmshake.onInvalid", "reject");
        // end
        run(
                application,
                client -> assertThat(client.exchange(HANDSHAKE.replace("Version: 13", "Version: 8"))
                                .statusLine())
                        .startsWith("HTTP/1.1 426 "));
        assertThat(LOG.nextConfiguration()).contains(": onInvalid=reject ");
        assertThat(LOG.nextHandshake()).endsWith("; answered 426, closed");
    }

    @Test
    void anEndpointThatCannotBeAddedIsToldOfWithoutTheMessage() throws Exception {
        DeploymentInfo application = application(InstallIT.class.getClassLoader());
        application.addListener(Servlets.listener(Refusing.class));
        application.addListener(Servlets.listener(FirmshakeListener.class));
        application.addListener(Servlets.listener(RefusingNoMore.class));
        run(
                application,
                client -> assertThat(client.exchange(HANDSHAKE).status()).isEqualTo(101));

        assertThat(LOG.restOfConfiguration())
                .contains("INFO no heartbeat endpoint at /firmshake/heartbeat: jakarta.websocket.DeploymentException")
                .noneMatch(line -> line.contains("S3cr3t"));
    }

    /** Has the container refuse endpoints, with a message of its own. */
    public static final class Refusing implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            context.setAttribute(Refusing.class.getName(), context.getAttribute(CONTAINER));
            context.setAttribute(
                    CONTAINER,
                    Proxy.newProxyInstance(
                            InstallIT.class.getClassLoader(),
                            new Class<?>[] {ServerContainer.class},
                            (container, method, arguments) -> {
                                throw new DeploymentException("token=S3cr3t");
                            }));
        }
    }

    /** Gives back Undertow's own container, which its filter wants. */
    public static final class RefusingNoMore implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            context.setAttribute(CONTAINER, context.getAttribute(Refusing.class.getName()));
        }
    }

    @Test
    void thePageHasTheCodeThatIsRunHere() {
        Recipe recipe = new Recipe("undertow");
        assertThat(recipe.onPage("install/war.md")).isEqualTo(recipe.inSource(InstallIT.class));
    }

    private static DeploymentInfo application(ClassLoader loader) {
        return Servlets.deployment()
                .setClassLoader(loader)
                .setContextPath("")
                .setDeploymentName("installed")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, new WebSocketDeploymentInfo())
                .addServletContainerInitializer(initializer((classes, context) -> Application.install(context)));
    }

    private static ServletContainerInitializerInfo initializer(ServletContainerInitializer initializer) {
        return new ServletContainerInitializerInfo(
                initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of());
    }

    private static void run(DeploymentInfo application, Use use) throws Exception {
        DeploymentManager deployment = new ServletContainerImpl().addDeployment(application);
        deployment.deploy();
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(deployment.start())
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        try (RawClient client = RawClient.connect(port)) {
            use.of(client);
        } finally {
            deployment.stop();
            deployment.undeploy();
            server.stop();
        }
    }

    private static void assertRepairs(RawClient client) throws Exception {
        assertThat(client.exchange(HANDSHAKE
                                .replace("HTTP/1.1", "HTTP/1.0")
                                .replace("Connection: Upgrade", "Connection: keep-alive"))
                        .statusLine())
                .startsWith("HTTP/1.1 101 ");
        client.send(Frame.text("dropped in"));
        assertThat(client.readFrame()).isEqualTo(Frame.text("dropped in"));
    }
}
