package io.github.firmshake.it.undertow;

import io.github.firmshake.filter.FirmshakeFilter;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import io.github.firmshake.it.LogCapture;
import io.github.firmshake.it.RawClient;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;

/** The filter twice in one application: as its listener registers it, and behind that once more. */
final class TwoFilters implements Container {

    private final Container one = new FilterOnUndertow();

    /** Registers the second. */
    public static final class Second implements ServletContextListener {
        /** Created by Undertow. */
        public Second() {}

        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext()
                    .addFilter("second", new FirmshakeFilter())
                    .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        }
    }

    @Override
    public String name() {
        return "two filters, Undertow 2.3";
    }

    @Override
    public Map<Limit, String> limits() {
        return one.limits();
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        Running server = UndertowServer.start(settings, listener, false, Second.class);
        try (RawClient client = RawClient.connect(server.port())) {
            client.exchange("GET /plain HTTP/1.1\nHost: 127.0.0.1\n\n"); // which starts the second, and its line
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) {
        throw new UnsupportedOperationException("one filter has that tested alone");
    }

    @Override
    public LogCapture log() {
        return one.log();
    }

    @Override
    public void logDebug(boolean on) {
        one.logDebug(on);
    }

    @Override
    public Running startBare() {
        throw new UnsupportedOperationException("each adapter has that tested alone");
    }

    @Override
    public String startLine(String settings) {
        throw new UnsupportedOperationException("one filter has that tested alone");
    }

    @Override
    public String startFailure(String message) {
        throw new UnsupportedOperationException("one filter has that tested alone");
    }

    @Override
    public NameCase nameCase() {
        return one.nameCase();
    }

    @Override
    public Answer answerTo(String name) {
        return one.answerTo(name);
    }
}
