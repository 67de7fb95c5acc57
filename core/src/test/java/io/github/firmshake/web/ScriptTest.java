package io.github.firmshake.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
                .containsEntry("X-Content-Type-Options", "nosniff")
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
        String strong = tag.substring(2);
        for (String known :
                List.of(tag, strong, "\"x\", " + tag, strong + ",W/\"y\"", "\"a,b\" ,\t" + tag + " ", "*", " *")) {
            for (String method : List.of("GET", "HEAD")) {
                Served answer = script.answer(method, known);
                assertThat(answer.status()).as(known).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers())
                        .containsOnlyKeys("ETag", "Cache-Control")
                        .containsEntry("ETag", tag)
                        .containsEntry("Cache-Control", "no-cache");
            }
        }
    }

    @Test
    void whoHasAnotherOneGetsIt() {
        String hash = tag.substring(3, tag.length() - 1);
        for (String known :
                List.of("\"x\"", "", "\"" + hash + "x\"", "\"x" + hash + "\"", hash, "\"a,*,b\"", "\"*\"")) {
            assertThat(script.answer("GET", known).status()).as(known).isEqualTo(200);
        }
    }

    @Test
    void theScriptAndItsTypesAreInTheJar() {
        Served module = Script.module().answer("GET", null);
        assertThat(module.headers()).containsEntry("Content-Type", "text/javascript;charset=UTF-8");
        assertThat(new String(module.body(), StandardCharsets.UTF_8)).contains("export class HeartbeatSocket ");

        Served types = Script.types().answer("GET", null);
        assertThat(types.headers()).containsEntry("Content-Type", "text/plain;charset=UTF-8");
        assertThat(new String(types.body(), StandardCharsets.UTF_8)).contains("export interface HeartbeatSocket ");
    }

    @Test
    void theTagIsTheSameWhereverAndWhenever() {
        assertThat(Script.module().answer("HEAD", null).headers().get("ETag"))
                .isEqualTo(Script.module().answer("GET", null).headers().get("ETag"));
        // What sha256sum prints for "export {}", its first 16 digits.
        assertThat(tag).isEqualTo("W/\"f4c5cf9bb78e85f1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"})
    void anythingElseIsNotAllowed(String method) {
        Served answer = script.answer(method, null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of("Allow", "GET, HEAD", "Content-Length", "0"));
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/firmshake/firmshake.js, /firmshake/firmshake.d.ts", "/a.mjs, /a.d.ts", "/beat, /beat.d.ts"})
    void theTypesLieBesideTheScript(String script, String types) {
        assertThat(Script.typesPath(script)).isEqualTo(types);
    }
}
