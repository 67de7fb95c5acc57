package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The browser's script, served by Tomcat for an application that does nothing, with the connector's compression on. The
 * client sends {@code Upgrade: h2c}, which makes no handshake of a request.
 */
class ScriptIT {

    private static final String SCRIPT = "/app/firmshake/firmshake.js";
    private static final String TYPES = "/app/firmshake/firmshake.d.ts";

    private enum Adapter {
        FILTER,
        VALVE
    }

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(Version.HTTP_2).build();
    private final Tomcat tomcat = new Tomcat();

    private void start(Adapter adapter, String scriptPath) throws Exception {
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("compression", "1");
        Context context = tomcat.addContext("/app", null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        Tomcat.addServlet(context, "none", new Nothing());
        context.addServletMappingDecoded("/", "none");
        if (adapter == Adapter.FILTER) {
            context.addParameter("firmshake.scriptPath", scriptPath);
            context.addParameter("firmshake.webSocketPaths", "/firmshake/*");
            context.addApplicationListener(FirmshakeListener.class.getName());
        } else {
            FirmshakeValve valve = new FirmshakeValve();
            valve.setProperty("scriptPath", scriptPath);
            valve.setProperty("webSocketPaths", "/firmshake/*");
            tomcat.getHost().getPipeline().addValve(valve);
        }
        tomcat.start();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    @ParameterizedTest
    @EnumSource
    void isServedAndNotAgain(Adapter adapter) throws Exception {
        start(adapter, "/firmshake/firmshake.js");
        for (String path : new String[] {SCRIPT, TYPES}) {
            HttpResponse<byte[]> first = send("GET", path);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(value(first, "Content-Type"))
                    .isEqualTo((path.equals(SCRIPT) ? "text/javascript" : "text/plain") + ";charset=UTF-8");
            assertThat(value(first, "Cache-Control")).isEqualTo("no-cache");
            assertThat(value(first, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(first.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(new String(first.body(), StandardCharsets.UTF_8)).contains("HeartbeatSocket");

            String tag = value(first, "ETag");
            HttpResponse<byte[]> second = send("GET", path, "If-None-Match", "\"other\"", "If-None-Match", tag);
            assertThat(second.statusCode()).isEqualTo(304);
            assertThat(second.body()).isEmpty();
            assertThat(value(second, "ETag")).isEqualTo(tag);
            assertThat(value(second, "Cache-Control")).isEqualTo("no-cache");

            HttpResponse<byte[]> head = send("HEAD", path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(value(head, "ETag")).isEqualTo(tag);
            assertThat(value(head, "Content-Length")).isEqualTo(String.valueOf(first.body().length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isCompressedToThreeKilobytesAndStillKnown(Adapter adapter) throws Exception {
        start(adapter, "/firmshake/firmshake.js");
        HttpResponse<byte[]> plain = send("GET", SCRIPT);
        HttpResponse<byte[]> compressed = send("GET", SCRIPT, "Accept-Encoding", "gzip");
        assertThat(value(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(compressed.body()).hasSizeBetween(1000, 3 * 1024);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes())
                .isEqualTo(plain.body());
        assertThat(send("GET", SCRIPT, "Accept-Encoding", "gzip", "If-None-Match", value(compressed, "ETag"))
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @EnumSource
    void isOnlyRead(Adapter adapter) throws Exception {
        start(adapter, "/firmshake/firmshake.js");
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS"}) {
            HttpResponse<byte[]> answer = send(method, SCRIPT);
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(value(answer, "Allow")).isEqualTo("GET, HEAD");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isTheApplicationsPathIfItIsSwitchedOff(Adapter adapter) throws Exception {
        start(adapter, "");
        assertThat(send("GET", SCRIPT).statusCode()).isEqualTo(404);
        assertThat(send("GET", TYPES).statusCode()).isEqualTo(404);
    }

    private HttpResponse<byte[]> send(String method, String path, String... fields) throws Exception {
        int port = tomcat.getConnector().getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody());
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String value(HttpResponse<?> response, String name) {
        assertThat(response.headers().allValues(name)).as(name).hasSize(1);
        return response.headers().allValues(name).get(0);
    }

    /** An application that answers 404. */
    private static final class Nothing extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(404);
        }
    }
}
