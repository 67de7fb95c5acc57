package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of the opening handshake, in the order of RFC 6455 section 4.2.1, and their counterparts for WebSocket over
 * HTTP/2 (RFC 8441). Every violation is collected, not just the first. Field values are parsed leniently before they are
 * judged: lists over all field lines, any case, empty members.
 */
public final class HandshakeRules {

    /**
     * What the rules need to know beside the request.
     *
     * @param webSocketPath whether the path is WebSocket only, so that plain HTTP there is a fault too
     * @param origins the origins allowed for it
     * @param secHeaderStripper whether a hop known to drop Sec-WebSocket-* left its mark on the request
     */
    public record Circumstances(boolean webSocketPath, Origins origins, boolean secHeaderStripper) {}

    private static final String HOST = "one host name or address with an optional port";

    private final RequestHead request;
    private final Circumstances circumstances;
    private final List<Violation> violations = new ArrayList<>();

    private HandshakeRules(RequestHead request, Circumstances circumstances) {
        this.request = request;
        this.circumstances = circumstances;
    }

    /**
     * Whether a request shows by itself that a WebSocket client sent it: a key, a WebSocket version, Upgrade naming
     * {@code websocket}, or an extended CONNECT. Anything else passes untouched; ordinary clients send
     * {@code Upgrade: h2c} on every call.
     */
    public static boolean isHandshake(RequestHead request) {
        return request.protocol() != null
                || request.has("Sec-WebSocket-Key")
                || request.has("Sec-WebSocket-Version")
                || request.members("Upgrade").contains("websocket");
    }

    /** Applies every rule. A pure function. */
    public static Examination examine(RequestHead request, Circumstances circumstances) {
        return new HandshakeRules(request, circumstances).examine();
    }

    private Examination examine() {
        if (!isHandshake(request)) {
            if (circumstances.webSocketPath()) {
                violate(ReasonCode.PLAIN_HTTP_ON_WEBSOCKET_PATH, "Upgrade", "websocket");
            }
            return new Examination(request, Verdict.PLAIN, violations);
        }
        if (request.isHttp1()) {
            methodAndVersion(); // 4.2.1, item 1
            host(); // item 2
            upgradeAndConnection(); // items 3 and 4
            key(); // item 5
        } else {
            extendedConnect(); // RFC 8441
            host();
        }
        webSocketVersion(); // item 6
        origin(); // item 7
        subprotocols(); // item 8
        extensions(); // item 9
        nothingElse();
        return new Examination(request, verdict(), violations);
    }

    private void methodAndVersion() {
        if (!request.method().equals("GET")) {
            violate(ReasonCode.METHOD_NOT_GET, "request method", List.of(request.method()), "GET");
        }
        if (request.isOlderThanHttp11()) {
            violate(ReasonCode.HTTP_VERSION_TOO_OLD, "HTTP version", List.of(request.version()), "HTTP/1.1");
        }
    }

    private void host() {
        List<String> hosts = request.values("Host");
        if (hosts.isEmpty() && !request.isHttp1()) { // :authority takes its place, RFC 9113 8.3.1
            if (request.showsPseudoFields()) {
                violate(ReasonCode.HOST_INVALID, ":authority", hosts, HOST);
            }
        } else if (hosts.size() != 1 || !Grammar.isHost(hosts.get(0))) {
            violate(ReasonCode.HOST_INVALID, "Host", Shown.hostsAndPorts(hosts), HOST);
        }
    }

    private void upgradeAndConnection() {
        List<String> upgrade = request.members("Upgrade");
        List<String> connection = request.members("Connection");
        boolean lacksUpgrade = !connection.contains("upgrade");
        boolean keyed = request.has("Sec-WebSocket-Key");
        if (upgrade.isEmpty()) {
            if (lacksUpgrade && keyed) {
                violate(ReasonCode.HOP_BY_HOP_STRIPPED, "Upgrade", "websocket");
                return;
            }
            violate(ReasonCode.UPGRADE_MISSING, "Upgrade", "websocket");
        } else if (!upgrade.contains("websocket") && keyed) {
            violate(ReasonCode.UPGRADE_NOT_WEBSOCKET, "Upgrade", "websocket");
        }
        if (connection.isEmpty()) {
            violate(ReasonCode.CONNECTION_MISSING, "Connection", "upgrade");
        } else if (lacksUpgrade) {
            violate(ReasonCode.CONNECTION_LACKS_UPGRADE, "Connection", "a list with \"upgrade\"");
        }
    }

    private void key() {
        List<String> keys = request.values("Sec-WebSocket-Key");
        List<String> shown = Violation.withheld(keys);
        if (keys.isEmpty()) {
            missingSecHeader(ReasonCode.KEY_MISSING, "Sec-WebSocket-Key", "base64 of 16 bytes");
        } else if (keys.size() > 1) {
            violate(ReasonCode.KEY_REPEATED, "Sec-WebSocket-Key", shown, "one field line");
        } else if (!Grammar.isKey(keys.get(0))) {
            violate(ReasonCode.KEY_INVALID, "Sec-WebSocket-Key", shown, "canonical base64 of 16 bytes");
        }
    }

    private void webSocketVersion() {
        List<String> versions = request.values("Sec-WebSocket-Version");
        if (versions.isEmpty()) {
            missingSecHeader(ReasonCode.VERSION_MISSING, "Sec-WebSocket-Version", "13");
        } else if (versions.size() > 1) {
            violate(ReasonCode.VERSION_REPEATED, "Sec-WebSocket-Version", "one field line");
        } else if (!versions.get(0).equals("13")) {
            violate(ReasonCode.VERSION_UNSUPPORTED, "Sec-WebSocket-Version", "13");
        }
    }

    // CloudFront's mirror image: Upgrade arrived and what belongs to it did not. Only a known hop's mark tells
    // that from a client that never sent it.
    private void missingSecHeader(ReasonCode code, String header, String expected) {
        boolean stripped =
                circumstances.secHeaderStripper() && request.members("Upgrade").contains("websocket");
        violate(stripped ? ReasonCode.SEC_HEADERS_STRIPPED : code, header, expected);
    }

    private void extendedConnect() {
        if (!request.method().equals("CONNECT")) { // an HTTP/1.1 handshake that came over HTTP/2: RFC 8441 5
            violate(ReasonCode.HTTP2_HEADERS_INVALID, "request method", List.of(request.method()), "CONNECT");
        }
        if (request.protocol() == null) {
            violate(ReasonCode.HTTP2_HEADERS_INVALID, ":protocol", List.of(), "websocket");
        } else if (!request.protocol().equals("websocket")) {
            violate(ReasonCode.PROTOCOL_UNKNOWN, ":protocol", List.of(request.protocol()), "websocket");
        }
        boolean ordinaryConnect = request.method().equals("CONNECT") && request.protocol() == null; // RFC 9113 8.5
        if (request.showsPseudoFields() && request.scheme() == null && !ordinaryConnect) {
            violate(ReasonCode.HTTP2_HEADERS_INVALID, ":scheme", List.of(), "http or https"); // RFC 8441 4
        }
        for (String forbidden : List.of("Connection", "Upgrade")) { // RFC 9113 8.2.2
            if (request.has(forbidden)) {
                violate(ReasonCode.HTTP2_HEADERS_INVALID, forbidden, "no such field over HTTP/2");
            }
        }
    }

    private void origin() {
        List<String> origins = request.values("Origin");
        if (origins.size() > 1) { // hops and application may each judge by another one
            violate(ReasonCode.ORIGIN_REPEATED, "Origin", Shown.hostsAndPorts(origins), "one field line");
        } else {
            circumstances.origins().violation(request).ifPresent(violations::add);
        }
    }

    private void subprotocols() {
        List<String> values = request.values("Sec-WebSocket-Protocol");
        Set<String> seen = new HashSet<>();
        int position = 0;
        // Subprotocol names are compared with their case: they are not lower-cased here.
        for (String member : String.join(",", values).split(",")) {
            String name = Grammar.trim(member);
            position++;
            if (name.isEmpty()) {
                continue;
            }
            if (!Grammar.isToken(name) || !seen.add(name)) {
                String expected = "distinct tokens, member " + position
                        + (Grammar.isToken(name) ? " stands there before" : " is no token");
                violate(ReasonCode.SUBPROTOCOL_INVALID, "Sec-WebSocket-Protocol", Violation.withheld(values), expected);
                return;
            }
        }
    }

    private void extensions() {
        List<String> values = request.values("Sec-WebSocket-Extensions");
        for (int line = 0; line < values.size(); line++) {
            String fault = Grammar.faultInExtensions(values.get(line));
            if (fault != null) {
                String where = values.size() == 1 ? "" : " of field line " + (line + 1);
                violate(ReasonCode.EXTENSIONS_INVALID, "Sec-WebSocket-Extensions", fault + where);
                return;
            }
        }
    }

    // A body would be read as frames by one hop and swallowed as HTTP by the next: they would be out of step.
    private void nothingElse() {
        if (!request.values("Content-Length").stream().allMatch(Grammar::isZero)) {
            violate(ReasonCode.BODY_PRESENT, "Content-Length", "no such field, or 0");
        }
        for (String header : List.of("Transfer-Encoding", "Expect")) {
            if (request.has(header)) {
                violate(ReasonCode.BODY_PRESENT, header, "no such field");
            }
        }
        if (request.has("Sec-WebSocket-Accept")) {
            violate(ReasonCode.ACCEPT_IN_REQUEST, "Sec-WebSocket-Accept", "no such field in a request");
        }
    }

    private Verdict verdict() {
        if (violations.isEmpty()) {
            return Verdict.VALID;
        }
        return violations.stream().map(Violation::code).allMatch(this::isHopsDoing) ? Verdict.DAMAGED : Verdict.INVALID;
    }

    private boolean isHopsDoing(ReasonCode code) {
        return code.isDamage() || code == ReasonCode.UPGRADE_NOT_WEBSOCKET && hopWroteUpgrade();
    }

    // A browser never sends HTTP2-Settings beside a key: a gateway's own client offered h2c.
    private boolean hopWroteUpgrade() {
        return request.has("HTTP2-Settings")
                || request.values("Upgrade").stream().allMatch(HandshakeRules::isUnfilledTemplate);
    }

    // A template that a proxy forwarded instead of filling it in, such as {>Upgrade}. Braces are no token: no client
    // sends them here.
    private static boolean isUnfilledTemplate(String value) {
        return value.startsWith("{") && value.indexOf('{', 1) < 0 && value.indexOf('}') == value.length() - 1;
    }

    private void violate(ReasonCode code, String header, String expected) {
        violate(code, header, request.values(header), expected);
    }

    private void violate(ReasonCode code, String header, List<String> received, String expected) {
        violations.add(new Violation(code, header, received, expected));
    }
}
