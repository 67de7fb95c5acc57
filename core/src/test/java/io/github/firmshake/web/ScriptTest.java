package io.github.firmshake.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {

    private static final byte[] TEXT = "export {}".getBytes(StandardCharsets.UTF_8);

    private final Script script = new Script("text/javascript;charset=UTF-8", TEXT);
    private final String tag = script.answer("GET", null).headers().get("ETag");

    @Test
    void aGetIsAnsweredWithEverythingThatCachesNeed() {
        Served answer = script.answer("GET", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(TEXT);
        assertThat(answer.headers())
                .containsOnlyKeys("ETag", "Cache-Control", "Content-Type", "X-Content-Type-Options", "Content-Length")
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Type", "text/javascript;charset=UTF-8")
                .containsEntry("Content-Length", "9");
        assertThat(tag).matches("W/\"[0-9a-f]{16}\"");
    }

    @Test
    void aHeadIsAnsweredAlikeWithoutBody() {
        assertThat(script.answer("HEAD", null).headers())
                .isEqualTo(script.answer("GET", null).headers());
        assertThat(script.answer("HEAD", null).body()).isEmpty();
    }

    @Test
    void anotherTextHasAnotherTag() {
        assertThat(new Script("text/plain", new byte[1]).answer("GET", null).headers())
                .doesNotContainEntry("ETag", tag);
    }

    @Test
    void whoHasItIsToldSo() {
        for (String known : new String[] {tag, tag.substring(2), "\"x\", " + tag, "*"}) {
            Served answer = script.answer("GET", known);
            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).containsOnlyKeys("ETag", "Cache-Control");
        }
        assertThat(script.answer("GET", "\"x\"").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void anythingElseIsNotAllowed(String method) {
        Served answer = script.answer(method, null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
    }

    @ParameterizedTest
    @CsvSource({"/firmshake/firmshake.js, /firmshake/firmshake.d.ts", "/a.mjs, /a.d.ts", "/beat, /beat.d.ts"})
    void theTypesLieBesideTheScript(String script, String types) {
        assertThat(Script.typesPath(script)).isEqualTo(types);
    }
}
