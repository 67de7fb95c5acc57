package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapeTest {

    @Test
    void printableAsciiStaysAsItIs() {
        assertThat(Escape.escaped("keep-alive, ~Upgrade!")).isEqualTo("keep-alive, ~Upgrade!");
    }

    @Test
    void everythingElseIsWrittenByteForByte() {
        assertThat(Escape.escaped("a\r\n\u001B[31m\u0000\t\u007F")).isEqualTo("a\\x0D\\x0A\\x1B[31m\\x00\\x09\\x7F");
        assertThat(Escape.escaped("\u00E9\u0085\u00FF")).isEqualTo("\\xE9\\x85\\xFF");
    }

    @Test
    void whatIsNoByteIsWrittenAsUtf8() {
        assertThat(Escape.escaped("\u20AC\u2028\u202E")).isEqualTo("\\xE2\\x82\\xAC\\xE2\\x80\\xA8\\xE2\\x80\\xAE");
        assertThat(Escape.escaped("\uD800")).isEqualTo("\\x3F");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"a\"b, a\\\"b", "a\\x0Ab, a\\\\x0Ab"})
    void quotesAndBackslashesAreEscaped(String text, String escaped) {
        assertThat(Escape.escaped(text)).isEqualTo(escaped);
        assertThat(Escape.quoted(text)).isEqualTo('"' + escaped + '"');
    }

    @Test
    void valuesAreCutAt75Characters() {
        assertThat(Escape.escaped("x".repeat(75))).isEqualTo("x".repeat(75));
        assertThat(Escape.escaped("x".repeat(76))).isEqualTo("x".repeat(75) + "...");
        assertThat(Escape.quoted("\n".repeat(100_000))).isEqualTo('"' + "\\x0A".repeat(75) + "...\"");
    }

    @Test
    void aWordHasNoSpaces() {
        assertThat(Escape.word("/a b\u00A0c")).isEqualTo("/a\\x20b\\xA0c");
    }

    @Test
    void whatTheUserWroteHimselfIsNotCut() {
        assertThat(Escape.whole("x".repeat(200) + "\n")).isEqualTo("x".repeat(200) + "\\x0A");
    }
}
