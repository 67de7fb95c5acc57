package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "/chat, /chat, true",
        "/chat, /chat/, false",
        "/chat, /Chat, false",
        "/chat/*, /chat, true",
        "/chat/*, /chat/, true",
        "/chat/*, /chat/room/1, true",
        "/chat/*, /chatter, false",
        "/chat/*, /feed, false",
        "/*, /, true",
        "/*, /a/b, true",
        "*.ws, /a/b.ws, true",
        "*.ws, /a.ws/b, false",
        "*.ws, /a.wss, false",
        "/, /, true",
        "/, /a, false",
        "'/a, *.ws', /x.ws, true",
        "/a /b, /b, true",
        "/a /b, /c, false",
    })
    void matchAsServletUrlPatternsDo(String patterns, String path, boolean expected) {
        assertThat(PathPatterns.parse(patterns).matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "/a*", "/a/*/b", "/a/*/*", "*", "*.", "*.a/b", "**"})
    void anythingElseIsRefusedByName(String pattern) {
        assertThatThrownBy(() -> PathPatterns.parse("/ok " + pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + pattern + "\" is no servlet URL pattern, expected such as /chat, /chat/* or *.ws");
    }

    @Test
    void noneMatchesNothing() {
        assertThat(PathPatterns.parse("").isEmpty()).isTrue();
        assertThat(PathPatterns.NONE.matches("/chat")).isFalse();
        assertThat(PathPatterns.parse("/a").isEmpty()).isFalse();
    }

    @Test
    void printsWhatItReads() {
        assertThat(PathPatterns.parse(" /a,/b/*\t*.ws ")).hasToString("/a /b/* *.ws");
    }
}
