package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.Configuration;
import io.github.firmshake.handshake.FlightRecorder;
import io.github.firmshake.handshake.HandshakeCounters;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.HeartbeatSettings;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.heartbeat.HeartbeatCounters;
import io.github.firmshake.heartbeat.HeartbeatRecorder;
import io.github.firmshake.heartbeat.PingTiming;
import io.github.firmshake.jetty.Handshakes.Look;
import io.github.firmshake.web.Refusal;
import io.github.firmshake.web.Served;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.jspecify.annotations.Nullable;

/**
 * Examines WebSocket handshakes, repairs those that are safe to repair, and says of every other one why it failed, in
 * front of every kind of WebSocket that Jetty has. Serves the heartbeat's endpoint and script, without any application.
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

    private final Map<String, String> given = new LinkedHashMap<>();
    private final HandshakeCounters counters = new HandshakeCounters();
    private final HandshakeStatistics statistics = new HandshakeStatistics(counters);
    private final HeartbeatCounters beats = new HeartbeatCounters();
    private final HeartbeatStatistics heartbeatStatistics = new HeartbeatStatistics(beats, this::heartbeatSessions);
    private Settings settings = Settings.parse(Map.of());
    private HandshakeListener listener = event -> {};
    private @Nullable HandshakeReporter reporter;
    private @Nullable CountedLines countedLines;
    private volatile @Nullable Handshakes handshakes; // there while the handler is started
    private @Nullable Pings pings;
    private @Nullable ApplicationSessions applicationSessions;
    private volatile @Nullable CoreHeartbeat heartbeat; // there while the handler is started and the endpoint is on
    private volatile CoreScript script = new CoreScript("");

    /** Creates a handler that is yet to be installed. */
    public FirmshakeHandler() {
        addBean(statistics);
        addBean(heartbeatStatistics);
    }

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
     *     class already: half an installation would explain some failures and not others. For the same reason the server
     *     does not start if its handler is replaced afterwards
     */
    public static FirmshakeHandler install(Server server, FirmshakeHandler handler) {
        Installation.install(server, handler, () -> handler.handshakes);
        return handler;
    }

    /** The setting {@code enabled}. */
    public void setEnabled(String value) {
        give("enabled", value);
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

    /** The setting {@code heartbeatPath}, relative to the server. */
    public void setHeartbeatPath(String value) {
        give("heartbeatPath", value);
    }

    /** The setting {@code heartbeatOrigins}. */
    public void setHeartbeatOrigins(String value) {
        give("heartbeatOrigins", value);
    }

    /** The setting {@code heartbeatMaxSessions}. */
    public void setHeartbeatMaxSessions(String value) {
        give("heartbeatMaxSessions", value);
    }

    /** The setting {@code scriptPath}, relative to the server. */
    public void setScriptPath(String value) {
        give("scriptPath", value);
    }

    /** The setting {@code pingSessions}. */
    public void setPingSessions(String value) {
        give("pingSessions", value);
    }

    /** The setting {@code pingIntervalSeconds}. */
    public void setPingIntervalSeconds(String value) {
        give("pingIntervalSeconds", value);
    }

    /** The setting {@code pongTimeoutSeconds}. */
    public void setPongTimeoutSeconds(String value) {
        give("pongTimeoutSeconds", value);
    }

    /** The setting {@code explainToClient}. */
    public void setExplainToClient(String value) {
        give("explainToClient", value);
    }

    /** The setting {@code logLimitPerMinute}. */
    public void setLogLimitPerMinute(String value) {
        give("logLimitPerMinute", value);
    }

    /** The setting {@code logPaths}. */
    public void setLogPaths(String value) {
        give("logPaths", value);
    }

    /** The setting {@code logPeer}. */
    public void setLogPeer(String value) {
        give("logPeer", value);
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

    /** What has been seen since this handler was created. */
    public HandshakeStatistics getStatistics() {
        return statistics;
    }

    /** What became of heartbeat sessions since this handler was created. */
    public HeartbeatStatistics getHeartbeatStatistics() {
        return heartbeatStatistics;
    }

    /**
     * Reads the settings and writes the start line.
     *
     * @throws IllegalArgumentException for a setting that has a bad value
     */
    @Override
    protected void doStart() throws Exception {
        Configuration configuration = configuration();
        settings = configuration.settings();
        if (!configuration.enabled()) {
            super.doStart();
            new Slf4jLog(Slf4jLog.CONFIG).log(Level.INFO, configuration.offLine("Firmshake handler"));
            return;
        }
        List<HandshakeListener> listeners = List.of(counters, FlightRecorder.orNothing(), listener);
        CountedLines lines = new CountedLines(getServer().getScheduler());
        countedLines = lines;
        reporter = new HandshakeReporter(
                settings.logLimitPerMinute(), new Slf4jLog(Slf4jLog.HANDSHAKE), listeners, lines::start);
        lines.of(reporter);
        sayGoodbye(); // to what a start left that failed later: Jetty stops nothing then
        Map<String, Throwable> lacking = startHeartbeat(settings.heartbeat());
        script = new CoreScript(settings.heartbeat().scriptPath());
        CoreHeartbeat endpoint = heartbeat;
        Guard guard = new Guard(new Slf4jLog(Slf4jLog.HANDSHAKE), System::nanoTime);
        handshakes = new Handshakes(settings, reporter, guard, () -> endpoint != null && endpoint.isServed());
        super.doStart();
        announce(configuration, lacking);
        if (endpoint != null) {
            endpoint.isServed(); // else it would not be said before the first handshake
        }
    }

    @Override
    protected void doStop() throws Exception {
        sayGoodbye();
        super.doStop();
        handshakes = null;
        heartbeat = null;
        script = new CoreScript("");
        if (countedLines != null) {
            countedLines.stop();
        }
    }

    /** Closes the heartbeat's sessions, while there are connectors still to tell their clients through. */
    void sayGoodbye() {
        if (applicationSessions != null) {
            applicationSessions.stop();
            applicationSessions = null;
        }
        if (pings != null) {
            pings.stop();
            pings = null;
        }
    }

    private int heartbeatSessions() {
        CoreHeartbeat endpoint = heartbeat;
        return endpoint == null ? 0 : endpoint.sessions();
    }

    /** Returns what there ought to be and is not, and why. */
    private Map<String, Throwable> startHeartbeat(HeartbeatSettings heartbeatSettings) {
        Map<String, Throwable> lacking = new LinkedHashMap<>();
        PingTiming timing = PingTiming.ofSeconds(
                heartbeatSettings.heartbeatIntervalSeconds(), heartbeatSettings.pongTimeoutSeconds());
        pings = new Pings(timing, HeartbeatRecorder.before(beats));
        if (!heartbeatSettings.heartbeatPath().isEmpty()) {
            try {
                heartbeat = new CoreHeartbeat(getServer(), heartbeatSettings, pings, new Slf4jLog(Slf4jLog.CONFIG));
            } catch (LinkageError e) { // an embedded server may have no WebSocket, and heads to explain all the same
                lacking.put(
                        "no heartbeat endpoint at " + heartbeatSettings.heartbeatPath()
                                + ": jetty-websocket-core-server is not on the class path",
                        e);
            }
        }
        if (heartbeatSettings.pingsApplication()) {
            try {
                applicationSessions = ApplicationSessions.in(getServer(), pings);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                lacking.put(
                        "pingSessions=all has no effect on the application's sessions: this Jetty looks different inside",
                        e);
            }
        }
        return lacking;
    }

    private Configuration configuration() {
        try {
            return Configuration.of(given);
        } catch (IllegalArgumentException e) {
            new Slf4jLog(Slf4jLog.CONFIG).log(Level.ERROR, "Firmshake handler: " + e.getMessage());
            throw e;
        }
    }

    private void announce(Configuration configuration, Map<String, Throwable> lacking) {
        Slf4jLog log = new Slf4jLog(Slf4jLog.CONFIG);
        String place = getServer().getHandler() == this ? "every handler" : "some handlers";
        log.log(
                Level.INFO,
                "Firmshake " + Version.current() + " handler on Jetty " + Server.getVersion() + ": " + settings
                        + "; stands before " + place + configuration.origin());
        configuration.remarks().forEach(remark -> log.log(remark.level(), remark.text()));
        settings.warning().ifPresent(warning -> log.log(Level.WARNING, warning));
        lacking.forEach((what, cause) -> log.log(Level.WARNING, what, cause));
        Installation.gaps(getServer()).forEach(gap -> log.log(Level.WARNING, gap));
    }

    private void give(String name, @Nullable String value) {
        throwIfStarted();
        given.put(name, value == null ? "" : value); // Jetty's XML makes null of nothing
    }

    private void throwIfStarted() {
        if (isRunning()) {
            throw new IllegalStateException("settings have no effect on a handler that is started");
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Handshakes known = handshakes;
        if (known == null || request.getAttribute(Handshakes.EXAMINED) != null) {
            return super.handle(request, response, callback);
        }
        // First, because a request for it that has an Upgrade field, such as JDK's HttpClient's, is a candidate too.
        Served served = script.isAt(request) ? known.attempt(() -> script.answer(request)) : null;
        if (served != null) {
            CoreScript.write(served, response, callback);
            return true;
        }
        if (!known.isCandidate(request)) {
            return super.handle(request, response, callback);
        }
        Look look = known.look(request);
        Assessment assessment = look.assessment();
        if (look.failed() || (assessment != null && assessment.action() == Action.REFUSE)) {
            Refusal refusal = known.refusal(request, look);
            known.reportWhenAnswered(request, assessment, refusal == null ? Action.PASS : Action.REFUSE);
            if (refusal == null) {
                return super.handle(request, response, callback);
            }
            Handshakes.refuse(refusal, response, callback);
            return true;
        }
        return assessment == null
                ? super.handle(request, response, callback)
                : pass(known, assessment, request, response, callback);
    }

    private boolean pass(Handshakes known, Assessment assessment, Request request, Response response, Callback callback)
            throws Exception {
        Request canonical =
                assessment.action() == Action.PASS ? null : known.attempt(() -> new CanonicalRequest(request));
        known.reportWhenAnswered(request, assessment, canonical == null ? Action.PASS : assessment.action());
        Request wanted = canonical == null ? request : canonical;
        boolean whole = canonical != null || assessment.action() != Action.REPAIR;
        CoreHeartbeat endpoint = whole && known.isHeartbeat(request) ? heartbeat : null;
        if (endpoint == null) {
            return super.handle(wanted, response, callback);
        }
        String full = endpoint.full(assessment.request().peer());
        if (full != null) {
            Handshakes.refuse(Refusal.full(full), response, callback);
            return true;
        }
        return endpoint.open(wanted, response, callback) || super.handle(wanted, response, callback);
    }
}
