package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.PathPatterns;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Violation;
import io.github.firmshake.web.Refusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every adapter that sees servlet requests does with them: tell handshakes from the rest, examine each once, refuse
 * or pass it on, and report how it was answered. No fault of its own reaches a request: see {@link Guard}. Immutable and
 * thread-safe.
 */
public final class ServletHandshakes {

    /** Said of a request on which a fault of ours happens. */
    public static final String PASSED = "the request passed as if Firmshake were not there";

    /** Said of a session for which one happens. */
    public static final String UNWATCHED = "the session is open, and not pinged";

    private static final String CLOSED = "its origin was to be checked, so the request was answered 403";
    private static final String UNSAID = "the request is answered, and nothing is said of it";

    /** Passes an examined request on. */
    @FunctionalInterface
    public interface Next {
        /**
         * Passes it on.
         *
         * @param request the request, in canonical form where that is wanted
         * @param canonical whether it is in that form
         * @param heartbeat whether {@link ServletHeartbeat#open} is to answer it, and nobody behind
         */
        void pass(HttpServletRequest request, boolean canonical, boolean heartbeat)
                throws IOException, ServletException;
    }

    /** What an adapter knows of its container. */
    public interface Container {
        /** Says where a request came from. */
        void putPeer(HttpServletRequest request, RequestHead.Builder head);

        /** The request in canonical form, or the same request after it was brought into that form. */
        HttpServletRequest canonical(HttpServletRequest request, RequestHead received);

        /** Whether a field name with a capital letter was sent so; by default, it was. */
        default boolean showsCaseOfNames() {
            return true;
        }

        /** What of an assessment can be done here; by default, all of it. */
        default Assessment possible(Assessment assessment) {
            return assessment;
        }

        /** Why the container refused a request while it read its head; null, by default: it read the whole head. */
        default @Nullable Violation cutShort(HttpServletRequest request) {
            return null;
        }

        /** Called before a refusal over HTTP/1.x is written. */
        default void refusing(HttpServletRequest request) {}

        /** The value of Connection with which a refusal that has another one closes; empty, by default: with that one. */
        default String closing() {
            return "";
        }

        /** The status that the container answers an exception with. */
        default int statusOf(Throwable failure) {
            return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        }

        /** Called behind the refusal of a request that announces a body, which the container is not to wait for. */
        default void refusedWithBody(HttpServletRequest request) {}
    }

    /** A look at a request; without an assessment it is not ours to look at, or a fault was in the way. */
    private record Look(@Nullable Assessment assessment, boolean failed) {
        private static final Look NOT_OURS = new Look(null, false);
        private static final Look FAILED = new Look(null, true);
    }

    private final Settings settings;
    private final Settings atHeartbeatPath;
    private final PathPatterns webSocketPaths;
    private final ServletHeartbeat heartbeat;
    private final HandshakeReporter reporter;
    private final Guard guard;
    private final Container container;

    /**
     * Creates the common part of an adapter.
     *
     * @param settings the settings
     * @param heartbeat the adapter's heartbeat
     * @param reporter who is told of answered handshakes
     * @param guard who is told of our own faults
     * @param container what is known of the container
     */
    public ServletHandshakes(
            Settings settings,
            ServletHeartbeat heartbeat,
            HandshakeReporter reporter,
            Guard guard,
            Container container) {
        this.settings = settings;
        this.heartbeat = heartbeat;
        this.webSocketPaths = settings.webSocketPaths();
        this.reporter = reporter;
        this.guard = guard;
        this.container = container;
        atHeartbeatPath = settings.atHeartbeatPath();
    }

    /**
     * Whether a request may be a handshake, so that {@link #examine} has to look at it. Every request pays for this: three
     * look-ups, nothing allocated.
     */
    public boolean isCandidate(HttpServletRequest request) {
        try {
            String version = request.getProtocol();
            return (request.getHeader("Sec-WebSocket-Key") != null
                            || request.getHeader("Upgrade") != null
                            || request.getHeader("Sec-WebSocket-Version") != null
                            || (!webSocketPaths.isEmpty() && isWebSocketPath(request)))
                    && version != null
                    && RequestHead.isVersion(version); // else it is the container's to refuse
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return true; // the same fault is in the way of a closer look, and met there
        }
    }

    /** Examines a candidate and sees it answered. */
    public void examine(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        if (response.isCommitted() || request.getDispatcherType() == DispatcherType.ERROR) {
            next.pass(request, false, false);
            return;
        }
        boolean beats = guard.attempt(() -> heartbeat.isAt(request), false, PASSED);
        boolean examined = request.getAttribute(FirmshakeFilter.EXAMINED) != null;
        if (examined && !beats) {
            next.pass(request, false, false);
            return;
        }
        Settings here = beats ? atHeartbeatPath : settings;
        Action otherwise = Assessment.unassessed(here);
        String consequence = otherwise == Action.REFUSE ? CLOSED : PASSED;
        Look look = guard.attempt(() -> look(request, here), Look.FAILED, consequence);
        Assessment assessment = look.assessment();
        Assessment told = examined ? null : assessment;
        Refusal refusal = null;
        if (look.failed()) {
            refusal = unchecked(request, otherwise);
        } else if (assessment != null && assessment.action() == Action.REFUSE) {
            refusal = guard.attempt(
                    () -> Refusal.of(assessment, settings.explainToClient()),
                    unchecked(request, otherwise),
                    consequence);
        } else if (assessment != null && beats) {
            String full = heartbeat.full(request, assessment.request().peer());
            refusal = full == null ? null : Refusal.full(full);
        }
        if (refusal != null) {
            refuse(refusal, request, response);
            report(told, Action.REFUSE, response.getStatus());
        } else if (assessment == null || assessment.action() == Action.REFUSE) {
            next.pass(request, false, false);
            report(told, Action.PASS, response.getStatus());
        } else {
            pass(request, response, new Step(assessment, here, beats && heartbeat.takesOver(), !examined), next);
        }
    }

    /** Passes a request on that the container has refused already, and reports it if it was a handshake. */
    public void passAnswered(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        boolean examined = request.getAttribute(FirmshakeFilter.EXAMINED) != null;
        boolean candidate = !examined && isCandidate(request);
        Look look = candidate ? guard.attempt(() -> lookAtAnswered(request), Look.FAILED, PASSED) : Look.NOT_OURS;
        next.pass(request, false, false);
        report(look.assessment(), Action.PASS, response.getStatus());
    }

    private Look look(HttpServletRequest request, Settings here) {
        RequestHead head = snapshot(request);
        boolean webSocketPath = isWebSocketPath(request);
        // The Servlet API hides :protocol, so nothing is known of an extended CONNECT (RFC 8441).
        boolean hidden = !head.isHttp1() && head.method().equals("CONNECT");
        if (hidden || (!webSocketPath && !HandshakeRules.isHandshake(head))) {
            return Look.NOT_OURS;
        }
        Assessment assessment = container.possible(Assessment.of(head, webSocketPath, here));
        mark(request, assessment);
        return new Look(assessment, false);
    }

    private Look lookAtAnswered(HttpServletRequest request) {
        RequestHead head = snapshot(request);
        if (!HandshakeRules.isHandshake(head)) {
            return Look.NOT_OURS;
        }
        Violation why = container.cutShort(request);
        Assessment assessment = why == null
                ? Assessment.of(head, false, settings).unrepaired("the container refused the request first", settings)
                : Assessment.cutShort(head, why, settings);
        mark(request, assessment);
        return new Look(assessment, false);
    }

    private static void mark(HttpServletRequest request, Assessment assessment) {
        request.setAttribute(FirmshakeFilter.EXAMINED, Boolean.TRUE);
        request.setAttribute(
                FirmshakeFilter.VERDICT, assessment.examination().verdict().name());
    }

    private static @Nullable Refusal unchecked(HttpServletRequest request, Action otherwise) {
        return otherwise == Action.REFUSE ? Refusal.unchecked(isHttp1(request)) : null;
    }

    private record Step(Assessment assessment, Settings settings, boolean mine, boolean reports) {}

    private void pass(HttpServletRequest request, HttpServletResponse response, Step step, Next next)
            throws IOException, ServletException {
        Assessment assessment = step.assessment();
        boolean wanted = assessment.action() != Action.PASS;
        HttpServletRequest canonical =
                wanted ? guard.attempt(() -> container.canonical(request, assessment.request()), null, PASSED) : null;
        Action done = canonical == null ? Action.PASS : assessment.action();
        boolean repairFailed = assessment.action() == Action.REPAIR && done == Action.PASS;
        Assessment told = repairFailed
                ? assessment.unrepaired("Firmshake itself failed, see the line about that", step.settings())
                : assessment;
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            next.pass(canonical == null ? request : canonical, canonical != null, step.mine() && !repairFailed);
            status = response.getStatus();
        } catch (IOException | ServletException | RuntimeException e) {
            status = guard.attempt(() -> container.statusOf(e), status, UNSAID);
            throw e;
        } finally {
            if (step.reports()) {
                reportAtTheEnd(request, response, told, done, status);
            }
        }
    }

    private void reportAtTheEnd(
            HttpServletRequest request, HttpServletResponse response, Assessment told, Action done, int status) {
        boolean later = guard.attempt(
                () -> {
                    if (!request.isAsyncStarted()) {
                        return false;
                    }
                    Completion completion = new Completion(() -> report(told, done, response.getStatus()));
                    try {
                        request.getAsyncContext().addListener(completion);
                        return true;
                    } catch (IllegalStateException e) {
                        return false; // another thread has completed it at this moment
                    }
                },
                false,
                UNSAID);
        if (!later) {
            report(told, done, status);
        }
    }

    private boolean isWebSocketPath(HttpServletRequest request) {
        String path = RequestPath.of(request);
        return path != null && webSocketPaths.matches(path);
    }

    // Of a request that it refused, a container may have read no target, and of its last field no value.
    private RequestHead snapshot(HttpServletRequest request) {
        RequestHead.Builder head = RequestHead.builder(
                Objects.requireNonNullElse(request.getMethod(), ""),
                Objects.requireNonNullElse(request.getRequestURI(), ""),
                request.getProtocol());
        container.putPeer(request, head);
        String context = request.getContextPath();
        head.mapping(RequestPath.mapping(request, webSocketPaths), context == null ? "" : context);
        boolean capitals = false;
        for (String name : list(request.getHeaderNames())) {
            capitals |= !name.equals(name.toLowerCase(Locale.ROOT));
            for (String value : list(request.getHeaders(name))) {
                head.field(name, value);
            }
        }
        if (!capitals || !container.showsCaseOfNames()) { // lower case says nothing: most containers make it so
            head.namesLoseCase();
        }
        return head.build();
    }

    private static List<String> list(@Nullable Enumeration<String> strings) {
        return strings == null ? List.of() : Collections.list(strings);
    }

    private void refuse(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean closes = isHttp1(request);
        if (closes) {
            guard.run(() -> container.refusing(request), "the refusal is written all the same");
        }
        ServletOutputStream out = response.getOutputStream();
        response.setStatus(refusal.status());
        refusal.headers().forEach((name, value) -> {
            if (closes || !name.equals("Connection")) {
                response.setHeader(name, value);
            }
        });
        if (closes && !container.closing().isEmpty()) {
            response.setHeader("Connection", container.closing());
        }
        byte[] body = refusal.bytes();
        response.setContentLength(body.length);
        out.write(body);
        response.flushBuffer();
        if (closes && (request.getHeader("Content-Length") != null || request.getHeader("Transfer-Encoding") != null)) {
            guard.run(() -> container.refusedWithBody(request), "the container may wait for the request's body");
        }
    }

    private static boolean isHttp1(HttpServletRequest request) {
        return String.valueOf(request.getProtocol()).startsWith("HTTP/1.");
    }

    private void report(@Nullable Assessment assessment, Action done, int status) {
        if (assessment != null) {
            guard.run(() -> reporter.answered(assessment, done, status, System.nanoTime()), UNSAID);
        }
    }
}
