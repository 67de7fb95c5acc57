package io.github.firmshake.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * {@link Echo} with a page and the dropin jar.
 *
 * @param name its context path without the slash
 * @param settings Firmshake's
 */
record War(String name, Map<String, String> settings) {

    static final String PAGE = "the application's page";

    private static final String ECHO = Echo.class.getName().replace('.', '/') + ".class";

    /** Writes it into a folder. */
    Path in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path war = folder.resolve(name + ".war");
        Path dropin = Path.of(System.getProperty("tests.filter.dropin"));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war));
                InputStream echo = Echo.class.getClassLoader().getResourceAsStream(ECHO)) {
            put(zip, "index.html", PAGE.getBytes(StandardCharsets.UTF_8));
            put(zip, "WEB-INF/web.xml", webXml().getBytes(StandardCharsets.UTF_8));
            put(zip, "WEB-INF/classes/" + ECHO, echo.readAllBytes());
            put(zip, "WEB-INF/lib/" + dropin.getFileName(), Files.readAllBytes(dropin));
        }
        return war;
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private String webXml() {
        return settings.entrySet().stream()
                .map(setting -> "<context-param><param-name>firmshake." + setting.getKey()
                        + "</param-name><param-value>" + setting.getValue() + "</param-value></context-param>\n")
                .collect(Collectors.joining(
                        "",
                        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\">\n",
                        "</web-app>\n"));
    }
}
