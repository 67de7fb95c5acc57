package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Request heads that servers received behind real proxies. */
final class Corpus {

    private Corpus() {}

    static RequestHead read(String name, boolean namesKeepCase) {
        String[] lines = text("/corpus/" + name + ".http").split("\r\n");
        String[] start = lines[0].split(" ");
        RequestHead.Builder head = RequestHead.builder(start[0], start[1], start[2]);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            head.field(lines[i].substring(0, colon), lines[i].substring(colon + 1));
        }
        return namesKeepCase ? head.build() : head.namesLoseCase().build();
    }

    static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Corpus.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
