package io.github.firmshake.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Notes what a run of the contract has shown, one file for each container: first a line that names the build, then one for
 * each row and subject, with the reason where it cannot be done. {@link CapabilityPage} reads them at the end of the build.
 */
final class Results {

    private static final Set<Path> BEGUN = new HashSet<>();

    private Results() {}

    /**
     * Notes one result.
     *
     * @param column the container's name
     * @param subject what was tried, such as a row of {@link Malformed}
     * @param reason why it cannot be done; empty where it was done
     */
    static synchronized void add(String column, Row row, String subject, String reason) {
        String directory = System.getProperty("tests.results");
        if (directory == null) {
            return; // started from an IDE: there is no end of the build to compare it at
        }
        Path file = Path.of(directory, column + ".tsv");
        try {
            Files.createDirectories(file.getParent());
            if (BEGUN.add(file)) { // which forgets an earlier build's
                Files.writeString(file, System.getProperty("tests.run") + "\n");
            }
            String line = String.join("\t", row.name(), subject, reason) + "\n";
            Files.writeString(file, line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
