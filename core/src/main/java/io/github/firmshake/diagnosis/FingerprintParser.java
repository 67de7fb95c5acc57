package io.github.firmshake.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a fingerprint file line by line; the head of the bundled one explains the format. Not thread-safe. */
final class FingerprintParser {

    private static final List<String> DETAILS = List.of("unless", "fix", "no-tunnel");

    private final Map<String, Product> products = new LinkedHashMap<>();
    private final Map<String, Integer> linesOfMentions = new LinkedHashMap<>();
    private int line;
    private @Nullable Block block;

    private FingerprintParser() {}

    /** @throws IllegalArgumentException naming the line, what is wrong with it and what was expected */
    static List<Product> parse(String text) {
        FingerprintParser parser = new FingerprintParser();
        try {
            return parser.read(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + parser.line + ": " + e.getMessage(), e);
        }
    }

    private List<Product> read(String text) {
        for (String raw : text.split("\n")) {
            line++;
            String content = raw.strip();
            if (content.startsWith("[")) {
                startBlock(content);
            } else if (!content.isEmpty() && !content.startsWith("#")) {
                readInBlock(content);
            }
        }
        endBlock();
        linesOfMentions.forEach((name, mention) -> {
            line = mention;
            check(products.containsKey(name), "\"" + name + "\" has no block, expected a product of this file");
        });
        return List.copyOf(products.values());
    }

    private void startBlock(String content) {
        endBlock();
        check(
                content.matches("\\[[^\\[\\]]*[^\\[\\]\\s][^\\[\\]]*]"),
                "\"" + content + "\", expected [name of a product]");
        String name = content.substring(1, content.length() - 1).strip();
        check(!products.containsKey(name), content + " is there already, expected one block per product");
        block = new Block(name);
    }

    private void endBlock() {
        if (block != null) {
            products.put(block.name, block.build());
            block = null;
        }
    }

    private void readInBlock(String content) {
        if (block == null) {
            throw new IllegalArgumentException("\"" + content + "\" stands before any product, expected [its name]");
        }
        String[] parts = content.split("\\s+", 2);
        String rest = parts.length == 1 ? "" : parts[1];
        switch (parts[0]) {
            case "mark", "shape", "cause" -> block.start(entry(parts[0], rest));
            case "strips-sec-headers" -> block.stripsSecHeaders = true;
            default -> readInEntry(block, parts[0], rest);
        }
    }

    private void readInEntry(Block block, String keyword, String rest) {
        check(
                DETAILS.contains(keyword) || Conditions.KEYWORDS.contains(keyword),
                "\"" + keyword + "\" is no keyword, expected [product], mark, shape, cause, unless, fix, no-tunnel, "
                        + "strips-sec-headers or a condition: " + String.join(", ", Conditions.KEYWORDS));
        check(!rest.isEmpty(), "\"" + keyword + "\" stands alone, expected something behind it");
        switch (keyword) {
            case "unless" -> unless(block.current(keyword, "mark", "shape"), rest);
            case "fix" -> block.current(keyword, "cause").fix.add(rest);
            case "no-tunnel" -> block.current(keyword, "cause").noTunnel = rest;
            default -> {
                Entry entry = block.current(keyword, "mark", "shape", "cause");
                entry.conditions.add(Conditions.parse(keyword, rest));
            }
        }
    }

    private void unless(Entry entry, String names) {
        for (String name : names.split(",")) {
            entry.unless.add(name.strip());
            linesOfMentions.putIfAbsent(name.strip(), line);
        }
    }

    // mark likely: evidence in words
    private Entry entry(String kind, String rest) {
        int colon = rest.indexOf(':');
        String text = rest.substring(colon + 1).strip();
        check(colon > 0 && !text.isEmpty(), "\"" + kind + " " + rest + "\", expected " + kind + " STRENGTH: in words");
        String word = rest.substring(0, colon).strip();
        Enum<?> strength = kind.equals("cause")
                ? Conditions.word(Culpability.class, word)
                : Conditions.word(Confidence.class, word);
        return new Entry(line, kind, strength, text);
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A product whose lines are being read. */
    private final class Block {
        private final String name;
        private final List<Mark> marks = new ArrayList<>();
        private final List<Cause> causes = new ArrayList<>();
        private boolean stripsSecHeaders;
        private @Nullable Entry entry;

        private Block(String name) {
            this.name = name;
        }

        private void start(Entry next) {
            endEntry();
            entry = next;
        }

        private Entry current(String keyword, String... kinds) {
            if (entry == null || !List.of(kinds).contains(entry.kind)) {
                throw new IllegalArgumentException(
                        "\"" + keyword + "\" belongs to a " + String.join(" or a ", kinds) + ", expected one above");
            }
            return entry;
        }

        private void endEntry() {
            if (entry == null) {
                return;
            }
            if (entry.kind.equals("cause")) {
                causes.add(entry.cause());
            } else {
                int next = line;
                line = entry.line;
                check(!entry.conditions.isEmpty(), "a " + entry.kind + " without conditions, expected at least one");
                line = next;
                marks.add(entry.mark());
            }
        }

        private Product build() {
            endEntry();
            return new Product(name, marks, causes, stripsSecHeaders);
        }
    }

    /** A mark, shape or cause whose lines are being read. */
    private static final class Entry {
        private final int line;
        private final String kind;
        private final Enum<?> strength;
        private final String text;
        private final List<Condition> conditions = new ArrayList<>();
        private final List<String> unless = new ArrayList<>();
        private final List<String> fix = new ArrayList<>();
        private @Nullable String noTunnel;

        private Entry(int line, String kind, Enum<?> strength, String text) {
            this.line = line;
            this.kind = kind;
            this.strength = strength;
            this.text = text;
        }

        private Mark mark() {
            return new Mark(kind.equals("shape"), (Confidence) strength, text, conditions, unless);
        }

        private Cause cause() {
            return new Cause((Culpability) strength, text, conditions, fix, noTunnel);
        }
    }
}
