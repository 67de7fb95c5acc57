package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.Configuration;
import io.github.firmshake.handshake.FlightRecorder;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.RepairLevel;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.heartbeat.HeartbeatCounters;
import io.github.firmshake.heartbeat.HeartbeatRecorder;
import io.github.firmshake.web.Served;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Examines WebSocket handshakes, repairs those that are safe to repair, and says of every other one why it failed. Stands
 * in front of the container's own WebSocket filter, where {@link FirmshakeListener} puts it; declared in web.xml it has
 * to be {@code async-supported} and mapped to {@code /*}. Settings are init-params, or context-params named
 * {@code firmshake.NAME}; see {@link Settings}.
 *
 * <p>A request that is no handshake passes untouched. Thread-safe once initialized.
 */
public final class FirmshakeFilter implements Filter {

    /** Request attribute: the verdict's name, such as {@code DAMAGED}. */
    public static final String VERDICT = "io.github.firmshake.verdict";

    /** Request attribute: {@code TRUE} once some adapter has examined the request, so that no other does. */
    public static final String EXAMINED = "io.github.firmshake.examined";

    private static final String SAID = "io.github.firmshake.said";

    private @Nullable HandshakeListener listener;
    private boolean enabled;
    private final CountedLines countedLines = new CountedLines();
    private HandshakeReporter reporter =
            new HandshakeReporter(1, new SystemLog(SystemLog.HANDSHAKE), List.of(), () -> {});
    private Host host = Host.OTHER;
    private final Guard guard = new Guard(new SystemLog(SystemLog.HANDSHAKE), System::nanoTime);
    private boolean repairs;
    private boolean initialized;
    private final HeartbeatCounters counters = new HeartbeatCounters();
    private ServletHeartbeat heartbeat = heartbeat(Settings.parse(Map.of()));
    private ServletHandshakes handshakes = handshakes(Settings.parse(Map.of()));
    private ServletScript script = new ServletScript("");

    /** Creates a filter without listeners. */
    public FirmshakeFilter() {}

    /** Creates a filter that tells a listener of every handshake. */
    public FirmshakeFilter(HandshakeListener listener) {
        this.listener = listener;
    }

    /** Names the listener that is told of every handshake. Has an effect only before {@link #init}. */
    public void setHandshakeListener(HandshakeListener listener) {
        this.listener = listener;
    }

    /**
     * Reads the settings and writes the start line. A {@link HandshakeListener} in the context attribute of that class's
     * name is told of every handshake too.
     *
     * @throws ServletException for a setting that is unknown or has a bad value
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        Configuration configuration = configuration(config);
        if (!configuration.enabled()) {
            sayOnce(
                    context,
                    Level.INFO,
                    configuration.offLine("Firmshake in context \"" + context.getContextPath() + '"'));
            return;
        }
        Settings settings = configuration.settings();
        enabled = true;
        if (!initialized) {
            host = Host.of(context);
            heartbeat = heartbeat(settings);
            repairs = settings.repair() != RepairLevel.OFF;
            script = new ServletScript(settings.heartbeat().scriptPath());
            announce(config, configuration);
            heartbeat.bind(context);
            initialized = true;
        }
        // Again if FirmshakeListener did not wait for the container: the application may have named its own since.
        SystemLog log = new SystemLog(SystemLog.HANDSHAKE);
        reporter = new HandshakeReporter(settings.logLimitPerMinute(), log, listeners(context), countedLines::start);
        countedLines.of(reporter);
        handshakes = handshakes(settings);
    }

    /** Reads the settings. Logs what is wrong with them too: some containers only say that a filter failed to start. */
    static Configuration configuration(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        try {
            return Configuration.of(Parameters.of(config));
        } catch (IllegalArgumentException e) {
            String text = "Firmshake in context \"" + context.getContextPath() + "\": " + e.getMessage();
            sayOnce(context, Level.ERROR, text);
            throw new ServletException(text, e);
        }
    }

    /** Logs a line once for each context: initializer, listener and filter may each come upon the same. */
    static void sayOnce(ServletContext context, Level level, String text) {
        if (!text.equals(context.getAttribute(SAID))) {
            context.setAttribute(SAID, text);
            new SystemLog(SystemLog.CONFIG).log(level, text);
        }
    }

    private ServletHeartbeat heartbeat(Settings settings) {
        return new ServletHeartbeat(
                settings.heartbeat(),
                HeartbeatRecorder.before(counters),
                new SystemLog(SystemLog.CONFIG),
                host == Host.TOMCAT);
    }

    private ServletHandshakes handshakes(Settings settings) {
        return new ServletHandshakes(settings, heartbeat, reporter, guard, new ServletHandshakes.Container() {
            @Override
            public HttpServletRequest canonical(HttpServletRequest request, RequestHead received) {
                return host.canonical(request, received);
            }

            @Override
            public void putPeer(HttpServletRequest request, RequestHead.Builder head) {
                host.putPeer(request, head);
            }

            @Override
            public boolean showsCaseOfNames() {
                return host != Host.JETTY; // its parser writes known names in their usual case
            }

            @Override
            public Assessment possible(Assessment assessment) {
                return host.possible(assessment, settings);
            }

            @Override
            public void refusing(HttpServletRequest request) {
                host.refusing(request);
            }

            @Override
            public String closing() {
                return host.closing();
            }

            @Override
            public int statusOf(Throwable failure) {
                return host.statusOf(failure);
            }

            @Override
            public void refusedWithBody(HttpServletRequest request) {
                host.refusedWithBody(request);
            }
        });
    }

    private List<HandshakeListener> listeners(ServletContext context) {
        List<HandshakeListener> listeners = new ArrayList<>();
        listeners.add(FlightRecorder.orNothing());
        if (listener != null) {
            listeners.add(listener);
        }
        if (context.getAttribute(HandshakeListener.class.getName()) instanceof HandshakeListener inContext) {
            listeners.add(inContext);
        }
        return listeners;
    }

    private void announce(FilterConfig config, Configuration configuration) {
        Settings settings = configuration.settings();
        ServletContext context = config.getServletContext();
        SystemLog log = new SystemLog(SystemLog.CONFIG);
        Place place = host.placeOf(config);
        log.log(
                Level.INFO,
                "Firmshake " + Version.current() + " filter on " + context.getServerInfo() + ", context \""
                        + context.getContextPath() + "\": " + settings + "; " + place.sentence()
                        + host.remark(settings) + configuration.origin());
        configuration.remarks().forEach(remark -> log.log(remark.level(), remark.text()));
        settings.warning().ifPresent(warning -> log.log(Level.WARNING, warning));
        if (host == Host.JETTY && settings.repair() != RepairLevel.OFF) {
            log.log(
                    Level.WARNING,
                    "nothing is repaired in context \"" + context.getContextPath()
                            + "\": Jetty does not look at what a filter repairs; its handshakes are explained, and "
                            + "Firmshake's Jetty module repairs them");
        }
        if (place == Place.BEHIND) {
            log.log(
                    Level.WARNING,
                    "the container's WebSocket filter comes before Firmshake's in context \"" + context.getContextPath()
                            + "\": handshakes it answers are neither examined nor repaired; register Firmshake with "
                            + FirmshakeListener.class.getName());
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (enabled && request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            // First, because a request for it that has an Upgrade field, such as JDK's HttpClient's, is a
            // candidate too.
            Served served = prepare(http);
            if (served != null) {
                ServletScript.write(served, answer);
                return;
            }
            if (handshakes.isCandidate(http)) {
                handshakes.examine(http, answer, (wanted, canonical, beats) -> pass(wanted, answer, beats, chain));
                return;
            }
        }
        chain.doFilter(request, response);
    }

    /** Prepares every request, and returns the script where the request is for it. */
    private @Nullable Served prepare(HttpServletRequest request) {
        try {
            if (repairs) {
                host.passing(request);
            }
            return script.isAt(request) ? script.answer(request) : null;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            guard.failed(e, ServletHandshakes.PASSED);
            return null;
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, boolean beats, FilterChain chain)
            throws IOException, ServletException {
        if (beats) {
            heartbeat.open(request, response, this, () -> false); // its own stop is the filter's
        } else if (heartbeat.pingsApplication()) {
            chain.doFilter(new WatchedRequest(request, heartbeat, guard), response);
        } else {
            chain.doFilter(request, response);
            guard.run(() -> heartbeat.answered(request), ServletHandshakes.UNWATCHED);
        }
    }

    @Override
    public void destroy() {
        heartbeat.stop();
        countedLines.stop();
        initialized = false;
    }
}
