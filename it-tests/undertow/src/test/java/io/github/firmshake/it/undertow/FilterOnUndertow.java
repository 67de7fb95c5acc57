package io.github.firmshake.it.undertow;

import io.github.firmshake.diagnosis.Version;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.it.Container;
import java.util.EnumMap;
import java.util.Map;

/** The filter, as its listener registers it, on an embedded Undertow. */
final class FilterOnUndertow implements Container {

    @Override
    public String name() {
        return "filter, Undertow 2.3";
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = new EnumMap<>(Limit.class);
        limits.put(Limit.HOST, "Undertow answers a request without one valid Host before any filter");
        limits.put(Limit.ORDER_OF_FIELDS, "Undertow forgets in which order field lines came");
        limits.put(Limit.EXTENDED_CONNECT, "Undertow offers no WebSocket over HTTP/2");
        return limits;
    }

    @Override
    public Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure {
        return UndertowServer.start(settings, listener, false);
    }

    @Override
    public Running startBehindProxy(HandshakeListener listener) throws StartFailure {
        return UndertowServer.start(Map.of(), listener, true);
    }

    @Override
    public Running startBare() {
        return UndertowServer.bare();
    }

    @Override
    public String startLine(String settings) {
        return "Firmshake " + Version.current() + " filter on Undertow - " + io.undertow.Version.getVersionString()
                + ", context \"\": " + settings
                + "; stands before every filter; HTTP/1.0 is answered with an "
                + (settings.contains("repair=off")
                        ? "HTTP/1.0 status line, which downgrades a proxy's pooled connections; repair=safe answers with"
                                + " HTTP/1.1"
                        : "HTTP/1.1 status line, which Undertow does not do by itself");
    }

    @Override
    public String startFailure(String message) {
        return "Firmshake in context \"\": " + message;
    }

    @Override
    public NameCase nameCase() {
        return NameCase.CAPITALS_ONLY;
    }

    @Override
    public Answer answerTo(String name) {
        return switch (name) {
            case "no Host", "two Hosts" -> new Answer(400, Limit.HOST);
            case "no Upgrade",
                    "neither Upgrade nor Connection",
                    "HTTP/1.0, Connection: close, no Upgrade",
                    "no key",
                    "no version",
                    "no version, Origin there",
                    "a version alone",
                    "Upgrade: h2c, no key",
                    "version 14",
                    "version 13, 8",
                    "apache-close.chrome",
                    "apache-default.chrome",
                    "caddy-del-both.chrome",
                    "haproxy-del-both.chrome",
                    "java-jetty.chrome",
                    "nginx-2hop-outer-right.chrome",
                    "nginx-default-xff.chrome",
                    "nginx-default.chrome",
                    "nginx-keepalive.chrome",
                    "nginx-no-upgrade.chrome",
                    "nginx-version-only.chrome",
                    "nginx131-default.chrome",
                    "squid-default.chrome",
                    "varnish-default.chrome",
                    "field-cloudflare-elb-nginx-sso-istio" -> new Answer(404);
            default -> new Answer(101);
        };
    }
}
