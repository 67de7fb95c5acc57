package io.github.firmshake.it.jetty;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.xml.XmlConfiguration;

/** The handler, installed with everything that belongs to it, on an embedded Jetty. */
final class HandlerOnJetty implements Container {

    private static final String CONFIGURE = """
            <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
            <Configure class="io.github.firmshake.jetty.FirmshakeHandler">
            """;

    @Override
    public String name() {
        return "handler, " + JettyServer.line();
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = JettyServer.limits();
        limits.put(
                Limit.UNKNOWN_SETTING,
                "a setting is a setter: Jetty's XML and the compiler refuse an unknown one in their own words");
        return limits;
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        return start(new JettyServer(), settings, listener);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        JettyServer server = new JettyServer();
        server.believeForwardedFor();
        return start(server, Map.of(), listener);
    }

    @Override
    public Running startBare() {
        return JettyServer.bare();
    }

    private static Running start(JettyServer server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        server.install(listener);
        install(server.server(), settings, listener);
        return server.start();
    }

    /** Installs a handler with these settings. */
    static FirmshakeHandler install(Server server, Map<String, String> settings, HandshakeListener listener)
            throws StartFailure {
        FirmshakeHandler handler = new FirmshakeHandler();
        handler.setHandshakeListener(listener);
        configure(handler, settings);
        return FirmshakeHandler.install(server, handler);
    }

    // As the module does it.
    private static void configure(FirmshakeHandler handler, Map<String, String> settings) throws StartFailure {
        String sets = settings.entrySet().stream()
                .map(setting -> "<Set name=\"" + setting.getKey() + "\">" + setting.getValue() + "</Set>")
                .collect(Collectors.joining());
        try {
            Path file = Files.createTempFile("firmshake", ".xml");
            try {
                Files.writeString(file, CONFIGURE + sets + "</Configure>");
                new XmlConfiguration(ResourceFactory.root().newResource(file)).configure(handler);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new StartFailure(e.toString());
        }
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " handler on Jetty " + Server.getVersion() + ": " + settings
                + "; stands before every handler";
    }

    @Override
    public String startFailure(String message) {
        return message;
    }

    @Override
    public String errorLine(String message) {
        return "Firmshake handler: " + message;
    }

    @Override
    public NameCase nameCase() {
        return NameCase.USUAL;
    }

    @Override
    public boolean offersExtendedConnect() {
        return true;
    }

    @Override
    public int statusOfUpgradeNotNamed(int application) {
        return 400;
    }

    @Override
    public Answer answerTo(String name) {
        return Answers.to(name);
    }
}
