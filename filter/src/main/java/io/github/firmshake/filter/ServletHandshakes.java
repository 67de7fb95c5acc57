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
        /** Passes it on untouched, or in canonical form where the action is any other than {@link Action#PASS}. */
        void pass(Action action, RequestHead received) throws IOException, ServletException;
    }

    /** Says where a request came from. */
    @FunctionalInterface
    public interface PeerOf {
        /** Puts the peer's address into the snapshot. */
        void put(HttpServletRequest request, RequestHead.Builder head);
    }

    private final Settings settings;
    private final PathPatterns webSocketPaths;
    private final HandshakeReporter reporter;
    private final boolean namesKeepCase;
    private final PeerOf peer;

    /**
     * Creates the common part of an adapter.
     *
     * @param settings the settings
     * @param reporter who is told of answered handshakes
     * @param namesKeepCase whether the container is known to keep the case of field names; Tomcat 11 does and 10.1 does
     *     not, so on Tomcat a head keeps its case where it has a capital letter, and lower case says nothing
     * @param peer where requests come from
     */
    public ServletHandshakes(Settings settings, HandshakeReporter reporter, boolean namesKeepCase, PeerOf peer) {
        this.settings = settings;
        this.webSocketPaths = settings.webSocketPaths();
        this.reporter = reporter;
        this.namesKeepCase = namesKeepCase;
        this.peer = peer;
    }

    /**
     * Whether a request may be a handshake, so that {@link #examine} has to look at it. Every request pays for this: two
     * look-ups, nothing allocated.
     */
    public boolean isCandidate(HttpServletRequest request) {
        return request.getHeader("Sec-WebSocket-Key") != null
                || request.getHeader("Upgrade") != null
                || (!webSocketPaths.isEmpty() && isWebSocketPath(request));
    }

    /** Examines a candidate and sees it answered. */
    public void examine(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        RequestHead head = snapshot(request);
        boolean webSocketPath = isWebSocketPath(request);
        boolean concerned = webSocketPath || HandshakeRules.isHandshake(head);
        if (!concerned || request.getAttribute(FirmshakeFilter.EXAMINED) != null) {
            next.pass(Action.PASS, head);
            return;
        }
        Assessment assessment = Assessment.of(head, webSocketPath, settings);
        request.setAttribute(FirmshakeFilter.EXAMINED, Boolean.TRUE);
        request.setAttribute(
                FirmshakeFilter.VERDICT, assessment.examination().verdict().name());
        if (assessment.action() == Action.REFUSE) {
            refuse(Refusal.of(assessment, settings.explainToClient()), response);
            report(assessment, response.getStatus());
        } else {
            pass(request, response, assessment, next);
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, Assessment assessment, Next next)
            throws IOException, ServletException {
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR; // what an exception ends in
        try {
            next.pass(assessment.action(), assessment.request());
            status = response.getStatus();
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Completion(() -> report(assessment, response.getStatus())));
            } else {
                report(assessment, status);
            }
        }
    }

    private boolean isWebSocketPath(HttpServletRequest request) {
        String servletPath = request.getServletPath();
        if (servletPath == null) { // a valve sees requests that belong to no context
            return false;
        }
        String pathInfo = request.getPathInfo();
        return webSocketPaths.matches(pathInfo == null ? servletPath : servletPath + pathInfo);
    }

    private RequestHead snapshot(HttpServletRequest request) {
        RequestHead.Builder head =
                RequestHead.builder(request.getMethod(), request.getRequestURI(), request.getProtocol());
        peer.put(request, head);
        boolean keptCase = namesKeepCase;
        for (String name : Collections.list(request.getHeaderNames())) {
            keptCase |= !name.equals(name.toLowerCase(Locale.ROOT));
            for (String value : Collections.list(request.getHeaders(name))) {
                head.field(name, value);
            }
        }
        if (!keptCase) {
            head.namesLoseCase();
        }
        return head.build();
    }

    private static void refuse(Refusal refusal, HttpServletResponse response) throws IOException {
        response.setStatus(refusal.status());
        refusal.headers().forEach(response::setHeader);
        byte[] body = refusal.bytes();
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private void report(Assessment assessment, int status) {
        reporter.answered(assessment, assessment.action(), status, System.nanoTime());
    }
}
