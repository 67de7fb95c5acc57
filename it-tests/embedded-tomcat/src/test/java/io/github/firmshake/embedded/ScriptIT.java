package io.github.firmshake.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.filter.FirmshakeListener;
import io.github.firmshake.tomcat.FirmshakeValve;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.catalina.Context;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The browser's script behind the compression of Tomcat's connector; how it is served otherwise, the contract tests. */
class ScriptIT {

    private static final String SCRIPT = "/app/firmshake/firmshake.js";

    private enum Adapter {
        FILTER,
        VALVE
    }

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient(); // which sends "Upgrade: h2c"
    private final Tomcat tomcat = new Tomcat();

    private void start(Adapter adapter) throws Exception {
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("compression", "1");
        Context context = tomcat.addContext("/app", null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        Tomcat.addServlet(context, "default", new DefaultServlet()); // without a servlet no filter is called
        context.addServletMappingDecoded("/", "default");
        if (adapter == Adapter.FILTER) {
            context.addApplicationListener(FirmshakeListener.class.getName());
        } else {
            tomcat.getHost().getPipeline().addValve(new FirmshakeValve());
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
    void isCompressedToThreeKilobytesAndStillKnown(Adapter adapter) throws Exception {
        start(adapter);
        HttpResponse<byte[]> plain = send();
        HttpResponse<byte[]> compressed = send("Accept-Encoding", "gzip");
        assertThat(value(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(compressed.body()).hasSizeBetween(1000, 3 * 1024);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes())
                .isEqualTo(plain.body());
        assertThat(send("Accept-Encoding", "gzip", "If-None-Match", value(compressed, "ETag"))
                        .statusCode())
                .isEqualTo(304);
    }

    private HttpResponse<byte[]> send(String... fields) throws Exception {
        int port = tomcat.getConnector().getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + SCRIPT));
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String value(HttpResponse<?> response, String name) {
        assertThat(response.headers().allValues(name)).as(name).hasSize(1);
        return response.headers().allValues(name).get(0);
    }
}
