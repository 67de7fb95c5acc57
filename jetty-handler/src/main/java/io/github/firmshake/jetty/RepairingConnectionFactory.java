package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.RequestHead;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
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
 * factory's connections repair such a head where the settings allow it. All that depends on Jetty's internal connection
 * class is here, and nothing else links to it: see {@link Installation#gaps}.
 */
final class RepairingConnectionFactory extends HttpConnectionFactory {

    // What a factory hands on to its connections; some versions have a property that others lack.
    private static final List<Property> PROPERTIES = Stream.of(
                    "UseInputDirectByteBuffers", "UseOutputDirectByteBuffers", "TransferEncodingChunkMaxLength")
            .flatMap(Property::find)
            .toList();

    private record Property(Method getter, Method setter, Method connectionSetter) {

        static Stream<Property> find(String name) {
            for (Method getter : HttpConnectionFactory.class.getMethods()) {
                if (getter.getName().matches("(is|get)" + name)) {
                    try {
                        Class<?> type = getter.getReturnType();
                        Method setter = HttpConnectionFactory.class.getMethod("set" + name, type);
                        return Stream.of(
                                new Property(getter, setter, HttpConnection.class.getMethod("set" + name, type)));
                    } catch (NoSuchMethodException e) {
                        return Stream.empty(); // nothing is handed on
                    }
                }
            }
            return Stream.empty();
        }

        static void copy(Object from, Object to, Function<Property, Method> setter) {
            for (Property property : PROPERTIES) {
                try {
                    setter.apply(property).invoke(to, property.getter.invoke(from));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e); // they are public
                }
            }
        }
    }

    private final Supplier<@Nullable Handshakes> handshakes;

    RepairingConnectionFactory(HttpConnectionFactory replaced, Supplier<@Nullable Handshakes> handshakes) {
        super(replaced.getHttpConfiguration());
        this.handshakes = handshakes;
        setInputBufferSize(replaced.getInputBufferSize());
        Property.copy(replaced, this, Property::setter);
        for (Object bean : replaced.getBeans()) {
            if (bean != replaced.getHttpConfiguration()) {
                addBean(bean, replaced.isManaged(bean));
            }
        }
        replaced.getEventListeners().stream()
                .filter(listener -> !getEventListeners().contains(listener))
                .forEach(this::addEventListener);
    }

    /** Fails where this Jetty's connection class cannot be extended as it is done here. */
    static void probe() throws ReflectiveOperationException {
        HttpConnection.class.getConstructor(HttpConfiguration.class, Connector.class, EndPoint.class);
        HttpConnection.class.getDeclaredMethod("newRequestHandler");
        HttpConnection.class.getMethod("getGenerator");
        Class<?> handler = RepairingConnection.Mending.class.getSuperclass();
        handler.getMethod("startRequest", String.class, String.class, HttpVersion.class);
        handler.getMethod("parsedHeader", HttpField.class);
        handler.getMethod("headerComplete");
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new RepairingConnection(getHttpConfiguration(), connector, endPoint, handshakes);
        Property.copy(this, connection, Property::connectionSetter);
        return configure(connection, connector, endPoint);
    }

    private static final class RepairingConnection extends HttpConnection implements Handshakes.Repairable {

        private final Supplier<@Nullable Handshakes> handshakes;

        private RepairingConnection(
                HttpConfiguration configuration,
                Connector connector,
                EndPoint endPoint,
                Supplier<@Nullable Handshakes> handshakes) {
            super(configuration, connector, endPoint);
            this.handshakes = handshakes;
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new Mending();
        }

        @Override
        public void answerWithoutClose() {
            getGenerator().setPersistent(true);
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
                removeAttribute(Handshakes.ASSESSMENT);
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
                Handshakes known = upgrade && !namesUpgrade ? handshakes.get() : null;
                Assessment assessment = known == null ? null : known.attempt(() -> assess(known));
                fields.clear();
                if (assessment != null && assessment.action() == Action.REPAIR) {
                    setAttribute(Handshakes.ASSESSMENT, assessment);
                    super.parsedHeader(new HttpField(HttpHeader.CONNECTION, "Upgrade"));
                }
                return super.headerComplete();
            }

            private @Nullable Assessment assess(Handshakes known) {
                HttpURI uri = HttpURI.build(method, target);
                RequestHead.Builder head = RequestHead.builder(method, target, HttpVersion.HTTP_1_1.asString());
                Handshakes.peer(head, getEndPoint());
                return known.assess(head, fields, uri.getCanonicalPath());
            }
        }
    }
}
