package io.github.firmshake.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that a test starts and that a machine may lack.
 *
 * <p>Where it is missing, the test is skipped and {@link SkippedTests} says so at the end of the build. With {@code
 * CI=true} in the environment nothing may be skipped, so there the test fails instead.
 *
 * <pre>{@code
 * @BeforeAll
 * static void tools() {
 *     RequiredTool.need("curl", ExplainCurlIT.class);
 * }
 * }</pre>
 */
public final class RequiredTool {
    private RequiredTool() {}

    /**
     * Returns the path of the program, or ends the test that asks.
     *
     * @param command its name, as {@code it-tests/setup.sh} lists it
     * @param test the class that cannot do without, named in the summary
     */
    public static Path need(String command, Class<?> test) {
        Path found = find(command);
        if (found != null) {
            return found;
        }
        missing(command, command + " is missing; it-tests/setup.sh installs it on Debian", test);
        throw new AssertionError("unreachable");
    }

    /**
     * Ends a test that cannot get something.
     *
     * @param name what it is, a word
     * @param why the sentence that says so
     * @param test the class that cannot do without, named in the summary
     */
    public static void missing(String name, String why, Class<?> test) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(why);
        }
        note(name, test);
        Assumptions.abort(why);
    }

    private static Path find(String command) {
        // Debian keeps nginx, haproxy and nft in sbin, which the path of an ordinary user does not name.
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(":"))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static void note(String command, Class<?> test) {
        String file = System.getProperty("tests.skipped");
        if (file == null) {
            return; // started from an IDE: there is no end of the build to print it at
        }
        try {
            Files.createDirectories(Path.of(file).getParent());
            Files.writeString(
                    Path.of(file),
                    command + " " + test.getName() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
