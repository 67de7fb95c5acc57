package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.FlightRecorder;
import io.github.firmshake.handshake.HandshakeCounters;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.jspecify.annotations.Nullable;

/**
 * Examines WebSocket handshakes, repairs those that are safe to repair, and says of every other one why it failed, in
 * front of every kind of WebSocket that Jetty has.
 *
 * <pre>{@code
 * FirmshakeHandler.install(server);     // once connectors and handlers are set, before the start
 * }</pre>
 *
 * <p>{@link #install} puts it in front of the server's handlers, and wires what handlers cannot see: connections whose
 * heads die before any handler. Setters are the settings of {@link Settings}; they have no effect after the start. A
 * request that is no handshake passes untouched. Thread-safe once started.
 */
@ManagedObject("WebSocket handshakes: what was wrong with them, and what became of them")
public final class FirmshakeHandler extends Handler.Wrapper {

    private static final String LOST = "handshakes whose Connection lacks upgrade are explained but not repaired: ";

    private final Map<String, String> given = new LinkedHashMap<>();
    private final HandshakeCounters counters = new HandshakeCounters();
    private Settings settings = Settings.parse(Map.of());
    private HandshakeListener listener = event -> {};
    private HandshakeReporter reporter = new HandshakeReporter(1, new Slf4jLog(Slf4jLog.HANDSHAKE), List.of());
    private volatile Handshakes handshakes = new Handshakes(settings, reporter);

    /** Creates a handler that is yet to be installed. */
    public FirmshakeHandler() {}

    /** Installs a handler with default settings. @see #install(Server, FirmshakeHandler) */
    public static FirmshakeHandler install(Server server) {
        return install(server, new FirmshakeHandler());
    }

    /**
     * Puts a handler in front of everything that a server handles, its connection factory into every connector, and its
     * error handler beside them.
     *
     * @return the handler
     * @throws IllegalStateException if the server is started, has no HTTP/1.1 connector yet, or has a handler of this
     *     class already: half an installation would explain some failures and not others
     */
    public static FirmshakeHandler install(Server server, FirmshakeHandler handler) {
        if (server.isRunning()) {
            throw new IllegalStateException("Firmshake has to be installed before the server is started");
        }
        if (server.getDescendant(FirmshakeHandler.class) != null) {
            throw new IllegalStateException("Firmshake is installed in this server already");
        }
        boolean anyConnector = false;
        for (Connector connector : server.getConnectors()) {
            anyConnector |= connector.getConnectionFactory(HttpConnectionFactory.class) != null;
        }
        if (!anyConnector) {
            throw new IllegalStateException("this server has no HTTP/1.1 connector: add connectors first, then install");
        }
        handler.setHandler(server.getHandler());
        server.setHandler(handler);
        server.setErrorHandler(new FirmshakeErrorHandler(server.getErrorHandler(), () -> handler.handshakes));
        if (RepairingConnectionFactory.unusable() == null) {
            for (Connector connector : server.getConnectors()) {
                handler.replaceFactory(connector);
            }
        }
        return handler;
    }

    private void replaceFactory(Connector connector) {
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        if (http != null && http.getClass() == HttpConnectionFactory.class && connector instanceof AbstractConnector a) {
            a.addConnectionFactory(new RepairingConnectionFactory(http, () -> handshakes));
        }
    }

    /** The setting {@code onInvalid}. */
    public void setOnInvalid(String value) {
        give("onInvalid", value);
    }

    /** The setting {@code repair}. */
    public void setRepair(String value) {
        give("repair", value);
    }

    /** The setting {@code webSocketPaths}, relative to the server. */
    public void setWebSocketPaths(String value) {
        give("webSocketPaths", value);
    }

    /** The setting {@code allowedOrigins}. */
    public void setAllowedOrigins(String value) {
        give("allowedOrigins", value);
    }

    /** The setting {@code explainToClient}. */
    public void setExplainToClient(String value) {
        give("explainToClient", value);
    }

    /** The setting {@code logLimitPerMinute}. */
    public void setLogLimitPerMinute(String value) {
        give("logLimitPerMinute", value);
    }

    /** Names the listener that is told of every handshake. */
    public void setHandshakeListener(HandshakeListener handshakeListener) {
        throwIfStarted();
        listener = handshakeListener;
    }

    /** Every setting with its value. */
    @ManagedAttribute(value = "Every setting with its value", readonly = true)
    public String getSettings() {
        return settings.toString();
    }

    /** Handshakes that met every rule. */
    @ManagedAttribute(value = "Handshakes that met every rule", readonly = true)
    public long getValid() {
        return counters.count(Verdict.VALID);
    }

    /** Handshakes that a hop damaged. */
    @ManagedAttribute(value = "Handshakes that a hop damaged", readonly = true)
    public long getDamaged() {
        return counters.count(Verdict.DAMAGED);
    }

    /** Handshakes wrong by their client's own fault. */
    @ManagedAttribute(value = "Handshakes wrong by their client's own fault", readonly = true)
    public long getInvalid() {
        return counters.count(Verdict.INVALID);
    }

    /** Plain HTTP requests on WebSocket paths. */
    @ManagedAttribute(value = "Plain HTTP requests on WebSocket paths", readonly = true)
    public long getPlain() {
        return counters.count(Verdict.PLAIN);
    }

    /** Damaged handshakes that were repaired. */
    @ManagedAttribute(value = "Damaged handshakes that were repaired", readonly = true)
    public long getRepaired() {
        return counters.count(Outcome.REPAIRED);
    }

    /** Handshakes that Firmshake answered itself. */
    @ManagedAttribute(value = "Handshakes that Firmshake answered itself", readonly = true)
    public long getRefused() {
        return counters.count(Outcome.REFUSED);
    }

    /** How often each reason code occurred, as CODE=COUNT. */
    @ManagedAttribute(value = "How often each reason code occurred, as CODE=COUNT", readonly = true)
    public String[] getReasons() {
        return counters.reasons().entrySet().stream().map(Object::toString).toArray(String[]::new);
    }

    /** The messages of the last 20 handshakes that broke a rule, oldest first. */
    @ManagedAttribute(value = "The last 20 handshakes that broke a rule, oldest first", readonly = true)
    public String[] getLastMessages() {
        return counters.lastMessages().toArray(String[]::new);
    }

    /**
     * Reads the settings and writes the start line.
     *
     * @throws IllegalArgumentException for a setting that has a bad value
     */
    @Override
    protected void doStart() throws Exception {
        settings = Settings.parse(given);
        List<HandshakeListener> listeners = List.of(counters, listener, FlightRecorder.orNothing());
        reporter = new HandshakeReporter(settings.logLimitPerMinute(), new Slf4jLog(Slf4jLog.HANDSHAKE), listeners);
        handshakes = new Handshakes(settings, reporter);
        super.doStart();
        announce();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        reporter.close();
    }

    private void announce() {
        Slf4jLog log = new Slf4jLog(Slf4jLog.CONFIG);
        log.log(
                Level.INFO,
                "Firmshake " + Version.current() + " handler on Jetty " + Server.getVersion() + ": " + settings
                        + "; stands before " + (getServer().getHandler() == this ? "every handler" : "some handlers"));
        String unusable = RepairingConnectionFactory.unusable();
        if (unusable != null) {
            log.log(Level.WARNING, LOST + "this Jetty's HTTP/1 connection cannot be extended: " + unusable);
        } else if (!allConnectorsRepair()) {
            log.log(Level.WARNING, LOST + "a connector was added without FirmshakeHandler.install(server)");
        }
    }

    private boolean allConnectorsRepair() {
        for (Connector connector : getServer().getConnectors()) {
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null && !(http instanceof RepairingConnectionFactory)) {
                return false;
            }
        }
        return true;
    }

    private void give(String name, String value) {
        throwIfStarted();
        given.put(name, value);
    }

    private void throwIfStarted() {
        if (isStarted()) {
            throw new IllegalStateException("settings have no effect on a handler that is started");
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!handshakes.isCandidate(request) || request.getAttribute(Handshakes.EXAMINED) != null) {
            return super.handle(request, response, callback);
        }
        // What the connection mended is judged by the head as it was.
        Object mended = request.getConnectionMetaData().removeAttribute(RepairingConnectionFactory.ASSESSMENT);
        Assessment assessment = mended instanceof Assessment early ? early : handshakes.assess(request);
        if (!handshakes.concerns(assessment)) {
            return super.handle(request, response, callback);
        }
        handshakes.mark(request, assessment);
        handshakes.reportWhenAnswered(request, assessment);
        if (assessment.action() == Action.REFUSE) {
            handshakes.refuse(assessment, response, callback);
            return true;
        }
        boolean untouched = assessment.action() == Action.PASS;
        return super.handle(untouched ? request : new CanonicalRequest(request), response, callback);
    }
}
