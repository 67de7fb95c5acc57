package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser's script and its types, as they are served: what is no handshake is neither told nor counted. */
public abstract class ScriptContract extends HandshakeContract {

    private static final String SCRIPT = "/firmshake/firmshake.js";
    private static final String TYPES = "/firmshake/firmshake.d.ts";

    protected ScriptContract(Container container) {
        super(container);
    }

    private static String request(String method, String path, String... fields) {
        return method + " " + path + " HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n" + String.join("", fields) + "\n";
    }

    @ParameterizedTest
    @CsvSource({SCRIPT + ", text/javascript;charset=UTF-8", TYPES + ", text/plain;charset=UTF-8"})
    final void isServedAndAskedForAgainEachTime(String path, String type) throws Exception {
        Response response = with().send(request("GET", path));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.value("Content-Type")).isEqualToIgnoringCase(type);
        assertThat(response.value("Cache-Control")).isEqualTo("no-cache");
        assertThat(response.value("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.value("ETag")).matches("W/\"[0-9a-f]{16}\"");
        assertThat(response.body()).contains("HeartbeatSocket");
        assertThat(response.value("Content-Length"))
                .isEqualTo(String.valueOf(response.body().getBytes(StandardCharsets.UTF_8).length));
        assertThat(response.has("Set-Cookie")).isFalse();
        did(Capability.SCRIPT, path);
    }

    // JDK's HttpClient asks for "h2c" with every request.
    @ParameterizedTest
    @ValueSource(strings = {SCRIPT, TYPES})
    final void isServedWhateverProtocolTheClientWouldRatherSpeak(String path) throws Exception {
        Response response = with("webSocketPaths", "/*").send("""
                GET %s HTTP/1.1
                Host: 127.0.0.1
                Connection: Upgrade
                Upgrade: TLS/1.2

                """.formatted(path));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("HeartbeatSocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {SCRIPT, TYPES})
    final void whatTheBrowserHasIsNotSentAgain(String path) throws Exception {
        Server server = with();
        String tag = server.send(request("GET", path)).value("ETag");
        for (String known :
                new String[] {tag, tag.substring(2), "\"other\", " + tag, "\"other\"\nIf-None-Match: " + tag}) {
            Response again = server.send(request("GET", path, "If-None-Match: " + known + "\n"));

            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.value("ETag")).isEqualTo(tag);
            assertThat(again.value("Cache-Control")).isEqualTo("no-cache");
        }
        assertThat(server.send(request("GET", path, "If-None-Match: \"other\"\n"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {SCRIPT, TYPES})
    final void headIsAnsweredAsGetWithoutTheBody(String path) throws Exception {
        Server server = with();
        Response whole = server.send(request("GET", path));
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(request("HEAD", path));
            Response head = client.readHead();

            assertThat(head.status()).isEqualTo(200);
            for (String name : new String[] {"Content-Type", "Content-Length", "ETag", "Cache-Control"}) {
                assertThat(head.value(name)).as(name).isEqualTo(whole.value(name));
            }
            assertThat(client.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    final void isOnlyRead(String method) throws Exception {
        Response response = with().send(request(method, SCRIPT, "Content-Length: 0\n"));

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.value("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    final void canBeElsewhereOrNowhere() throws Exception {
        Server elsewhere = with("scriptPath", "/static/beat.mjs");
        assertThat(elsewhere.send(request("GET", "/static/beat.mjs")).status()).isEqualTo(200);
        assertThat(elsewhere.send(request("GET", "/static/beat.d.ts")).status()).isEqualTo(200);
        assertThat(elsewhere.send(request("GET", SCRIPT)).status()).isEqualTo(404);
        Server nowhere = with("scriptPath", "");
        assertThat(nowhere.send(request("GET", SCRIPT)).status()).isEqualTo(404);
        assertThat(nowhere.send(request("GET", TYPES)).status()).isEqualTo(404);
    }
}
