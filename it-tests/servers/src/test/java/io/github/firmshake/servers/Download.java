package io.github.firmshake.servers;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A server as Maven Central has it: group, artifact, type, perhaps classifier, version. */
record Download(String coordinates) {

    private static final String GET = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get";

    /** The file in the local repository, fetched if it is not there; ends the test where it cannot be had. */
    Path file(Class<?> test) throws IOException, InterruptedException {
        String[] parts = coordinates.split(":");
        String version = parts[parts.length - 1];
        String classifier = parts.length == 5 ? "-" + parts[3] : "";
        Path file = Path.of(System.getProperty("tests.repository"))
                .resolve(parts[0].replace('.', '/'))
                .resolve(parts[1])
                .resolve(version)
                .resolve(parts[1] + "-" + version + classifier + "." + parts[2]);
        if (Files.notExists(file) && System.getProperty("tests.offline").endsWith("false")) {
            fetch();
        }
        if (Files.notExists(file)) {
            RequiredTool.missing(coordinates, "Maven Central did not give " + coordinates, test);
        }
        return file;
    }

    private void fetch() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("tests.maven"), "bin", "mvn").toString(), "-q", "-B", GET));
        command.add("-Dartifact=" + aether());
        command.add("-Dtransitive=false");
        command.add("-Dmaven.repo.local=" + System.getProperty("tests.repository"));
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    // The plugin wants the version in the middle.
    private String aether() {
        String[] parts = coordinates.split(":");
        String start = parts[0] + ":" + parts[1] + ":" + parts[parts.length - 1] + ":" + parts[2];
        return parts.length == 5 ? start + ":" + parts[3] : start;
    }

    /** The one folder of a zip, unpacked into {@code target} if an earlier build has not. */
    Path folder(Class<?> test) throws IOException, InterruptedException {
        Path zip = file(test);
        Path into = Path.of("target", "unpacked", zip.getFileName().toString()).toAbsolutePath();
        Path done = into.resolveSibling(zip.getFileName() + ".done");
        if (Files.notExists(done)) {
            unpack(zip, into);
            Files.createFile(done);
        }
        try (Stream<Path> folders = Files.list(into)) {
            return folders.findFirst().orElseThrow();
        }
    }

    private static void unpack(Path zip, Path into) throws IOException {
        Bases.delete(into);
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                Path path = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, path);
                    }
                }
            }
        }
    }
}
