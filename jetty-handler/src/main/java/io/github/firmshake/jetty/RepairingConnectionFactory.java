package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's HTTP/1 connection refuses an Upgrade that Connection does not name before any handler sees the request. This
 * factory's connections mend such a head where the settings allow it. All that depends on Jetty's internal connection
 * class is here.
 */
final class RepairingConnectionFactory extends HttpConnectionFactory {

    /** Connection attribute: the assessment of the head as it was before it was mended. */
    static final String ASSESSMENT = "io.github.firmshake.assessment";

    private final Supplier<Handshakes> handshakes;

    RepairingConnectionFactory(HttpConnectionFactory replaced, Supplier<Handshakes> handshakes) {
        super(replaced.getHttpConfiguration());
        this.handshakes = handshakes;
        setInputBufferSize(replaced.getInputBufferSize());
        setUseInputDirectByteBuffers(replaced.isUseInputDirectByteBuffers());
        setUseOutputDirectByteBuffers(replaced.isUseOutputDirectByteBuffers());
    }

    /** Why this Jetty's connection class cannot be extended as it is done here, or null where it can. */
    static @Nullable String unusable() {
        try {
            HttpConnection.class.getConstructor(HttpConfiguration.class, Connector.class, EndPoint.class);
            HttpConnection.class.getDeclaredMethod("newRequestHandler");
            HttpConnection.class.getMethod("setUseInputDirectByteBuffers", boolean.class);
            HttpConnection.class.getMethod("setUseOutputDirectByteBuffers", boolean.class);
            Class.forName(RepairingConnection.class.getName());
            return null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return e.toString();
        }
    }

    /**
     * Keeps {@code close} out of the 101 to a repaired handshake: the connection decided on it by the damaged head, and
     * strict clients refuse a 101 with it.
     */
    static void withoutClose(Connection connection) {
        if (connection instanceof RepairingConnection repairing) {
            repairing.getGenerator().setPersistent(true);
        }
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new RepairingConnection(getHttpConfiguration(), connector, endPoint, handshakes);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    private static final class RepairingConnection extends HttpConnection {

        private final Supplier<Handshakes> handshakes;

        private RepairingConnection(
                HttpConfiguration configuration, Connector connector, EndPoint endPoint, Supplier<Handshakes> shakes) {
            super(configuration, connector, endPoint);
            handshakes = shakes;
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new Mending();
        }

        private final class Mending extends RequestHandler {

            private final List<HttpField> fields = new ArrayList<>();
            private String method = "";
            private String target = "";
            private boolean upgrade;
            private boolean namesUpgrade;

            @Override
            public void startRequest(String requestMethod, String uri, HttpVersion version) {
                fields.clear();
                method = requestMethod;
                target = uri;
                upgrade = false;
                namesUpgrade = version != HttpVersion.HTTP_1_1; // only there does Jetty look
                removeAttribute(ASSESSMENT);
                super.startRequest(requestMethod, uri, version);
            }

            @Override
            public void parsedHeader(HttpField field) {
                fields.add(field);
                upgrade |= field.getHeader() == HttpHeader.UPGRADE;
                namesUpgrade |= field.getHeader() == HttpHeader.CONNECTION && field.contains("upgrade");
                super.parsedHeader(field);
            }

            @Override
            public boolean headerComplete() {
                Assessment assessment = upgrade && !namesUpgrade ? assess() : null;
                fields.clear();
                if (assessment == null || assessment.action() != Action.REPAIR) {
                    return super.headerComplete();
                }
                setAttribute(ASSESSMENT, assessment);
                super.parsedHeader(new HttpField(HttpHeader.CONNECTION, "Upgrade"));
                return super.headerComplete();
            }

            private Assessment assess() {
                RequestHead.Builder head = RequestHead.builder(method, target, HttpVersion.HTTP_1_1.asString());
                Handshakes.peer(head, getEndPoint());
                int query = target.indexOf('?');
                return handshakes.get().assess(head, fields, query < 0 ? target : target.substring(0, query));
            }
        }
    }
}
