package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests in JavaScript need from the npm registry. */
public final class NodeModules {
    private NodeModules() {}

    /**
     * Fetches what a folder's {@code package-lock.json} names, where an earlier build has not. Ends the test that asks where
     * npm is missing, as {@link RequiredTool#need} does.
     *
     * @param folder the folder
     * @param test the class that cannot do without
     */
    public static void install(Path folder, Class<?> test) throws IOException, InterruptedException {
        String npm = RequiredTool.need("npm", test).toString();
        // npm writes this file when it has installed everything; the lock file is copied here when it has changed.
        Path installed = folder.resolve("node_modules/.package-lock.json");
        Path lock = folder.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        String cache = folder.resolveSibling("npm").toString();
        Process process = new ProcessBuilder(npm, "ci", "--ignore-scripts", "--cache", cache)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("npm ci: " + output).isZero();
    }
}
