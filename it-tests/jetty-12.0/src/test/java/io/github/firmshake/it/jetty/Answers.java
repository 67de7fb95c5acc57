package io.github.firmshake.it.jetty;

import io.github.firmshake.it.Container.Answer;
import io.github.firmshake.it.Container.Limit;

/** What Jetty makes of a request by itself. */
final class Answers {

    private Answers() {}

    /** Whether Jetty's connection answers 400 because Connection does not name Upgrade. */
    static boolean diesEarly(String name) {
        return switch (name) {
            case "Connection: noupgrade",
                    "Connection: keep-alive",
                    "no Connection",
                    "caddy-conn-close.chrome",
                    "haproxy-del-connection.chrome",
                    "haproxy-set-connection-close.chrome",
                    "nginx-conn-keepalive.chrome",
                    "nginx-no-connection.chrome",
                    "nginx131-no-connection.chrome",
                    "varnish-pipe-noconn.chrome" -> true;
            default -> false;
        };
    }

    static Answer to(String name) {
        if (diesEarly(name)) {
            return new Answer(400);
        }
        return switch (name) {
            case "no Host", "two Hosts" -> new Answer(400, Limit.HOST);
            case "no key", "extensions that cannot be parsed", "permessage-deflate with an unknown parameter" ->
                new Answer(400);
            case "no Upgrade",
                    "neither Upgrade nor Connection",
                    "HTTP/1.0, Connection: close, no Upgrade",
                    "HTTP/1.0, otherwise complete",
                    "Upgrade: h2c",
                    "Upgrade: websocket/13",
                    "Upgrade: h2c, no key",
                    "a version alone",
                    "no version",
                    "no version, Origin there",
                    "version 8",
                    "version 14",
                    "version 13, 8",
                    "version on two lines, 8 and 13",
                    "POST with Content-Length: 0",
                    "apache-close.chrome",
                    "apache-default.chrome",
                    "caddy-del-both.chrome",
                    "haproxy-del-both.chrome",
                    "hyper-pass.poisoned",
                    "java-jetty.chrome",
                    "java-scg-mvc.chrome",
                    "nginx-2hop-outer-right.chrome",
                    "nginx-default-xff.chrome",
                    "nginx-default.chrome",
                    "nginx-keepalive.chrome",
                    "nginx-no-upgrade.chrome",
                    "nginx-no-version.chrome",
                    "nginx-version-only.chrome",
                    "nginx131-default.chrome",
                    "squid-default.chrome",
                    "varnish-default.chrome",
                    "field-cloudflare-elb-nginx-sso-istio" -> new Answer(404);
            default -> new Answer(101);
        };
    }
}
