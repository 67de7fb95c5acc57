package io.github.firmshake.browsers;

import java.io.IOException;

/** Programs that end by themselves at once. */
final class Command {
    private Command() {}

    /** Runs one and returns what it wrote; throws with that if it fails. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
