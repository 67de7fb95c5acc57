package io.github.firmshake.it.tomcat;

import io.github.firmshake.it.Container.Answer;

/** What Tomcat makes of a request by itself. 10.1 and 11 do not differ here. What is not named is switched. */
final class Answers {

    private Answers() {}

    static Answer to(String name) {
        return switch (name) {
            case "Connection: noupgrade",
                    "Connection: keep-alive",
                    "no Connection",
                    "no key",
                    "key abc",
                    "key of 24 characters that are no base64",
                    "key of 15 bytes",
                    "caddy-conn-close.chrome",
                    "haproxy-del-connection.chrome",
                    "haproxy-set-connection-close.chrome",
                    "hyper-pass.poisoned",
                    "nginx-conn-keepalive.chrome",
                    "nginx-no-connection.chrome",
                    "nginx131-no-connection.chrome",
                    "varnish-pipe-noconn.chrome",
                    "no Host",
                    "two Hosts" -> new Answer(400);
            case "no Upgrade",
                    "neither Upgrade nor Connection",
                    "HTTP/1.0, Connection: close, no Upgrade",
                    "Upgrade: h2c",
                    "Upgrade: websocket/13",
                    "Upgrade: h2c, no key",
                    "a version alone",
                    "POST with Content-Length: 0",
                    "apache-close.chrome",
                    "apache-default.chrome",
                    "caddy-del-both.chrome",
                    "haproxy-del-both.chrome",
                    "java-jetty.chrome",
                    "java-scg-mvc.chrome",
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
            case "no version", "no version, Origin there", "version 8", "version 14" -> new Answer(426);
            default -> new Answer(101);
        };
    }
}
