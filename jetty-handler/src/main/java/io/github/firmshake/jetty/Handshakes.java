package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.Guard;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.web.Refusal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Shared by handler, connection factory and error handler. Immutable and thread-safe. */
final class Handshakes {

    /** Said of a request on which a fault of ours happens. */
    static final String PASSED = "the request passed as if Firmshake were not there";

    static final String CLOSED = "its origin was to be checked, so the request was answered 403";
    static final String UNSAID = "the request is answered, and nothing is said of it";

    static final String EXAMINED = "io.github.firmshake.examined";
    static final String VERDICT = "io.github.firmshake.verdict";
    /** Connection attribute: the assessment of the head as it was before the connection repaired it. */
    static final String ASSESSMENT = "io.github.firmshake.assessment";

    /** A connection that can take back what it decided on a damaged head. */
    interface Repairable {
        /** Keeps {@code close} out of a 101, also where the request asked for it: strict clients refuse a 101 with it. */
        void answerWithoutClose();
    }

    private final Settings settings;
    private final Settings atHeartbeatPath;
    private final HandshakeReporter reporter;
    private final Guard guard;
    private final BooleanSupplier heartbeat;

    /**
     * Creates what they share.
     *
     * @param guard who is told of our own faults
     * @param heartbeat whether our endpoint serves the path that the settings have for it; asked where a request is for it
     */
    Handshakes(Settings settings, HandshakeReporter reporter, Guard guard, BooleanSupplier heartbeat) {
        this.settings = settings;
        this.reporter = reporter;
        this.guard = guard;
        this.heartbeat = heartbeat;
        atHeartbeatPath = settings.atHeartbeatPath();
    }

    /** A look at a request; without an assessment it is not ours to look at, or a fault was in the way. */
    record Look(@Nullable Assessment assessment, boolean failed) {
        private static final Look NOT_OURS = new Look(null, false);
        private static final Look FAILED = new Look(null, true);
    }

    /** Whether a request may be a handshake. Every request pays for this: three look-ups. */
    boolean isCandidate(Request request) {
        try {
            HttpFields fields = request.getHeaders();
            return fields.contains(HttpHeader.SEC_WEBSOCKET_KEY)
                    || fields.contains(HttpHeader.UPGRADE)
                    || fields.contains(HttpHeader.SEC_WEBSOCKET_VERSION)
                    || HttpMethod.CONNECT.is(request.getMethod())
                    || isWebSocketPath(request.getHttpURI().getCanonicalPath());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return true; // the same fault is in the way of a closer look, and met there
        }
    }

    /** Looks at a candidate. */
    Look look(Request request) {
        return look(request, unassessed(request) == Action.REFUSE ? CLOSED : PASSED);
    }

    /** Looks at a candidate that Jetty has refused already. */
    Look lookAtRefused(Request request) {
        return look(request, PASSED);
    }

    private Look look(Request request, String consequence) {
        return guard.attempt(
                () -> {
                    Assessment assessment = assess(request);
                    if (assessment == null) {
                        return Look.NOT_OURS;
                    }
                    mark(request, assessment);
                    return new Look(assessment, false);
                },
                Look.FAILED,
                consequence);
    }

    /** Computes something; null where a fault of ours is in the way. */
    <T> @Nullable T attempt(Supplier<@Nullable T> work) {
        return guard.attempt(work, null, PASSED);
    }

    /** Decides on a request that could not be looked at. */
    Action unassessed(Request request) {
        return Assessment.unassessed(isHeartbeat(request) ? atHeartbeatPath : settings);
    }

    /** How a request is refused; null where a fault is in the way and it passes. */
    @Nullable
    Refusal refusal(Request request, Look look) {
        Refusal unchecked = unassessed(request) == Action.REFUSE
                ? Refusal.unchecked(
                        request.getConnectionMetaData().getHttpVersion().getVersion() < 20)
                : null;
        Assessment assessment = look.assessment();
        if (assessment == null || look.failed()) {
            return unchecked;
        }
        return guard.attempt(
                () -> Refusal.of(assessment, settings.explainToClient()),
                unchecked,
                unchecked == null ? PASSED : CLOSED);
    }

    /** Whether a handshake is for the heartbeat's endpoint. */
    boolean isHeartbeat(Request request) {
        return guard.attempt(() -> isHeartbeat(request.getHttpURI().getCanonicalPath()), false, PASSED);
    }

    private boolean isHeartbeat(@Nullable String path) {
        return settings.heartbeat().heartbeatPath().equals(path) && heartbeat.getAsBoolean();
    }

    /** The head as it was, before the connection repaired it; null where the request is no handshake. */
    private @Nullable Assessment assess(Request request) {
        if (request.getConnectionMetaData().removeAttribute(ASSESSMENT) instanceof Assessment early) {
            return early;
        }
        TunnelSupport tunnel = request.getTunnelSupport();
        RequestHead.Builder head = RequestHead.builder(
                request.getMethod(),
                request.getHttpURI().getPath() == null
                        ? ""
                        : request.getHttpURI().getPath(),
                request.getConnectionMetaData().getHttpVersion().asString());
        peer(head, request.getConnectionMetaData().getConnection().getEndPoint());
        head.protocol(tunnel == null ? null : tunnel.getProtocol());
        HttpURI received = Request.unWrap(request).getHttpURI(); // customizers replace it with what a header says
        head.pseudoFields(received.getScheme(), received.getAuthority());
        return assess(head, request.getHeaders(), request.getHttpURI().getCanonicalPath());
    }

    @Nullable
    Assessment assess(RequestHead.Builder builder, Iterable<HttpField> fields, @Nullable String path) {
        builder.namesLoseCase(); // the parser writes known names in their usual case
        for (HttpField field : fields) {
            builder.field(field.getName(), field.getValue());
        }
        builder.mapping(mapping(path), "");
        RequestHead head = builder.build();
        boolean webSocketPath = isWebSocketPath(path);
        return webSocketPath || HandshakeRules.isHandshake(head)
                ? Assessment.of(head, webSocketPath, isHeartbeat(path) ? atHeartbeatPath : settings)
                : null;
    }

    private @Nullable String mapping(@Nullable String path) {
        if (path == null || isHeartbeat(path)) {
            return path;
        }
        return settings.webSocketPaths().matching(path);
    }

    // The socket's own address: a customizer replaces the request's with what a header says, the PROXY protocol the end
    // point's with what its first line says.
    static void peer(RequestHead.Builder head, EndPoint endPoint) {
        EndPoint socket = endPoint;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        SocketAddress address = socket.getRemoteSocketAddress();
        boolean internet = address instanceof InetSocketAddress inet && inet.getAddress() != null;
        head.peer(internet ? ((InetSocketAddress) address).getAddress().getHostAddress() : null, internet);
    }

    /**
     * The same where Jetty's connection has refused the request already. Its answer stays, unless what it refused is an
     * Upgrade that Connection does not name: that is the handshake's fault, and ours to answer.
     */
    Assessment refusedEarly(Assessment assessment, Request request, int status) {
        Connection connection = request.getConnectionMetaData().getConnection();
        String why = connection instanceof Repairable
                ? "Jetty refuses the request for another reason"
                : "this connector's connections cannot be extended, see the start line";
        Assessment asItIs = assessment.unrepaired(why, settings);
        RequestHead head = asItIs.request();
        boolean notNamed = status == HttpStatus.BAD_REQUEST_400
                && head.has("Upgrade")
                && !head.members("Connection").contains("upgrade");
        return asItIs.action() == Action.REFUSE && notNamed ? asItIs : asItIs.passed();
    }

    private static void mark(Request request, Assessment assessment) {
        request.setAttribute(EXAMINED, Boolean.TRUE);
        request.setAttribute(VERDICT, assessment.examination().verdict().name());
    }

    /** Reports the handshake as soon as its answer is on its way: an upgraded connection completes much later. */
    void reportWhenAnswered(Request request, @Nullable Assessment assessment, Action taken) {
        if (assessment == null) {
            return;
        }
        Connection connection = request.getConnectionMetaData().getConnection();
        boolean canonical = taken != Action.PASS;
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            private boolean reported;

            @Override
            public void prepareResponse(HttpFields.Mutable headers) {
                // It would add keep-alive for an HTTP/1.0 client, and strict clients refuse a 101 with that.
                if (!canonical || !headers.contains(HttpHeader.SEC_WEBSOCKET_ACCEPT)) {
                    super.prepareResponse(headers);
                }
            }

            @Override
            public void send(
                    MetaData.Request sent, MetaData.Response answer, boolean last, ByteBuffer content, Callback done) {
                MetaData.Response sentBack = answer;
                if (answer != null && isFinal(answer.getStatus()) && !reported) {
                    reported = true;
                    if (canonical && answer.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
                        sentBack = guard.attempt(() -> asHttp11(answer, connection), answer, PASSED);
                    }
                    report(assessment, taken, answer.getStatus());
                }
                super.send(sent, sentBack, last, content, done);
            }
        });
    }

    void report(Assessment assessment, int status) {
        report(assessment, assessment.action(), status);
    }

    private void report(Assessment assessment, Action done, int status) {
        guard.run(() -> reporter.answered(assessment, done, status, System.nanoTime()), UNSAID);
    }

    private static MetaData.Response asHttp11(MetaData.Response answer, Connection connection) {
        if (connection instanceof Repairable repairable) {
            repairable.answerWithoutClose();
        }
        return new MetaData.Response(
                answer.getStatus(), answer.getReason(), HttpVersion.HTTP_1_1, answer.getHttpFields());
    }

    private static boolean isFinal(int status) {
        return status >= 200 || status == HttpStatus.SWITCHING_PROTOCOLS_101;
    }

    static void refuse(Refusal refusal, Response response, Callback callback) {
        response.setStatus(refusal.status());
        refusal.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        byte[] body = refusal.bytes();
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private boolean isWebSocketPath(@Nullable String path) {
        return path != null
                && !settings.webSocketPaths().isEmpty()
                && settings.webSocketPaths().matches(path);
    }
}
