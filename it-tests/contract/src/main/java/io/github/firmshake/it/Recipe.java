package io.github.firmshake.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Code that stands in a page and in a source file that is compiled and run. On the page it is the block below a comment
 * {@code <!-- snippet: NAME -->}, in the source the lines between {@code // snippet: NAME} and {@code // end}.
 *
 * @param name the snippet's name
 */
public record Recipe(String name) {

    /** As the page has it; the system property {@code tests.docs} says where pages are. */
    public String onPage(String page) {
        String text = read(Path.of(System.getProperty("tests.docs"), page));
        return find(text, "<!-- snippet: " + name + " -->\n```\\w*\n(.*?)\n```", page);
    }

    /** As the class has it; the system property {@code tests.sources} says where sources are. */
    public String inSource(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".java";
        String text = read(Path.of(System.getProperty("tests.sources"), file));
        return find(text, "// snippet: " + name + "\n(.*?)\n *// end", file).stripIndent();
    }

    private String find(String text, String pattern, String where) {
        Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        if (!found.find()) {
            throw new AssertionError(where + " has no snippet " + name);
        }
        return found.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
