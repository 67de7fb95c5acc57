package io.github.firmshake.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The directory in which the documentation's reader has what he downloaded. */
final class Downloads {

    private static final List<String> FILES =
            List.of("core.jar", "filter.jar", "filter.dropin", "valve.dropin", "jetty.config");

    private Downloads() {}

    /** Runs commands of the documentation there. */
    static void run(String commands, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(directory().toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(commands + " failed: " + output);
        }
    }

    static Path directory() throws IOException {
        Path downloads = Path.of("target", "downloads");
        Files.createDirectories(downloads);
        for (String file : FILES) {
            Path built = Path.of(System.getProperty("tests." + file));
            Path copy = downloads.resolve(built.getFileName());
            if (Files.notExists(copy) || Files.mismatch(built, copy) >= 0) {
                Files.copy(built, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return downloads;
    }
}
