package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

    @Nested
    class Extensions {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    ",, ,",
                    "permessage-deflate",
                    "permessage-deflate; client_max_window_bits",
                    "permessage-deflate;client_max_window_bits=15 , x-webkit-deflate-frame",
                    "a; b, c; d; e",
                    "a ; b = c ; d=\"e\"\t, , f",
                    "foo;bar=\"b\\a\\z\"",
                    "foo;bar=\"\\0\"",
                    "permessage-deflate; client_max_window_bits=99; server_max_window_bits=\"x\"; unknown",
                })
        void areReadAsTheRfcHasThem(String text) {
            assertThat(Grammar.faultInExtensions(text)).isNull();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                @           | a token at character 1
                a, ;        | a token at character 4
                a;          | a parameter name at character 3
                a; =1       | a parameter name at character 4
                a; b=       | a token or a quoted token at character 6
                a; b=;      | a token or a quoted token at character 6
                a; b=""     | a token or a quoted token at character 6
                a; b="x     | a token or a quoted token at character 6
                a; b="      | a token or a quoted token at character 6
                a; b="b\\ c" | a token or a quoted token at character 6
                a; b="b\\"  | a token or a quoted token at character 6
                a; b="b\\   | a token or a quoted token at character 6
                a; b="x y"  | a token or a quoted token at character 6
                a; b="x" y  | ";" or "," at character 10
                a b         | ";" or "," at character 3
                a; b c      | ";" or "," at character 6
                a=b         | ";" or "," at character 2
                """)
        void theFirstFaultIsGivenWithItsPosition(String text, String fault) {
            assertThat(Grammar.faultInExtensions(text)).isEqualTo(fault);
        }
    }

    @Nested
    class Tokens {

        @ParameterizedTest
        @ValueSource(strings = {"a", "websocket", "!#$%&'*+-.^_`|~09azAZ"})
        void consistOfTokenCharacters(String text) {
            assertThat(Grammar.isToken(text)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a b", "a/b", "a:b", "a\"", "\u00E9", "a[", "{a", "a\u0000", "@"})
        void andOfNothingElse(String text) {
            assertThat(Grammar.isToken(text)).isFalse();
        }
    }

    @Nested
    class Keys {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "dGhlIHNhbXBsZSBub25jZQ==",
                    "AAAAAAAAAAAAAAAAAAAAAA==",
                    "/+++++++++++++++++++/g==",
                    "////////////////////\u002Fw=="
                })
        void are16BytesInCanonicalBase64(String key) {
            assertThat(Grammar.isKey(key)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "dGhlIHNhbXBsZSBub25jZQ",
                    "dGhlIHNhbXBsZSBub25jZQ=",
                    "dGhlIHNhbXBsZSBub25jZR==",
                    "dGhlIHNhbXBsZSBub25j_Q==",
                    "dGhlIHNhbXBsZSBub25jZQ==\n",
                    "dGhlIHNhbXBsZSBub25jZTE=",
                    "dGhlIHNhbXBsZSBub25jZQ=-",
                    "dGhlIHNhbXBsZSBub25j Q=="
                })
        void andNothingElse(String key) {
            assertThat(Grammar.isKey(key)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "000, true", "'', false", "00x, false", "1, false"})
    void aLengthOfZeroIsWrittenWithZerosAlone(String text, boolean expected) {
        assertThat(Grammar.isZero(text)).isEqualTo(expected);
    }

    @Test
    void listsRunOverAllFieldLinesAndDropEmptyMembers() {
        assertThat(Grammar.members(List.of("Keep-Alive, ", "", ",\tUPGRADE ,x y")))
                .containsExactly("keep-alive", "upgrade", "x y");
    }

    @Test
    void optionalWhiteSpaceIsSpaceAndTab() {
        assertThat(Grammar.trim(" \t a b\u00A0\t ")).isEqualTo("a b\u00A0");
        assertThat(Grammar.trim(" \t ")).isEmpty();
    }
}
