package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of one request head as an adapter saw it: request line, field lines in their order, and what the container
 * could not tell. Immutable and safe to share between threads.
 *
 * <p>The query string and path parameters are cut off when the snapshot is taken, so that nothing built on it can print
 * them.
 */
public final class RequestHead {

    /** One field line (RFC 9112 section 5): the name as received, the value without surrounding white space. */
    public record Field(String name, String value) {
        public Field {
            Objects.requireNonNull(name, "name");
            value = Grammar.trim(value);
        }
    }

    private static final int MAJOR = "HTTP/".length(); // where the major digit is

    private final String method;
    private final String path;
    private final String version;
    private final int major;
    private final int minor;
    private final @Nullable String protocol;
    private final boolean showsPseudoFields;
    private final @Nullable String scheme;
    private final @Nullable String peer;
    private final boolean peerIsSocket;
    private final boolean namesKeepCase;
    private final @Nullable String mapping;
    private final String context;
    private final List<Field> fields;
    private final Map<String, List<String>> values;

    private RequestHead(Builder builder) {
        if (!isVersion(builder.version)) {
            throw new IllegalArgumentException("HTTP version is \"" + builder.version
                    + "\", expected HTTP/ and one digit, or two digits and a dot");
        }
        method = builder.method;
        path = withoutSecrets(builder.target);
        version = builder.version;
        major = version.charAt(MAJOR) - '0';
        minor = version.length() == MAJOR + 1 ? 0 : version.charAt(MAJOR + 2) - '0';
        protocol = builder.protocol;
        showsPseudoFields = builder.showsPseudoFields;
        scheme = builder.scheme;
        peer = builder.peer;
        peerIsSocket = builder.peerIsSocket;
        namesKeepCase = builder.namesKeepCase;
        mapping = builder.mapping;
        context = builder.context;
        fields = fields(builder);
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Field field : fields) {
            byName.computeIfAbsent(lower(field.name()), name -> new ArrayList<>(1))
                    .add(field.value());
        }
        byName.replaceAll((name, all) -> List.copyOf(all));
        values = byName;
    }

    private static List<Field> fields(Builder builder) {
        List<Field> all = new ArrayList<>(builder.fields);
        if (builder.authority != null
                && all.stream().noneMatch(field -> lower(field.name()).equals("host"))) {
            all.add(0, new Field("Host", builder.authority));
        }
        return List.copyOf(all);
    }

    /**
     * Starts a snapshot.
     *
     * @param method the method as received
     * @param target the request target; its query, fragment, authority and path parameters are dropped
     * @param version {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2.0} and the like
     */
    public static Builder builder(String method, String target, String version) {
        return new Builder(method, target, version);
    }

    public String method() {
        return method;
    }

    /** The path without query and path parameters. */
    public String path() {
        return path;
    }

    /** The version as received, such as {@code HTTP/1.1}. */
    public String version() {
        return version;
    }

    /** Whether the request came over HTTP/1.0 or HTTP/1.1, where Connection and Upgrade exist. */
    public boolean isHttp1() {
        return major < 2;
    }

    /** Whether the version is older than HTTP/1.1, the first that knows Upgrade (RFC 9110 section 7.8). */
    public boolean isOlderThanHttp11() {
        return major < 1 || (major == 1 && minor < 1);
    }

    /** The pseudo-header {@code :protocol} of an extended CONNECT (RFC 8441 section 4), or null for any other request. */
    public @Nullable String protocol() {
        return protocol;
    }

    /** Whether the adapter sees {@code :scheme} and {@code :authority}, so that a missing one is known to be missing. */
    public boolean showsPseudoFields() {
        return showsPseudoFields;
    }

    /** The pseudo-header {@code :scheme} (RFC 9113 section 8.3.1), or null where it is missing or not shown. */
    public @Nullable String scheme() {
        return scheme;
    }

    /** The address the request came from, or null where the adapter has none. */
    public @Nullable String peer() {
        return peer;
    }

    /** Whether {@link #peer()} is the socket's own address rather than one that a forwarding header may have replaced. */
    public boolean peerIsSocket() {
        return peerIsSocket;
    }

    /** Whether the container kept the case of field names; where it did not, their case is no evidence. */
    public boolean namesKeepCase() {
        return namesKeepCase;
    }

    /** The pattern that the path is mapped by, or null where the adapter knows of none. */
    public @Nullable String mapping() {
        return mapping;
    }

    /** The path of the application that the request is for; empty where the adapter knows of none. */
    public String context() {
        return context;
    }

    /** All field lines in the order received. */
    public List<Field> fields() {
        return fields;
    }

    /** Whether at least one field line has this name, in any case. */
    public boolean has(String name) {
        return values.containsKey(lower(name));
    }

    /** The values of all field lines of this name, in any case; empty where there is none. */
    public List<String> values(String name) {
        return values.getOrDefault(lower(name), List.of());
    }

    /** The lower-cased members of a comma list over all field lines of this name, empty members dropped. */
    public List<String> members(String name) {
        return Grammar.members(values(name));
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String withoutSecrets(String target) {
        String path = target.substring(0, queryStart(target)); // first: a query may hold "://" too
        if (!path.startsWith("/")) {
            int authority = path.indexOf("://");
            if (authority > 0) { // absolute-form, RFC 9112 3.2.2
                int slash = path.indexOf('/', authority + 3);
                path = slash < 0 ? "/" : path.substring(slash);
            } else { // authority-form, in which user information does not belong (RFC 9112 3.2.3)
                path = path.substring(path.lastIndexOf('@') + 1);
            }
        }
        return withoutParameters(path);
    }

    private static int queryStart(String target) {
        int at = 0;
        while (at < target.length() && target.charAt(at) != '?' && target.charAt(at) != '#') {
            at++;
        }
        return at;
    }

    private static String withoutParameters(String path) {
        StringBuilder kept = new StringBuilder(path.length());
        boolean parameter = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            parameter = c == ';' || parameter && c != '/';
            if (!parameter) {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    /**
     * Whether a version can be read. Tomcat shows its valves requests with any other before it refuses them.
     *
     * <p>HTTP-version = HTTP-name "/" DIGIT "." DIGIT (RFC 9112 2.3); HTTP/2 and HTTP/3 have no minor digit.
     */
    public static boolean isVersion(String version) {
        boolean major =
                version.startsWith("HTTP/") && version.length() > MAJOR && Grammar.isDigit(version.charAt(MAJOR));
        return major
                && (version.length() == MAJOR + 1
                        || version.length() == MAJOR + 3
                                && version.charAt(MAJOR + 1) == '.'
                                && Grammar.isDigit(version.charAt(MAJOR + 2)));
    }

    /** Collects what a snapshot consists of. Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final String target;
        private final String version;
        private final List<Field> fields = new ArrayList<>();
        private @Nullable String protocol;
        private boolean showsPseudoFields;
        private @Nullable String scheme;
        private @Nullable String authority;
        private @Nullable String peer;
        private boolean peerIsSocket;
        private boolean namesKeepCase = true;
        private @Nullable String mapping;
        private String context = "";

        private Builder(String method, String target, String version) {
            this.method = Objects.requireNonNull(method, "method");
            this.target = Objects.requireNonNull(target, "target");
            this.version = Objects.requireNonNull(version, "version");
        }

        /** Adds one field line; null is the value of one that the container read no value of. */
        public Builder field(String name, @Nullable String value) {
            fields.add(new Field(name, value == null ? "" : value));
            return this;
        }

        /** Makes the request an extended CONNECT for that {@code :protocol} (RFC 8441 section 4). */
        public Builder protocol(@Nullable String protocol) {
            this.protocol = protocol;
            return this;
        }

        /**
         * Says which {@code :scheme} and {@code :authority} came, null for one that did not. The authority counts as Host
         * where no such field came (RFC 9113 section 8.3.1).
         */
        public Builder pseudoFields(@Nullable String scheme, @Nullable String authority) {
            showsPseudoFields = true;
            this.scheme = scheme;
            this.authority = authority;
            return this;
        }

        /** Says where the request came from, and whether that is the socket's own address. */
        public Builder peer(@Nullable String address, boolean isSocket) {
            peer = address;
            peerIsSocket = isSocket;
            return this;
        }

        /** Says what the path is mapped by, and to which application; the log tells paths apart by it. */
        public Builder mapping(@Nullable String pattern, String contextPath) {
            mapping = pattern;
            context = contextPath;
            return this;
        }

        /** Says that the container does not keep the case of field names. */
        public Builder namesLoseCase() {
            namesKeepCase = false;
            return this;
        }

        /** Takes the snapshot. @throws IllegalArgumentException if the version is not of the form {@code HTTP/1.1} */
        public RequestHead build() {
            return new RequestHead(this);
        }
    }
}
