package io.github.firmshake.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, whose commands and files the tests take from it. A fenced block below a comment
 * {@code <!-- snippet: NAME -->} is found by that name.
 *
 * @param file the page
 */
record Page(Path file) {

    static final Page INSTALL = page("install/war.md");
    static final Page VALVE = page("install/tomcat-valve.md");
    static final Page JETTY = page("install/jetty.md");
    static final Page JMX = page("reference/jmx.md");
    static final Page LOGGING = page("reference/logging.md");
    static final Page OFF = page("turn-it-off.md");
    static final Page EXPLAIN = page("reference/explain.md");

    private static Page page(String name) {
        return new Page(Path.of(System.getProperty("tests.docs"), name));
    }

    /** The block's text without the fence. */
    String snippet(String name) {
        try {
            Matcher block = Pattern.compile("<!-- snippet: " + name + " -->\n *```\\w*\n(.*?)\n *```", Pattern.DOTALL)
                    .matcher(Files.readString(file));
            if (!block.find()) {
                throw new AssertionError(file.getFileName() + " has no snippet " + name);
            }
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
