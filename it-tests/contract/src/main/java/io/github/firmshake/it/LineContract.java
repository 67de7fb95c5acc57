package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.NameCase;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Log lines, whole: what proxies were recorded to send, and what somebody may try to write into a log. */
public abstract class LineContract extends HandshakeContract {

    protected LineContract(Container container) {
        super(container);
    }

    @Test
    final void nginxWithoutWebSocketSettings() throws Exception {
        assertThat(lineAbout("nginx-default.chrome"))
                .isEqualTo("""
                        WARNING HOP_BY_HOP_STRIPPED /ws: N of M in 10 min arrived without Upgrade and Connection; also \
                        HTTP_VERSION_TOO_OLD; nginx without WebSocket settings (likely: HTTP/1.0 with "Connection: \
                        close"); fix: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header \
                        Connection $connection_upgrade; in http{}: map $http_upgrade $connection_upgrade { default \
                        upgrade; '' close; }; got GET HTTP/1.0, Upgrade missing, Connection "close", key and version \
                        there; from 127.0.0.1; answered\s""" + container.answerTo("nginx-default.chrome").status());
    }

    // Lower-case names are hyper's; where they say nothing, nginx could have sent this too.
    @Test
    final void hyperWithAPoisonedPoolIsRepaired() throws Exception {
        String nginx = ", or nginx (possible: HTTP/1.0 with keep-alive in Connection)";
        assertThat(lineAbout("hyper-pass.poisoned"))
                .isEqualTo((lacks(Limit.REPAIR) ? "WARNING " : "INFO ")
                        + "CONNECTION_LACKS_UPGRADE /ws: "
                        + (lacks(Limit.REPAIR) ? "" : "repaired, 101; ") + """
                N of M in 10 min arrived with a Connection that lacks upgrade; also HTTP_VERSION_TOO_OLD; hyper with a \
                pooled connection that once answered HTTP/1.0 with keep-alive (likely: HTTP/1.0 with "Connection: \
                keep-alive" and Upgrade)"""
                        + (container.nameCase() == NameCase.KEPT ? "" : nginx) + """
                ; fix: on the server behind it: answer every request with an HTTP/1.1 status line, those that come as \
                HTTP/1.0 too; in the proxy, until the server does, on its client's builder: \
                .pool_max_idle_per_host(0);\s"""
                        + (lacks(Limit.REPAIR)
                                ? "not repaired: " + container.limits().get(Limit.REPAIR) + "; "
                                : "")
                        + "got GET HTTP/1.0, Upgrade \"websocket\", Connection \"keep-alive\", key and version there; "
                        + "from 127.0.0.1"
                        + (lacks(Limit.REPAIR)
                                ? "; answered "
                                        + container
                                                .answerTo("hyper-pass.poisoned")
                                                .status()
                                : ""));
    }

    @Test
    final void springCloudGatewayThatOffersH2c() throws Exception {
        assertThat(lineAbout("java-scg-mvc.chrome"))
                .isEqualTo("""
                        WARNING UPGRADE_NOT_WEBSOCKET /ws: N of M in 10 min arrived with another Upgrade than \
                        websocket; Spring Cloud Gateway Server MVC, whose HTTP client offers h2c and cannot proxy \
                        WebSocket (likely: Forwarded as Spring Cloud Gateway writes it (proto, host, for)); fix: in \
                        the gateway's build, in place of its MVC starter (before 2025.0: spring-cloud-starter-gateway): \
                        org.springframework.cloud:spring-cloud-starter-gateway-server-webflux; got GET HTTP/1.1, \
                        Upgrade "h2c", Connection "Upgrade, HTTP2-Settings", key and version there; from 127.0.0.1; \
                        answered\s""" + container.answerTo("java-scg-mvc.chrome").status());
    }

    @Test
    final void squidWhichCannotTunnel() throws Exception {
        assertThat(lineAbout("squid-default.chrome"))
                .isEqualTo("""
                        WARNING HOP_BY_HOP_STRIPPED /ws: N of M in 10 min arrived without Upgrade and Connection; \
                        Squid without http_upgrade_request_protocols, or with another case than "websocket" there \
                        (sure: Via names squid); fix: in squid.conf (5 or newer): http_upgrade_request_protocols \
                        websocket allow all; got GET HTTP/1.1, Upgrade missing, Connection "keep-alive", key and \
                        version there; from 127.0.0.1; answered\s""" + container.answerTo("squid-default.chrome").status());
    }

    @Test
    final void fiveHopsOfWhichOneIsGuilty() throws Exception {
        assertThat(lineAbout("field-cloudflare-elb-nginx-sso-istio"))
                .isEqualTo("""
                        WARNING HOP_BY_HOP_STRIPPED /ws/{36}: N of M in 10 min arrived without Upgrade and Connection; \
                        AWS classic ELB with an HTTP or HTTPS listener, which cannot pass an upgrade (possible: \
                        X-Forwarded-Port and -Proto without X-Amzn-Trace-Id); also in the chain: ingress-nginx (sure: \
                        X-Request-ID, X-Scheme and X-Original-Forwarded-For together), Istio (sure: \
                        x-envoy-attempt-count, x-b3-traceid and x-forwarded-client-cert together), Cloudflare (sure: \
                        CF-Ray); fix: with the AWS CLI, in place of the HTTP listener (or move to an Application Load \
                        Balancer, which needs no setting): aws elb delete-load-balancer-listeners \
                        --load-balancer-name NAME --load-balancer-ports 80 && aws elb create-load-balancer-listeners \
                        --load-balancer-name NAME --listeners \
                        Protocol=TCP,LoadBalancerPort=80,InstanceProtocol=TCP,InstancePort=PORT; got GET HTTP/1.1, \
                        Upgrade missing, Connection missing, key and version there; from 127.0.0.1; \
                        id x-request-id=c2b936fa4e66077ab0573418c9b86b2a; answered\s"""
                        + container
                                .answerTo("field-cloudflare-elb-nginx-sso-istio")
                                .status());
    }

    // What gives Caddy away is the case of names. Where the server hides it, the line says what is possible.
    @Test
    final void caddyIsRecognisedByTheCaseOfNames() throws Exception {
        String damage = "N of M in 10 min arrived with a Connection that lacks upgrade; ";
        String got =
                "got GET HTTP/1.1, Upgrade \"websocket\", Connection \"close\", key and version there; from 127.0.0.1";
        String recognised = "WARNING CONNECTION_LACKS_UPGRADE /ws: " + damage + """
                Caddy with header_up lines for Upgrade or Connection (likely: Go's case of names (Sec-Websocket-Key) \
                with X-Forwarded-For, -Host and -Proto); fix: in the Caddyfile, in place of the reverse_proxy block \
                with header_up Upgrade or Connection: reverse_proxy HOST:PORT; not repaired: Caddy answers the client \
                200 with an empty body and keeps the connection to the server open;\s"""
                + got + "; answered "
                + container.answerTo("caddy-conn-close.chrome").status();
        String hidden = "INFO CONNECTION_LACKS_UPGRADE /ws: repaired, 101; " + damage + """
                nginx with Upgrade passed on, but not Connection (possible: Upgrade without "upgrade" in Connection), \
                or HAProxy (possible: Upgrade without "upgrade" in Connection), Caddy (possible: X-Forwarded-For, \
                -Host and -Proto alone); fix: in place of any other Connection line: proxy_set_header Connection \
                $connection_upgrade; in http{}: map $http_upgrade $connection_upgrade { default upgrade; '' close; };\s""" + got;

        if (container.answerTo("caddy-conn-close.chrome").unseen() != null) {
            cannot(Capability.CASE_OF_NAMES, "Caddy", Limit.CASE_OF_NAMES);
            return;
        }
        assertThat(lineAbout("caddy-conn-close.chrome"))
                .isEqualTo(container.nameCase().isHidden() ? hidden : recognised);
        if (container.nameCase().isHidden()) {
            cannot(Capability.CASE_OF_NAMES, "Caddy", Limit.CASE_OF_NAMES);
        } else {
            did(Capability.CASE_OF_NAMES, "Caddy");
        }
    }

    // All damaged is configuration, some of many a pooled connection.
    @Test
    final void theLineSaysHowManyOfAPathAreDamagedAndWhenItRecovered() throws Exception {
        try (Server server = start(Map.of("logLimitPerMinute", "0", "repair", "off"))) {
            log.nextConfiguration();
            log.restOfConfiguration();
            log.restOfRecoveries(); // those of other tests
            String damaged = HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0");
            String start = "WARNING HTTP_VERSION_TOO_OLD /ws: ";
            for (int i = 1; i <= 10; i++) {
                server.send(damaged);
                server.nextEvent();
                String configuration = ", so configuration rather than a pooled connection or one bad node";
                assertThat(line())
                        .startsWith(start + i + " of " + i + " in 10 min arrived as HTTP/1.0"
                                + (i < 10 ? "" : configuration) + "; ");
            }
            for (int i = 0; i < 40; i++) {
                server.open(HANDSHAKE).close();
            }
            assertThat(log.nextRecovery())
                    .isEqualTo(
                            "INFO VALID /ws: recovered, 10 handshakes in a row arrived whole; damaged before: 10 of 20 "
                                    + "in 10 min; from 127.0.0.1");
            server.send(damaged);
            server.nextEvent();
            assertThat(line())
                    .startsWith(
                            start + "11 of 51 in 10 min arrived as HTTP/1.0, so a pooled connection or one bad node "
                                    + "rather than configuration; ");
        }
    }

    @Test
    final void privacyIsTheSameInEveryOutput() throws Exception {
        Server server = with("onInvalid", "reject", "explainToClient", "full", "logPeer", "masked");
        container.logDebug(true);
        try {
            Response response = server.send(HANDSHAKE
                    .replace("/ws", "/ws/b06df69c-2341-476f-b857-58c3f690fd57")
                    .replace("Connection: Upgrade\n", "")
                    .replace("\n\n", "\nX-Forwarded-For: 203.0.113.9\nTrue-Client-Ip: 203.0.113.9\n\n"));
            if (response.status() != 426) {
                cannot(Capability.TELLS_MALFORMED, "no Connection", Limit.UPGRADE_NOT_NAMED);
                return;
            }
            HandshakeEvent event = server.nextEvent();
            String line = line();
            String head = line();
            assertThat(line).startsWith("WARNING CONNECTION_MISSING /ws/{36}: ").contains("; from 127.0.0.x; ");
            assertThat(head)
                    .contains("GET /ws/{36} HTTP/1.1; ")
                    .containsIgnoringCase("X-Forwarded-For: \"203.0.113.x\"");
            assertThat(event.path()).isEqualTo("/ws/{36}");
            assertThat(event.peer()).isEqualTo("127.0.0.x");
            assertThat(response.body()).contains("'http://HOST:PORT/ws/{36}'");
            assertThat(line + head + event + response.body()).doesNotContain("b06df69c", "203.0.113.9", "127.0.0.1;");
        } finally {
            container.logDebug(false);
        }
    }

    @Test
    final void whatTheClientWroteCannotForgeALine() throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE
                .replace("HTTP/1.1", "HTTP/1.0")
                .replace("/ws", "/ws%22%20ERROR%20forged")
                .replace("Connection: Upgrade", "Connection: close\u0085ERROR \"forged\"; answered 101")
                .replace("\n\n", "\nX-Request-Id: 1\"; answered 101\u0085ERROR forged\n\n"));

        server.nextEvent();
        assertThat(lineWithoutCounts()).isEqualTo("""
                        WARNING CONNECTION_LACKS_UPGRADE /ws%22%20ERROR%20forged: N of M in 10 min arrived with a \
                        Connection that lacks upgrade; also HTTP_VERSION_TOO_OLD; no known proxy recognised; got GET \
                        HTTP/1.0, Upgrade "websocket", Connection "close\\x85ERROR \\"forged\\"; answered 101", key and \
                        version there; from 127.0.0.1; \
                        id x-request-id=1\\";\\x20answered\\x20101\\x85ERROR\\x20forged; answered\s""" + response.status());
    }

    @Test
    final void noSecretIsPrintedAtAnyLevel() throws Exception {
        Server server = with();
        container.logDebug(true);
        try {
            Response response = server.send("""
                    GET /nowhere;jsessionid=SECRET?token=SECRET HTTP/1.1
                    Host: 127.0.0.1
                    Upgrade: websocket
                    Connection: Upgrade
                    Cookie: session=SECRET
                    Authorization: Bearer SECRET
                    X-Api-Key: SECRET
                    Sec-WebSocket-Protocol: SECRET, SECRET
                    Sec-WebSocket-Key: SECRETSECRETSECRETSECRET
                    Sec-WebSocket-Version: 13

                    """);
            assertThat(response.status()).isEqualTo(404);
            server.nextEvent();
            assertThat(line()).isEqualTo("""
                        INFO KEY_INVALID /nowhere: Sec-WebSocket-Key is "(24 characters)", expected canonical base64 of \
                        16 bytes; also SUBPROTOCOL_INVALID: Sec-WebSocket-Protocol is "(14 characters)", expected \
                        distinct tokens, member 2 stands there before; got GET HTTP/1.1, Upgrade "websocket", \
                        Connection "Upgrade", key and version there; from 127.0.0.1; answered 404""");
            assertHead(line(), namesAsSeen("""
                        DEBUG head as received: GET /nowhere HTTP/1.1; Host: "127.0.0.1"; Upgrade: "websocket"; \
                        Connection: "Upgrade"; Cookie: (14 characters); Authorization: (13 characters); \
                        X-Api-Key: (6 characters); Sec-WebSocket-Protocol: (14 characters); \
                        Sec-WebSocket-Key: (24 characters); Sec-WebSocket-Version: "13\""""));
        } finally {
            container.logDebug(false);
        }
    }

    @Test
    final void aValidHandshakeIsToldAtDebug() throws Exception {
        Server server = with();
        container.logDebug(true);
        try {
            assertThat(server.send(HANDSHAKE).status()).isEqualTo(101);
            server.nextEvent();
            assertThat(line())
                    .isEqualTo(
                            "DEBUG VALID /ws: the handshake is valid; got GET HTTP/1.1, Upgrade \"websocket\", Connection "
                                    + "\"Upgrade\", key and version there; from 127.0.0.1; answered 101");
            assertHead(line(), namesAsSeen("""
                        DEBUG head as received: GET /ws HTTP/1.1; Host: "127.0.0.1"; Upgrade: "websocket"; \
                        Connection: "Upgrade"; Sec-WebSocket-Key: (24 characters); Sec-WebSocket-Version: "13\""""));
        } finally {
            container.logDebug(false);
        }
    }

    private String lineAbout(String file) throws Exception {
        Server server = with();
        server.send(Corpus.file(file).request());
        server.nextEvent();
        return lineWithoutCounts();
    }

    private void assertHead(String line, String expected) {
        if (lacks(Limit.ORDER_OF_FIELDS)) {
            assertThat(line.split("; ")).containsExactlyInAnyOrder(expected.split("; "));
            cannot(Capability.ORDER_OF_FIELDS, "head", Limit.ORDER_OF_FIELDS);
        } else {
            assertThat(line).isEqualTo(expected);
            did(Capability.ORDER_OF_FIELDS, "head");
        }
    }

    // The line that follows at DEBUG repeats field names, which some servers show in lower case.
    private String namesAsSeen(String line) {
        return container.nameCase() == NameCase.LOST
                ? Pattern.compile("; [A-Za-z-]+: ")
                        .matcher(line)
                        .replaceAll(name -> name.group().toLowerCase(Locale.ROOT))
                : line;
    }
}
