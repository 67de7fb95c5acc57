package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.HandshakeReporter;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.web.Refusal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
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

/** What handler, connection factory and error handler share. Immutable and thread-safe. */
final class Handshakes {

    static final String EXAMINED = "io.github.firmshake.examined";
    static final String VERDICT = "io.github.firmshake.verdict";
    /** Connection attribute: the assessment of the head as it was before the connection mended it. */
    static final String ASSESSMENT = "io.github.firmshake.assessment";

    /** A connection that can take back what it decided on a damaged head. */
    interface Mendable {
        /** Keeps {@code close} out of a 101, also where the request asked for it: strict clients refuse a 101 with it. */
        void answerWithoutClose();
    }

    private final Settings settings;
    private final Settings atHeartbeatPath;
    private final HandshakeReporter reporter;
    private final BooleanSupplier heartbeat;

    /**
     * Creates what they share.
     *
     * @param heartbeat whether our endpoint serves the path that the settings have for it; asked where a request is for it
     */
    Handshakes(Settings settings, HandshakeReporter reporter, BooleanSupplier heartbeat) {
        this.settings = settings;
        this.reporter = reporter;
        this.heartbeat = heartbeat;
        atHeartbeatPath = settings.atHeartbeatPath();
    }

    /** Whether a request may be a handshake. Every request pays for this: three look-ups. */
    boolean isCandidate(Request request) {
        HttpFields fields = request.getHeaders();
        return fields.contains(HttpHeader.SEC_WEBSOCKET_KEY)
                || fields.contains(HttpHeader.UPGRADE)
                || fields.contains(HttpHeader.SEC_WEBSOCKET_VERSION)
                || HttpMethod.CONNECT.is(request.getMethod())
                || isWebSocketPath(request.getHttpURI().getCanonicalPath());
    }

    /** Whether a handshake is for the heartbeat's endpoint. */
    boolean isHeartbeat(Request request) {
        return isHeartbeat(request.getHttpURI().getCanonicalPath());
    }

    private boolean isHeartbeat(@Nullable String path) {
        return settings.heartbeat().heartbeatPath().equals(path) && heartbeat.getAsBoolean();
    }

    /** Judges the head as it was, before the connection mended it. */
    Assessment assess(Request request) {
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

    Assessment assess(RequestHead.Builder head, Iterable<HttpField> fields, String path) {
        head.namesLoseCase(); // the parser writes known names in their usual case
        for (HttpField field : fields) {
            head.field(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return Assessment.of(head.build(), isWebSocketPath(path), isHeartbeat(path) ? atHeartbeatPath : settings);
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

    boolean concerns(Assessment assessment) {
        return !assessment.examination().violations().isEmpty()
                || assessment.action() != Action.PASS
                || HandshakeRules.isHandshake(assessment.request());
    }

    /** The same where Jetty's connection has refused the request already. */
    Assessment unrepaired(Assessment assessment, Request request) {
        String why = request.getConnectionMetaData().getConnection() instanceof Mendable
                ? "Jetty refuses the request for another reason"
                : "this connector's connections cannot be mended, see the start line";
        return assessment.unrepaired(why, settings);
    }

    void mark(Request request, Assessment assessment) {
        request.setAttribute(EXAMINED, Boolean.TRUE);
        request.setAttribute(VERDICT, assessment.examination().verdict().name());
    }

    /** Reports the handshake as soon as its answer is on its way: an upgraded connection completes much later. */
    void reportWhenAnswered(Request request, Assessment assessment) {
        Connection connection = request.getConnectionMetaData().getConnection();
        boolean canonical = assessment.action() != Action.PASS;
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
                        if (connection instanceof Mendable mendable) {
                            mendable.answerWithoutClose();
                        }
                        sentBack = asHttp11(answer);
                    }
                    report(assessment, answer.getStatus());
                }
                super.send(sent, sentBack, last, content, done);
            }
        });
    }

    void report(Assessment assessment, int status) {
        reporter.answered(assessment, assessment.action(), status, System.nanoTime());
    }

    private static MetaData.Response asHttp11(MetaData.Response answer) {
        return new MetaData.Response(
                answer.getStatus(), answer.getReason(), HttpVersion.HTTP_1_1, answer.getHttpFields());
    }

    private static boolean isFinal(int status) {
        return status >= 200 || status == HttpStatus.SWITCHING_PROTOCOLS_101;
    }

    void refuse(Assessment assessment, Response response, Callback callback) {
        refuse(Refusal.of(assessment, settings.explainToClient()), response, callback);
    }

    static void refuse(Refusal refusal, Response response, Callback callback) {
        response.setStatus(refusal.status());
        refusal.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        byte[] body = refusal.bytes();
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private boolean isWebSocketPath(String path) {
        return path != null
                && !settings.webSocketPaths().isEmpty()
                && settings.webSocketPaths().matches(path);
    }
}
