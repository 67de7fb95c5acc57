package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.PathPatterns;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.web.Refusal;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;

/**
 * What every adapter that sees servlet requests does with them: tell handshakes from the rest, examine each once, refuse
 * or pass it on, and report how it was answered. Immutable and thread-safe.
 */
public final class ServletHandshakes {

    /** Passes an examined request on. */
    @FunctionalInterface
    public interface Next {
        /**
         * Passes it on untouched, or in canonical form where the action is any other than {@link Action#PASS}.
         *
         * @param heartbeat whether {@link ServletHeartbeat#open} is to answer it, and nobody behind
         */
        void pass(Action action, RequestHead received, boolean heartbeat) throws IOException, ServletException;
    }

    /** What an adapter knows of its container. */
    public interface Container {
        /** Says where a request came from. */
        void putPeer(HttpServletRequest request, RequestHead.Builder head);

        /** Whether a field name with a capital letter was sent so; by default, it was. */
        default boolean showsCaseOfNames() {
            return true;
        }

        /** What of an assessment can be done here; by default, all of it. */
        default Assessment possible(Assessment assessment) {
            return assessment;
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

    private final Settings settings;
    private final PathPatterns webSocketPaths;
    private final ServletHeartbeat heartbeat;
    private final HandshakeReporter reporter;
    private final Container container;

    /**
     * Creates the common part of an adapter.
     *
     * @param settings the settings
     * @param heartbeat the adapter's heartbeat
     * @param reporter who is told of answered handshakes
     * @param container what is known of the container
     */
    public ServletHandshakes(
            Settings settings, ServletHeartbeat heartbeat, HandshakeReporter reporter, Container container) {
        this.settings = settings;
        this.heartbeat = heartbeat;
        this.webSocketPaths = settings.webSocketPaths();
        this.reporter = reporter;
        this.container = container;
    }

    /**
     * Whether a request may be a handshake, so that {@link #examine} has to look at it. Every request pays for this: three
     * look-ups, nothing allocated.
     */
    public boolean isCandidate(HttpServletRequest request) {
        return (request.getHeader("Sec-WebSocket-Key") != null
                        || request.getHeader("Upgrade") != null
                        || request.getHeader("Sec-WebSocket-Version") != null
                        || (!webSocketPaths.isEmpty() && isWebSocketPath(request)))
                && RequestHead.isVersion(request.getProtocol()); // else it is the container's to refuse
    }

    /** Examines a candidate and sees it answered. */
    public void examine(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        RequestHead head = snapshot(request);
        boolean webSocketPath = isWebSocketPath(request);
        // The Servlet API hides :protocol, so nothing is known of an extended CONNECT (RFC 8441).
        boolean hidden = !head.isHttp1() && head.method().equals("CONNECT");
        boolean concerned = !hidden && (webSocketPath || HandshakeRules.isHandshake(head));
        boolean beats = concerned && heartbeat.isAt(request);
        boolean examined = request.getAttribute(FirmshakeFilter.EXAMINED) != null;
        if (!concerned || (examined && !beats)) {
            next.pass(Action.PASS, head, false);
            return;
        }
        Settings here = beats ? settings.atHeartbeatPath() : settings;
        Assessment assessment = container.possible(Assessment.of(head, webSocketPath, here));
        Runnable report = examined ? () -> {} : () -> report(assessment, response.getStatus());
        request.setAttribute(FirmshakeFilter.EXAMINED, Boolean.TRUE);
        request.setAttribute(
                FirmshakeFilter.VERDICT, assessment.examination().verdict().name());
        if (assessment.action() == Action.REFUSE) {
            if (head.isHttp1()) {
                container.refusing(request);
            }
            refuse(Refusal.of(assessment, settings.explainToClient()), response);
            if (head.isHttp1() && (head.has("Content-Length") || head.has("Transfer-Encoding"))) {
                container.refusedWithBody(request);
            }
            report.run();
        } else if (beats && heartbeat.isFull()) {
            refuse(Refusal.full(heartbeat.maxSessions()), response);
            report.run();
        } else if (examined) {
            next.pass(assessment.action(), head, heartbeat.takesOver());
        } else {
            pass(request, response, assessment, beats && heartbeat.takesOver(), next);
        }
    }

    private void pass(
            HttpServletRequest request, HttpServletResponse response, Assessment assessment, boolean mine, Next next)
            throws IOException, ServletException {
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            next.pass(assessment.action(), assessment.request(), mine);
            status = response.getStatus();
        } catch (IOException | ServletException | RuntimeException e) {
            status = container.statusOf(e);
            throw e;
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Completion(() -> report(assessment, response.getStatus())));
            } else {
                report(assessment, status);
            }
        }
    }

    private boolean isWebSocketPath(HttpServletRequest request) {
        String path = RequestPath.of(request);
        return path != null && webSocketPaths.matches(path);
    }

    private RequestHead snapshot(HttpServletRequest request) {
        RequestHead.Builder head =
                RequestHead.builder(request.getMethod(), request.getRequestURI(), request.getProtocol());
        container.putPeer(request, head);
        boolean capitals = false;
        for (String name : Collections.list(request.getHeaderNames())) {
            capitals |= !name.equals(name.toLowerCase(Locale.ROOT));
            for (String value : Collections.list(request.getHeaders(name))) {
                head.field(name, value);
            }
        }
        if (!capitals || !container.showsCaseOfNames()) { // lower case says nothing: most containers make it so
            head.namesLoseCase();
        }
        return head.build();
    }

    private void refuse(Refusal refusal, HttpServletResponse response) throws IOException {
        response.setStatus(refusal.status());
        refusal.headers().forEach(response::setHeader);
        if (refusal.headers().containsKey("Connection") && !container.closing().isEmpty()) {
            response.setHeader("Connection", container.closing());
        }
        byte[] body = refusal.bytes();
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private void report(Assessment assessment, int status) {
        reporter.answered(assessment, assessment.action(), status, System.nanoTime());
    }
}
