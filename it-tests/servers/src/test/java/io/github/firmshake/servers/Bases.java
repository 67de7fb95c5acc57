package io.github.firmshake.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders in which a server keeps what is its own. */
final class Bases {

    private Bases() {}

    /** A new, empty one. */
    static Path fresh(String name) throws IOException {
        Path base = Path.of("target", "bases", name).toAbsolutePath();
        delete(base);
        return Files.createDirectories(base);
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** Rewrites a file; text that is not there is a mistake of the test. */
    static void edit(Path file, String... wantedAndReplacement) throws IOException {
        String text = Files.readString(file);
        for (int i = 0; i < wantedAndReplacement.length; i += 2) {
            if (!text.contains(wantedAndReplacement[i])) {
                throw new AssertionError("no " + wantedAndReplacement[i] + " in " + file);
            }
            text = text.replace(wantedAndReplacement[i], wantedAndReplacement[i + 1]);
        }
        Files.writeString(file, text);
    }

    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
