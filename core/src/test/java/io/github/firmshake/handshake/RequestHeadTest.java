package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    @ParameterizedTest
    @CsvSource({
        "/chat, /chat",
        "/chat?token=secret, /chat",
        "/chat#secret, /chat",
        "/chat;jsessionid=secret, /chat",
        "/a;secret/b;secret?secret, /a/b",
        "http://user:secret@host/chat?secret, /chat",
        "wss://host, /",
        "http://host?secret, /",
        "/a://b/c, /a://b/c",
        "/login?next=http://host/secret, /login",
        "?next=http://host/secret, ''",
        "://a/b, ://a/b",
        "*, *",
    })
    void secretsAreCutOffThePath(String target, String path) {
        assertThat(Sample.valid().target(target).head().path()).isEqualTo(path);
    }

    @Test
    void secretsBehindALineBreakAreCutOffToo() {
        assertThat(Sample.valid().target("/chat?a\nsecret").head().path()).isEqualTo("/chat");
        assertThat(Sample.valid().target("/chat;a\nsecret").head().path()).isEqualTo("/chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/", "HTTP/1.", "HTTP/11", "http/1.1", "HTTP/1.1\n", "SIP/2.0"})
    void aVersionThatIsNoneIsRefused(String version) {
        assertThatThrownBy(() -> Sample.valid().version(version).head())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "HTTP version is \"" + version + "\", expected HTTP/ and one digit, or two digits and a dot");
    }

    @ParameterizedTest
    @CsvSource({"HTTP/0.9, true, true", "HTTP/1.0, true, true", "HTTP/1.1, true, false", "HTTP/2, false, false"})
    void versionsAreCompared(String version, boolean isHttp1, boolean isOld) {
        RequestHead head = Sample.valid().version(version).head();

        assertThat(head.isHttp1()).isEqualTo(isHttp1);
        assertThat(head.isOlderThanHttp11()).isEqualTo(isOld);
        assertThat(head.version()).isEqualTo(version);
    }

    @Test
    void fieldNamesAreFoundInAnyCaseAndKeptAsReceived() {
        RequestHead head = Sample.plain().field("X-A", " b\t").field("x-a", "").head();

        assertThat(head.values("X-a")).containsExactly("b", "");
        assertThat(head.has("x-A")).isTrue();
        assertThat(head.has("x-b")).isFalse();
        assertThat(head.values("x-b")).isEmpty();
        assertThat(head.fields()).extracting(RequestHead.Field::name).containsExactly("Host", "X-A", "x-a");
    }

    @Test
    void nothingOfItCanBeChanged() {
        RequestHead head = Sample.valid().head();

        assertThat(head.values("Host")).isUnmodifiable();
        assertThat(head.values("X-Gone")).isUnmodifiable();
        assertThat(head.fields()).isUnmodifiable();
    }

    @Test
    void whatTheContainerCouldNotTellIsSaid() {
        RequestHead known = Sample.valid().head();
        assertThat(known.namesKeepCase()).isTrue();
        assertThat(known.peer()).isEqualTo("10.0.0.7");
        assertThat(known.peerIsSocket()).isTrue();

        RequestHead unknown =
                Sample.valid().builder().peer(null, false).namesLoseCase().build();
        assertThat(unknown.namesKeepCase()).isFalse();
        assertThat(unknown.peer()).isNull();
        assertThat(unknown.peerIsSocket()).isFalse();
    }

    @Test
    void aFieldWithoutAValueIsEmpty() {
        RequestHead head = RequestHead.builder("GET", "/", "HTTP/1.1")
                .field("Cookie", null)
                .build();
        assertThat(head.values("Cookie")).containsExactly("");
    }
}
