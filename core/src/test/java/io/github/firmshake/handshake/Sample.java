package io.github.firmshake.handshake;

import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One good handshake, in which each test breaks one thing. Immutable. */
public final class Sample {

    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final String method;
    private final String target;
    private final String version;
    private final @Nullable String protocol;
    private final UnaryOperator<RequestHead.Builder> pseudoFields;
    private final List<RequestHead.Field> fields;

    private Sample(
            String method,
            String target,
            String version,
            @Nullable String protocol,
            UnaryOperator<RequestHead.Builder> pseudoFields,
            List<RequestHead.Field> fields) {
        this.method = method;
        this.target = target;
        this.version = version;
        this.protocol = protocol;
        this.pseudoFields = pseudoFields;
        this.fields = List.copyOf(fields);
    }

    /** What every client sends over HTTP/1.1. */
    public static Sample valid() {
        return new Sample("GET", "/chat", "HTTP/1.1", null, UnaryOperator.identity(), List.of())
                .field("Host", "app.example.com")
                .field("Upgrade", "websocket")
                .field("Connection", "Upgrade")
                .field("Sec-WebSocket-Key", KEY)
                .field("Sec-WebSocket-Version", "13");
    }

    /** The same over HTTP/2, RFC 8441. */
    public static Sample overHttp2() {
        return new Sample("CONNECT", "/chat", "HTTP/2.0", "websocket", UnaryOperator.identity(), List.of())
                .field("Host", "app.example.com")
                .field("Sec-WebSocket-Version", "13");
    }

    /** What nginx sends without WebSocket settings. */
    public static Sample throughNginx() {
        return valid().version("HTTP/1.0").without("Upgrade").with("Connection", "close");
    }

    /** No handshake. */
    public static Sample plain() {
        return new Sample("GET", "/chat", "HTTP/1.1", null, UnaryOperator.identity(), List.of())
                .field("Host", "app.example.com");
    }

    public Sample method(String other) {
        return new Sample(other, target, version, protocol, pseudoFields, fields);
    }

    public Sample target(String other) {
        return new Sample(method, other, version, protocol, pseudoFields, fields);
    }

    public Sample version(String other) {
        return new Sample(method, target, other, protocol, pseudoFields, fields);
    }

    public Sample protocol(@Nullable String other) {
        return new Sample(method, target, version, other, pseudoFields, fields);
    }

    /** As an adapter gives it that sees them; a sample without this does not. */
    public Sample pseudoFields(@Nullable String scheme, @Nullable String authority) {
        return new Sample(
                method, target, version, protocol, builder -> builder.pseudoFields(scheme, authority), fields);
    }

    /** One more field line. */
    public Sample field(String name, String value) {
        List<RequestHead.Field> more = new ArrayList<>(fields);
        more.add(new RequestHead.Field(name, value));
        return new Sample(method, target, version, protocol, pseudoFields, more);
    }

    /** These field lines instead of the ones of that name. */
    public Sample with(String name, String... values) {
        List<RequestHead.Field> all = new ArrayList<>(without(name).fields);
        for (String value : values) {
            all.add(new RequestHead.Field(name, value));
        }
        return new Sample(method, target, version, protocol, pseudoFields, all);
    }

    public Sample without(String name) {
        return new Sample(
                method,
                target,
                version,
                protocol,
                pseudoFields,
                fields.stream()
                        .filter(field -> !field.name().equalsIgnoreCase(name))
                        .toList());
    }

    /**
     * Changes written as text, separated by {@code &}: {@code -Host} removes, {@code Name: value} replaces, the same
     * name once more adds a line, {@code HTTP/1.0} and {@code POST} stand for themselves.
     */
    public Sample changed(String changes) {
        Sample sample = this;
        Set<String> replaced = new HashSet<>();
        for (String change : changes.isBlank() ? new String[0] : changes.trim().split(" & ")) {
            int colon = change.indexOf(':');
            if (change.startsWith("-")) {
                sample = sample.without(change.substring(1));
            } else if (change.startsWith("HTTP/")) {
                sample = sample.version(change);
            } else if (colon < 0) {
                sample = sample.method(change);
            } else {
                String name = change.substring(0, colon);
                String value = change.substring(colon + 1).trim();
                boolean first = replaced.add(name.toLowerCase(Locale.ROOT));
                sample = first ? sample.with(name, value) : sample.field(name, value);
            }
        }
        return sample;
    }

    public RequestHead.Builder builder() {
        RequestHead.Builder builder =
                RequestHead.builder(method, target, version).protocol(protocol).peer("10.0.0.7", true);
        fields.forEach(field -> builder.field(field.name(), field.value()));
        return pseudoFields.apply(builder);
    }

    public RequestHead head() {
        return builder().build();
    }

    /** What the rules say where nothing but the request is known. */
    public Examination examined() {
        return HandshakeRules.examine(head(), new Circumstances(false, Origins.ANY, false));
    }

    /** A value, or a word for the empty one, which a list would not show. */
    static String visible(String value) {
        return value.isEmpty() ? "(empty)" : value;
    }

    /** The violations as text: code, header, values received, what was expected, section. */
    public static List<String> described(Examination examination) {
        return examination.violations().stream()
                .map(violation -> violation.code() + ": " + violation.header() + ' '
                        + violation.received().stream().map(Sample::visible).toList() + ", expected "
                        + violation.expected() + " (" + violation.section() + ')')
                .toList();
    }
}
