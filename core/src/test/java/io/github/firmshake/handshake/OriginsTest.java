package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {

    private static final String HINT = "; if a hop rewrote Host, it has to forward the client's: "
            + "proxy_set_header Host $host; on nginx, ProxyPreserveHost On on Apache httpd";

    private static boolean allowed(String list, Sample sample) {
        return Origins.parse(list).allow(sample.head());
    }

    private static String expected(String list, Sample sample) {
        return Origins.parse(list).violation(sample.head()).orElseThrow().expected();
    }

    private static Sample from(String origin) {
        return Sample.valid().field("Origin", origin);
    }

    @Nested
    class TheList {

        @Test
        void emptyLeavesItToTheApplication() {
            assertThat(allowed("", from("https://evil.test"))).isTrue();
            assertThat(Origins.ANY.violation(from("null").head())).isEmpty();
            assertThat(Origins.parse(" , ")).hasToString("");
        }

        @Test
        void isReadWithCommasAndSpacesInItsCanonicalForm() {
            assertThat(Origins.parse("HTTPS://App.Example.com:443, wss://a:8443 SAME-ORIGIN,http://[::1]:80"))
                    .hasToString("https://app.example.com https://a:8443 http://[::1] same-origin");
        }

        @ParameterizedTest
        @ValueSource(strings = {"app.example.com", "https://*", "https://a/", "null", "https://a:123456", "//a"})
        void holdsNothingButOrigins(String member) {
            assertThatThrownBy(() -> Origins.parse("https://a " + member))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("\"" + member
                            + "\" is no origin, expected such as https://app.example.com, or same-origin");
        }

        @ParameterizedTest
        @CsvSource({
            "https://app.example.com, https://app.example.com, true",
            "https://app.example.com, https://app.example.com:443, true",
            "https://app.example.com, wss://APP.example.com, true",
            "http://app.example.com:80, http://app.example.com, true",
            "ws://app.example.com, http://app.example.com, true",
            "https://app.example.com, http://app.example.com, false",
            "https://app.example.com, https://app.example.com:8443, false",
            "https://app.example.com:80, https://app.example.com, false",
            "http://app.example.com:443, http://app.example.com, false",
            "https://app.example.com, https://app.example.com.evil.test, false",
            "https://app.example.com, null, false",
            "https://app.example.com, app.example.com, false",
        })
        void isComparedWithSchemeHostAndPort(String list, String origin, boolean expected) {
            assertThat(allowed(list, from(origin))).isEqualTo(expected);
        }

        @Test
        void aRequestWithoutOriginIsNoBrowserAndPasses() {
            assertThat(allowed("https://app.example.com", Sample.valid())).isTrue();
        }

        @Test
        void twoOriginsAreNone() {
            assertThat(allowed("https://a", from("https://a").field("Origin", "https://a")))
                    .isFalse();
        }

        @Test
        void aRefusalNamesItAndNothingElse() {
            assertThat(Origins.parse("https://a https://b")
                            .violation(from("https://evil.test").head()))
                    .contains(new Violation(
                            ReasonCode.ORIGIN_NOT_ALLOWED,
                            "Origin",
                            List.of("https://evil.test"),
                            "one of https://a https://b"));
        }
    }

    @Nested
    class SameOrigin {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                https://app.example.com      | Host: app.example.com                                         | true
                http://app.example.com       | Host: APP.example.com:80                                      | true
                https://app.example.com      | Host: app.example.com:443                                     | true
                https://app.example.com:8443 | Host: app.example.com:8443                                    | true
                https://app.example.com      | Host: app.example.com:8443                                    | false
                https://evil.test            | Host: app.example.com                                         | false
                https://app.example.com      | Host: 10.0.0.1:8080 & X-Forwarded-Host: app.example.com       | true
                https://app.example.com      | Host: 10.0.0.1 & X-Forwarded-Host: a, App.example.com         | true
                https://app.example.com      | Host: 10.0.0.1 & Forwarded: for=1;host="app.example.com:443"  | true
                https://app.example.com      | Host: 10.0.0.1 & Forwarded: for=1, Host=app.example.com;proto=https | true
                https://app.example.com      | Host: 10.0.0.1 & Forwarded: xhost=app.example.com             | false
                https://app.example.com      | X-Forwarded-Proto: https                                      | true
                https://app.example.com      | X-Forwarded-Proto: wss                                        | true
                http://app.example.com       | X-Forwarded-Proto: ws                                         | true
                https://app.example.com      | X-Forwarded-Proto: http                                       | false
                https://app.example.com      | Forwarded: proto=http                                         | false
                http://app.example.com       | Forwarded: proto=http                                         | true
                null                         | Host: app.example.com                                         | false
                null                         | Host: null                                                    | false
                """)
        void comparesHostAndPortAndTheSchemeWhereItIsForwarded(String origin, String changes, boolean expected) {
            assertThat(allowed("same-origin", from(origin).changed(changes))).isEqualTo(expected);
        }

        @Test
        void aRefusalSaysWhichHostIsKnownHereAndNamesTheHopsSetting() {
            assertThat(expected(
                            "https://b same-origin", from("https://evil.test").with("Host", "10.0.0.1:8080")))
                    .isEqualTo("one of https://b same-origin (the host here is 10.0.0.1:8080)" + HINT);
        }

        @Test
        void aRefusalBehindAHopThatForwardsTheHostIsNoMatterOfThatSetting() {
            assertThat(expected("same-origin", from("https://evil.test").field("X-Forwarded-Host", "a.example")))
                    .isEqualTo("one of same-origin (the host here is app.example.com, a.example)");
        }

        @Test
        void hostsThatAreNoneOrTooManyAreNotShown() {
            Sample sample = from("https://evil.test")
                    .with("Host", "a\r\nWARN forged")
                    .field("X-Forwarded-Host", "\u001B[31m")
                    .field("X-Forwarded-Host", "x".repeat(100_000));
            assertThat(expected("same-origin", sample)).isEqualTo("one of same-origin (no host is known here)");

            Sample many = from("https://evil.test")
                    .field("X-Forwarded-Host", String.join(",", Collections.nCopies(5000, "b")));
            assertThat(expected("same-origin", many))
                    .isEqualTo("one of same-origin (the host here is app.example.com, b, b, b, b, b, b, b)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.test/?token=secret, https://evil.test/...",
        "https://evil.test#secret, https://evil.test#...",
        "https://user:secret@evil.test, https://...@evil.test",
        "user:secret@evil.test:8443, ...@evil.test:8443",
        "https://user:pa/ss@evil.test, (28 characters)",
        "//secret@evil.test, //...@evil.test",
        "capacitor://localhost, capacitor://localhost",
        "a-scheme-that-is-too-long-to-be-one://evil.test, a-scheme-that-is-too-long-to-be-one:...",
    })
    void secretsInAnOriginAreNotKept(String origin, String shown) {
        assertThat(Origins.parse("https://a")
                        .violation(from(origin).head())
                        .orElseThrow()
                        .received())
                .containsExactly(shown);
    }
}
