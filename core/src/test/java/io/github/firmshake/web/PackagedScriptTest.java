package io.github.firmshake.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The browser's script as the jar holds it. What it does is tested in it-tests/js, on Node. */
class PackagedScriptTest {

    private static final Path SOURCE = Path.of("src", "main", "js");

    @Test
    void hasAtMostThreeKilobytesGzipped() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(packaged("firmshake.js"));
        }
        assertThat(compressed.size()).isBetween(1000, 3 * 1024);
    }

    @Test
    void namesItsLicence() throws IOException {
        assertThat(new String(packaged("firmshake.js"), UTF_8))
                .startsWith("/* Firmshake heartbeat client, Apache-2.0 */\n")
                .isEqualTo(Files.readString(SOURCE.resolve("firmshake.min.js")));
    }

    @Test
    void liesBesideItsTypes() throws IOException {
        assertThat(packaged("firmshake.d.ts")).isEqualTo(Files.readAllBytes(SOURCE.resolve("firmshake.d.ts")));
    }

    private static byte[] packaged(String name) throws IOException {
        try (InputStream in = PackagedScriptTest.class.getResourceAsStream("/io/github/firmshake/web/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}
