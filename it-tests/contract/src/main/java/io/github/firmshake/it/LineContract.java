package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Container.Limit;
import io.github.firmshake.it.Container.NameCase;
import java.util.Locale;
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
                        WARNING HOP_BY_HOP_STRIPPED GET /ws from 127.0.0.1 HTTP/1.0: upgrade is missing, connection is \
                        "close", expected upgrade "websocket" and connection "upgrade"; also HTTP_VERSION_TOO_OLD: \
                        HTTP version is "HTTP/1.0", expected "HTTP/1.1"; Sec-WebSocket-Key and -Version are there, so \
                        a WebSocket client sent this and a hop removed the rest; hop: nginx without WebSocket settings \
                        (likely: HTTP/1.0 with "Connection: close"); fix there: proxy_http_version 1.1; \
                        proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; and \
                        in http{}: map $http_upgrade $connection_upgrade { default upgrade; '' close; }; not repaired: \
                        would need repair=stripped, trustedProxies and webSocketPaths, which this version does not \
                        offer: it trusts that the one hop in front tunnels, and that nobody else's request can land on \
                        its connection; answered\s""" + container.answerTo("nginx-default.chrome").status());
    }

    // Lower-case names are hyper's; where they say nothing, nginx could have sent this too.
    @Test
    final void hyperWithAPoisonedPoolIsRepaired() throws Exception {
        String nginx = ", or nginx (possible: HTTP/1.0 with keep-alive in Connection)";
        assertThat(lineAbout("hyper-pass.poisoned"))
                .isEqualTo((lacks(Limit.REPAIR) ? "WARNING " : "INFO ") + """
                CONNECTION_LACKS_UPGRADE GET /ws from 127.0.0.1 HTTP/1.0: connection is "keep-alive", expected a \
                list with "upgrade"; also HTTP_VERSION_TOO_OLD: HTTP version is "HTTP/1.0", expected "HTTP/1.1"; \
                Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a hop changed the rest; \
                hop: hyper with a pooled connection that once answered HTTP/1.0 with keep-alive (likely: HTTP/1.0 with \
                "Connection: keep-alive" and Upgrade)"""
                        + (container.nameCase() == NameCase.KEPT ? "" : nginx) + """
                ; fix there: on the server behind it: answer every request with an HTTP/1.1 status line, those that \
                come as HTTP/1.0 too; and in the proxy, until the server does, on its client's builder: \
                .pool_max_idle_per_host(0);\s"""
                        + (lacks(Limit.REPAIR)
                                ? "not repaired: " + container.limits().get(Limit.REPAIR) + "; answered "
                                        + container
                                                .answerTo("hyper-pass.poisoned")
                                                .status()
                                : "repaired (restored HTTP/1.1, Connection: Upgrade); answered 101"));
    }

    @Test
    final void springCloudGatewayThatOffersH2c() throws Exception {
        assertThat(lineAbout("java-scg-mvc.chrome"))
                .isEqualTo("""
                        WARNING UPGRADE_NOT_WEBSOCKET GET /ws from 127.0.0.1 HTTP/1.1: upgrade is "h2c", expected \
                        "websocket"; Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a \
                        hop changed the rest; hop: Spring Cloud Gateway Server MVC, whose HTTP client offers h2c and \
                        cannot proxy WebSocket (likely: Forwarded as Spring Cloud Gateway writes it (proto, host, \
                        for)); fix there: in the gateway's build, in place of its MVC starter (before 2025.0: \
                        spring-cloud-starter-gateway): \
                        org.springframework.cloud:spring-cloud-starter-gateway-server-webflux; not repaired: Upgrade \
                        names something else than websocket, or a hop offered h2c; answered\s""" + container.answerTo("java-scg-mvc.chrome").status());
    }

    @Test
    final void squidWhichCannotTunnel() throws Exception {
        assertThat(lineAbout("squid-default.chrome"))
                .isEqualTo("""
                        WARNING HOP_BY_HOP_STRIPPED GET /ws from 127.0.0.1 HTTP/1.1: upgrade is missing, connection is \
                        "keep-alive", expected upgrade "websocket" and connection "upgrade"; Sec-WebSocket-Key and \
                        -Version are there, so a WebSocket client sent this and a hop removed the rest; hop: Squid \
                        without http_upgrade_request_protocols, or with another case than "websocket" there (sure: Via \
                        names squid); fix there: in squid.conf (5 or newer): http_upgrade_request_protocols websocket \
                        allow all; not repaired: not tried: Squid answers the client 502 after a 101 that it did not \
                        ask for; answered\s""" + container.answerTo("squid-default.chrome").status());
    }

    @Test
    final void fiveHopsOfWhichOneIsGuilty() throws Exception {
        assertThat(lineAbout("field-cloudflare-elb-nginx-sso-istio"))
                .isEqualTo("""
                        WARNING HOP_BY_HOP_STRIPPED GET /ws/b06df69c-2341-476f-b857-58c3f690fd57 from 127.0.0.1 \
                        HTTP/1.1: upgrade is missing, connection is missing, expected upgrade "websocket" and \
                        connection "upgrade"; Sec-WebSocket-Key and -Version are there, so a WebSocket client sent \
                        this and a hop removed the rest; hop: AWS classic ELB with an HTTP or HTTPS listener, which \
                        cannot pass an upgrade (possible: X-Forwarded-Port and -Proto without X-Amzn-Trace-Id); also \
                        in the chain: ingress-nginx (sure: X-Request-ID, X-Scheme and X-Original-Forwarded-For \
                        together), Istio (sure: x-envoy-attempt-count, x-b3-traceid and x-forwarded-client-cert \
                        together), Cloudflare (sure: CF-Ray); fix there: with the AWS CLI, in place of the HTTP \
                        listener (or move to an Application Load Balancer, which needs no setting): aws elb \
                        delete-load-balancer-listeners --load-balancer-name NAME --load-balancer-ports 80 && aws elb \
                        create-load-balancer-listeners --load-balancer-name NAME --listeners \
                        Protocol=TCP,LoadBalancerPort=80,InstanceProtocol=TCP,InstancePort=PORT; not repaired: would \
                        need repair=stripped, trustedProxies and webSocketPaths, which this version does not offer: it \
                        trusts that the one hop in front tunnels, and that nobody else's request can land on its \
                        connection; id x-request-id=c2b936fa4e66077ab0573418c9b86b2a; answered\s"""
                        + container
                                .answerTo("field-cloudflare-elb-nginx-sso-istio")
                                .status());
    }

    // What gives Caddy away is the case of names. Where the server hides it, the line says what is possible.
    @Test
    final void caddyIsRecognisedByTheCaseOfNames() throws Exception {
        String faults = """
                CONNECTION_LACKS_UPGRADE GET /ws from 127.0.0.1 HTTP/1.1: connection is "close", expected a list with \
                "upgrade"; Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a hop \
                changed the rest;\s""";
        String recognised = "WARNING " + faults + """
                hop: Caddy with header_up lines for Upgrade or Connection (likely: Go's case of names \
                (Sec-Websocket-Key) with X-Forwarded-For, -Host and -Proto); fix there: in the Caddyfile, in place of \
                the reverse_proxy block with header_up Upgrade or Connection: reverse_proxy HOST:PORT; not repaired: \
                not tried: Caddy answers the client 200 with an empty body and keeps the connection to the server \
                open; answered\s"""
                + container.answerTo("caddy-conn-close.chrome").status();
        String hidden = "INFO " + faults + """
                hop: nginx with Upgrade passed on, but not Connection (possible: Upgrade without "upgrade" in \
                Connection), or HAProxy (possible: Upgrade without "upgrade" in Connection), Caddy (possible: \
                X-Forwarded-For, -Host and -Proto alone); fix there: in place of any other Connection line: \
                proxy_set_header Connection $connection_upgrade; and in http{}: map $http_upgrade $connection_upgrade \
                { default upgrade; '' close; }; repaired (restored Connection: Upgrade); answered 101""";

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

    @Test
    final void whatTheClientWroteCannotForgeALine() throws Exception {
        Server server = with();

        Response response = server.send(HANDSHAKE
                .replace("HTTP/1.1", "HTTP/1.0")
                .replace("/ws", "/ws%22%20ERROR%20forged")
                .replace("Connection: Upgrade", "Connection: close\u0085ERROR \"forged\"; answered 101")
                .replace("\n\n", "\nX-Request-Id: 1\"; answered 101\u0085ERROR forged\n\n"));

        server.nextEvent();
        assertThat(line()).isEqualTo("""
                        WARNING CONNECTION_LACKS_UPGRADE GET /ws%22%20ERROR%20forged from 127.0.0.1 HTTP/1.0: \
                        connection is "close\\x85ERROR \\"forged\\"; answered 101", expected a list with "upgrade"; \
                        also HTTP_VERSION_TOO_OLD: HTTP version is "HTTP/1.0", expected "HTTP/1.1"; \
                        Sec-WebSocket-Key and -Version are there, so a WebSocket client sent this and a hop changed \
                        the rest; hop: unknown, none left a mark that is known here; not repaired: Connection holds \
                        options that no known hop sends on a damaged handshake; \
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
                        INFO KEY_INVALID GET /nowhere from 127.0.0.1 HTTP/1.1: sec-websocket-key is "(24 characters)", \
                        expected canonical base64 of 16 bytes; also SUBPROTOCOL_INVALID: sec-websocket-protocol is \
                        "(14 characters)", expected distinct tokens, member 2 stands there before; answered 404""");
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
                    .isEqualTo("DEBUG VALID GET /ws from 127.0.0.1 HTTP/1.1: the handshake is valid; answered 101");
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
        return line();
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
