package io.github.firmshake.tomcat;

import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.filter.ServletHandshakes;
import io.github.firmshake.filter.ServletHeartbeat;
import io.github.firmshake.filter.ServletScript;
import io.github.firmshake.filter.TomcatConnector;
import io.github.firmshake.handshake.Configuration;
import io.github.firmshake.handshake.FlightRecorder;
import io.github.firmshake.handshake.HandshakeCounters;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import io.github.firmshake.heartbeat.HeartbeatCounters;
import io.github.firmshake.heartbeat.HeartbeatRecorder;
import io.github.firmshake.web.Served;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.Host;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.util.ServerInfo;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

/**
 * Examines WebSocket handshakes, repairs those that are safe to repair, and says of every other one why it failed: for
 * every application of an engine or a host, those deployed later and reloaded ones too, or for one context.
 *
 * <pre>{@code
 * <Valve className="io.github.firmshake.tomcat.FirmshakeValve" onInvalid="reject"/>
 * }</pre>
 *
 * <p>Attributes are the settings of {@link Settings}. A request that is no handshake passes untouched. Lines go to
 * Tomcat's loggers {@code io.github.firmshake.handshake} and {@code .config}. Thread-safe once started.
 */
public final class FirmshakeValve extends ValveBase {

    private boolean enabled;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final HandshakeCounters counters = new HandshakeCounters();
    private final Guard guard = new Guard(TomcatLog.HANDSHAKE, System::nanoTime);
    private Settings settings = Settings.parse(Map.of());
    private HandshakeReporter reporter = new HandshakeReporter(1, TomcatLog.HANDSHAKE, List.of(), () -> {});
    private final HeartbeatCounters heartbeats = new HeartbeatCounters();
    private ServletHeartbeat heartbeat = heartbeat();
    private final Applications applications = new Applications(stopped -> heartbeat.leave(stopped));
    private ServletHandshakes handshakes = handshakes();
    private ServletScript script = new ServletScript("");
    private HandshakeListener listener = event -> {};

    /** Created by the container, or by the code that adds it to an embedded one's pipeline. */
    public FirmshakeValve() {
        super(true); // else every asynchronous servlet behind the valve fails
    }

    /**
     * Takes a setting. The container calls it for every attribute of the element that has no setter; whether the name is
     * known is said at start, since here it could only be a warning.
     *
     * @return true, always: the attribute is taken
     */
    public boolean setProperty(String name, String value) {
        attributes.put(name, value);
        return true;
    }

    /** Names the listener that is told of every handshake. Has an effect only before the start. */
    public void setHandshakeListener(HandshakeListener handshakeListener) {
        listener = handshakeListener;
    }

    /** Every setting with its value. This and the getters that follow are the valve's JMX attributes. */
    public String getSettings() {
        return settings.toString();
    }

    /** Handshakes that met every rule. */
    public long getValid() {
        return counters.count(Verdict.VALID);
    }

    /** Handshakes that a hop damaged. */
    public long getDamaged() {
        return counters.count(Verdict.DAMAGED);
    }

    /** Handshakes wrong by their client's own fault. */
    public long getInvalid() {
        return counters.count(Verdict.INVALID);
    }

    /** Plain HTTP requests on WebSocket paths. */
    public long getPlain() {
        return counters.count(Verdict.PLAIN);
    }

    /** Damaged handshakes that were repaired. */
    public long getRepaired() {
        return counters.count(Outcome.REPAIRED);
    }

    /** Handshakes that Firmshake answered itself. */
    public long getRefused() {
        return counters.count(Outcome.REFUSED);
    }

    /** How often each reason code occurred, as CODE=COUNT. */
    public String[] getReasons() {
        return counters.reasons().entrySet().stream().map(Object::toString).toArray(String[]::new);
    }

    /** The messages of the last 20 handshakes that broke a rule, oldest first. */
    public String[] getLastMessages() {
        return counters.lastMessages().toArray(String[]::new);
    }

    /** Sessions of the heartbeat endpoint that are open now. */
    public int getHeartbeatSessions() {
        return heartbeat.sessions();
    }

    /** Sessions that are pinged now, the heartbeat endpoint's among them. */
    public long getPingedSessions() {
        return heartbeats.sessions();
    }

    /** Pings sent. */
    public long getPings() {
        return heartbeats.pings();
    }

    /** Pongs that answered the last Ping; those of an application's own sessions cannot be seen here. */
    public long getPongs() {
        return heartbeats.pongs();
    }

    /** Pongs that answered an earlier Ping. */
    public long getLatePongs() {
        return heartbeats.late();
    }

    /** Sessions closed because they gave no sign of life in time. */
    public long getReaped() {
        return heartbeats.reaped();
    }

    /** Sessions closed at their own idle limit, which Pings would have kept from being noticed. */
    public long getIdled() {
        return heartbeats.idled();
    }

    /** Round-trip times, as BOUND=COUNT. */
    public String[] getRoundTrips() {
        return heartbeats.roundTrips().entrySet().stream().map(Object::toString).toArray(String[]::new);
    }

    @Override
    protected void startInternal() throws LifecycleException {
        Configuration configuration = configuration();
        settings = configuration.settings();
        enabled = configuration.enabled();
        if (!enabled) {
            TomcatLog.CONFIG.log(Level.INFO, configuration.offLine("Firmshake valve in " + where()));
            super.startInternal();
            return;
        }
        List<HandshakeListener> listeners = List.of(counters, FlightRecorder.orNothing(), listener);
        reporter = new HandshakeReporter(settings.logLimitPerMinute(), TomcatLog.HANDSHAKE, listeners, () -> {});
        heartbeat = heartbeat();
        handshakes = handshakes();
        script = new ServletScript(settings.heartbeat().scriptPath());
        TomcatLog.CONFIG.log(
                Level.INFO,
                "Firmshake " + Version.current() + " valve on " + ServerInfo.getServerInfo() + ", " + where() + ": "
                        + settings + "; stands before every filter" + configuration.origin());
        configuration.remarks().forEach(remark -> TomcatLog.CONFIG.log(remark.level(), remark.text()));
        settings.warning().ifPresent(warning -> TomcatLog.CONFIG.log(Level.WARNING, warning));
        super.startInternal();
    }

    private Configuration configuration() throws LifecycleException {
        try {
            return Configuration.of(attributes);
        } catch (IllegalArgumentException e) {
            String text = "FirmshakeValve in " + where() + ": " + e.getMessage();
            TomcatLog.CONFIG.log(Level.ERROR, text);
            throw new LifecycleException(text, e);
        }
    }

    private String where() {
        String kind = container instanceof Context ? "context" : container instanceof Host ? "host" : "engine";
        return kind + " \"" + container.getName() + '"';
    }

    private ServletHeartbeat heartbeat() {
        return new ServletHeartbeat(settings.heartbeat(), HeartbeatRecorder.before(heartbeats), TomcatLog.CONFIG, true);
    }

    private ServletHandshakes handshakes() {
        return new ServletHandshakes(settings, heartbeat, reporter, guard, new ServletHandshakes.Container() {
            @Override
            public HttpServletRequest canonical(HttpServletRequest request, RequestHead received) {
                CoyoteHead.canonicalize(((Request) request).getCoyoteRequest());
                return request;
            }

            @Override
            public @Nullable Violation cutShort(HttpServletRequest request) {
                return CoyoteHead.cutShort(((Request) request).getCoyoteRequest(), ((Request) request).getConnector());
            }

            @Override
            public void putPeer(HttpServletRequest request, RequestHead.Builder head) {
                // Not getRemoteAddr(): RemoteIpValve replaces that with what a header says.
                head.peer(((Request) request).getPeerAddr(), true);
            }

            @Override
            public void refusedWithBody(HttpServletRequest request) {
                // Tomcat would wait for it until its timeout, although the answer said close.
                ((Request) request).getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        });
    }

    @Override
    protected void stopInternal() throws LifecycleException {
        super.stopInternal();
        applications.forgetAll();
        heartbeat.stop();
        reporter.close(System.nanoTime());
    }

    /** Writes the counted lines that are due. Tomcat calls it every ten seconds, unless it is told another time. */
    @Override
    public void backgroundProcess() {
        reporter.flush(System.nanoTime());
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!enabled) {
            getNext().invoke(request, response);
            return;
        }
        // Tomcat hands on what it has refused while it read the head, for the access log and the error page.
        if (response.isError() || response.isCommitted()) {
            handshakes.passAnswered(
                    request, response, (wanted, canonical, beats) -> getNext().invoke(request, response));
            return;
        }
        // First, because a request for it that has an Upgrade field, such as JDK's HttpClient's, is a candidate too.
        Served served = script(request);
        if (served != null) {
            ServletScript.write(served, response);
        } else if (handshakes.isCandidate(request)) {
            handshakes.examine(
                    request, response, (wanted, canonical, beats) -> pass(request, response, canonical, beats));
        } else {
            getNext().invoke(request, response);
        }
    }

    private @Nullable Served script(Request request) {
        try {
            return script.isAt(request) ? script.answer(request) : null;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            guard.failed(e, ServletHandshakes.PASSED);
            return null;
        }
    }

    private void pass(Request request, Response response, boolean canonical, boolean beats)
            throws IOException, ServletException {
        if (beats) {
            Context context = request.getContext();
            applications.watch(context);
            heartbeat.open(request, response, context, () -> Applications.isStopped(context));
        } else {
            getNext().invoke(request, response);
        }
        if (response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
            guard.run(() -> switched(request, canonical), ServletHandshakes.UNWATCHED);
        }
    }

    private void switched(Request request, boolean canonical) {
        if (canonical) {
            TomcatConnector.answerAsHttp11(request.getCoyoteRequest());
        }
        Object handler =
                heartbeat.pingsApplication() ? TomcatConnector.upgradeHandler(request.getCoyoteRequest()) : null;
        if (handler != null) {
            heartbeat.watch(request, handler);
        }
    }
}
