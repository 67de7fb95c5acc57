package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.JulCapture;
import io.github.firmshake.it.RawClient;
import io.github.firmshake.it.Response;
import io.github.firmshake.jetty.FirmshakeHandler;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The browser's script, served by the handler where there is no application. */
class ScriptIT {

    private final Server server = new Server();

    private void start(Map<String, String> settings) throws Exception {
        EchoServer.addConnector(server);
        FirmshakeHandler.install(server, HandlerOnJetty.handler(settings));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        JulCapture.lines().restOfConfiguration();
    }

    private Response get(String path, String... fields) throws Exception {
        return exchange(
                "GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n" + String.join("", fields) + "\n");
    }

    private Response exchange(String request) throws Exception {
        try (RawClient client = RawClient.connect(EchoServer.port(server))) {
            return client.exchange(request);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/firmshake/firmshake.js, text/javascript;charset=UTF-8, HeartbeatSocket",
        "/firmshake/firmshake.d.ts, text/plain;charset=UTF-8, export"
    })
    void isServedOnceAndNotAgain(String path, String type, String content) throws Exception {
        start(Map.of());
        Response first = get(path);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.value("Content-Type")).isEqualToIgnoringCase(type);
        assertThat(first.value("Cache-Control")).isEqualTo("no-cache");
        assertThat(first.body()).contains(content);

        Response second = get(path, "If-None-Match: \"other\"\n", "If-None-Match: " + first.value("ETag") + "\n");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.value("ETag")).isEqualTo(first.value("ETag"));
    }

    @Test
    void isServedWhateverProtocolTheClientWouldRatherSpeak() throws Exception {
        start(Map.of("webSocketPaths", "/*"));
        Response response = exchange("""
                GET /firmshake/firmshake.js HTTP/1.1
                Host: 127.0.0.1
                Connection: Upgrade
                Upgrade: TLS/1.2

                """);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("HeartbeatSocket");
    }

    @Test
    void isOnlyRead() throws Exception {
        start(Map.of());
        Response response = exchange("""
                POST /firmshake/firmshake.js HTTP/1.1
                Host: 127.0.0.1
                Content-Length: 0
                Connection: close

                """);
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.value("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void isNowhereIfItIsSwitchedOff() throws Exception {
        start(Map.of("scriptPath", ""));
        assertThat(get("/firmshake/firmshake.js").status()).isEqualTo(404);
        assertThat(get("/firmshake/firmshake.d.ts").status()).isEqualTo(404);
    }
}
