package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            app.example.com           | app.example.com
            app.example.com:8443      | app.example.com:8443
            https://[::1]:80          | https://[::1]:80
            null                      | null
            {http.request.host}       | {http.request.host}
            $host                     | $host
            https://a/                | https://a/
            https://a/b               | https://a/...
            https://u:p@a:80?t        | https://...@a:80?...
            u:p@a                     | ...@a
            a@                        | ...@
            a:                        | a:
            a:p                       | a:...
            a:1p                      | a:...
            https://u:p/@a            | (14 characters)
            https:u:p                 | https:...
            `a`                 | `a`
            `aéb`                | `aé...`
            """)
    void schemeHostAndPortAndWhyItIsCut(String value, String shown) {
        assertThat(Shown.hostAndPort(value)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a, b:80,  | true
            ``        | true
            a/b       | false
            """)
    void aListOfHosts(String list, boolean expected) {
        assertThat(Shown.areHosts(list)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            for=10.0.0.7                                     | true
            For="[::1]:80";proto=https;host="a:80", by=_me   | true
            for=unknown;                                     | true
            for=1;secret=2                                   | false
            secret                                           | false
            host="a?b"                                       | false
            host="a                                          | false
            host=a"                                          | false
            host="                                           | false
            host=                                            | false
            """)
    void aForwardedField(String list, boolean expected) {
        assertThat(Shown.areForwardedHosts(list)).isEqualTo(expected);
    }
}
