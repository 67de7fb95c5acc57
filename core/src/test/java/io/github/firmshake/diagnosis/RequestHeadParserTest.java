package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.diagnosis.RequestHeadParser.NotARequestHead;
import io.github.firmshake.handshake.RequestHead;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadParserTest {

    private static String fields(RequestHead head) {
        StringBuilder text = new StringBuilder();
        head.fields()
                .forEach(field -> text.append(field.name())
                        .append('=')
                        .append(field.value())
                        .append(';'));
        return text.toString();
    }

    private static String parsed(String text) throws NotARequestHead {
        RequestHead head = RequestHeadParser.parse(text);
        return head.method() + ' ' + head.path() + ' ' + head.version() + ' ' + fields(head);
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> RequestHeadParser.parse(text))
                .isInstanceOf(NotARequestHead.class)
                .hasMessage(message);
    }

    @Nested
    @DisplayName("a head over HTTP/1")
    class Http1 {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET /chat HTTP/1.1\r\nHost: a\r\nX: b c\r\n\r\n",
                    "GET /chat HTTP/1.1\nHost: a\nX: b c\n\n",
                    "GET /chat HTTP/1.1\r\nHost: a\nX: b c",
                    "GET /chat HTTP/1.1\nHost:a\nX:\t b c \t\n",
                    "\r\n\n \t\r\nGET /chat HTTP/1.1\nHost: a\nX: b c\n",
                    "GET /chat HTTP/1.1\nHost: a\nX: b\n  c\n",
                    "GET /chat HTTP/1.1\nHost: a\nX: b\r\n\tc\t\r\n\r\n",
                    "GET /chat HTTP/1.1\nHost: a\nX: b c\n\nwhatever follows: \0 it\nGET / HTTP/1.1\n",
                    "\u00EF\u00BB\u00BFGET /chat HTTP/1.1\nHost: a\nX: b c\n",
                })
        void isReadAsItWasPasted(String text) throws NotARequestHead {
            assertThat(parsed(text)).isEqualTo("GET /chat HTTP/1.1 Host=a;X=b c;");
        }

        @Test
        void mayHaveNoFieldAtAll() throws NotARequestHead {
            assertThat(parsed("GET / HTTP/1.0")).isEqualTo("GET / HTTP/1.0 ");
        }

        @Test
        void keepsEmptyValuesRepeatedLinesAndBytes() throws NotARequestHead {
            assertThat(parsed("G / HTTP/2\nA:\na: \u0000\u001B\u00FF\r:\nA::\n"))
                    .isEqualTo("G / HTTP/2 A=;a=\u0000\u001B\u00FF\r:;A=:;");
        }

        @Test
        void ofCurlIsReadWithItsPromptsAndWithoutItsRemarks() throws NotARequestHead {
            String text = """
                    *   Trying 127.0.0.1:8080...
                    * Connected to 127.0.0.1 port 8080
                    > GET /chat HTTP/1.1
                    > Host: a
                    > X: b c
                    >\s
                    < HTTP/1.1 404\s
                    """;

            assertThat(parsed(text)).isEqualTo("GET /chat HTTP/1.1 Host=a;X=b c;");
            assertThat(parsed("> GET / HTTP/1.1\r\n> A: b\r\n>\r\n> C: d")).isEqualTo("GET / HTTP/1.1 A=b;");
            assertThat(parsed("> GET / HTTP/1.1\n> A: b\n* Request completely sent off\n< HTTP/1.1 404"))
                    .isEqualTo("GET / HTTP/1.1 A=b;");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "E..1..@.@.<..........GET /chat HTTP/1.1\r\nHost: a\r\n",
                    "`....O.@................GET /chat HTTP/1.1\nHost: a\n\n",
                    "14:11:35.123456 IP 1.2.3.4.5 > 1.2.3.4.80: Flags [P.], length 77: HTTP: GET /chat HTTP/1.1\n"
                            + "E.....@.@.%..............GET /chat HTTP/1.1\nHost: a\n",
                    "2026-11-22 14:11:35.123456 lo    In  IP6 ::1.5 > ::1.80: Flags [P.], length 77: HTTP\n"
                            + "`....\n.\".E.\".EGET /chat HTTP/1.1\nHost: a\n",
                })
        void ofTcpdumpIsReadBehindThePacketsOwnHeaders(String text) throws NotARequestHead {
            assertThat(parsed(text)).isEqualTo("GET /chat HTTP/1.1 Host=a;");
        }
    }

    @Nested
    @DisplayName("a block of HTTP/2 pseudo-header fields")
    class Http2 {

        @Test
        void ofAnExtendedConnectIsRead() throws NotARequestHead {
            RequestHead head = RequestHeadParser.parse("""
                    :method: CONNECT
                    :protocol: websocket
                    :scheme: https
                    :path: /chat?token=secret
                    :authority: app.example.com
                    sec-websocket-version: 13
                    """);

            assertThat(head.protocol()).isEqualTo("websocket");
            assertThat(head.isHttp1()).isFalse();
            assertThat(head.path()).isEqualTo("/chat");
            assertThat(fields(head)).isEqualTo("Host=app.example.com;sec-websocket-version=13;");
        }

        @Test
        void needsNoAuthorityAndNoProtocol() throws NotARequestHead {
            assertThat(parsed(":method: GET\n:path: /\n")).isEqualTo("GET / HTTP/2.0 ");
            assertThat(RequestHeadParser.parse(":method: GET\n:path: /\n").protocol())
                    .isNull();
        }

        @Test
        void ofAnOrdinaryConnectHasNoPath() throws NotARequestHead {
            assertThat(parsed(":method: CONNECT\n:authority: a:443")).isEqualTo("CONNECT a:443 HTTP/2.0 Host=a:443;");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                :method: GET                                   | line 2: found pseudo-header fields without :path, expected :path among them
                :method: CONNECT                               | line 2: found pseudo-header fields without :path, expected :path among them
                :method: CONNECT~:protocol: websocket~:authority: a | line 4: found pseudo-header fields without :path, expected :path among them
                :path: /                                       | line 2: found pseudo-header fields without :method, expected :method among them
                :method: GET~:path:                            | line 3: found pseudo-header fields without :path, expected :path among them
                :method: GET~:path: /~:path: /                 | line 3: found a second :path, expected one
                :method GET                                    | line 1: found no second colon, expected one of :method, :scheme, :authority, :path, :protocol, then a colon
                :status: 101                                   | line 1: found ":status", expected one of :method, :scheme, :authority, :path, :protocol, then a colon
                :method: GE T~:path: /                         | line 3: found a :method of 4 characters that is no token, expected one such as CONNECT
                :method: GET~:path: /~a: b~:scheme: http       | line 4: found ":" at character 1, expected a field name
                """)
        void isRefusedWithTheLineAndWhatIsWrong(String text, String message) {
            refused(text.replace('~', '\n'), message);
        }
    }

    @Nested
    @DisplayName("what is no head")
    class Refused {

        private static final String REQUEST_LINE = "a request line such as GET /chat HTTP/1.1";
        private static final String FIELD_LINE = "a field line such as Upgrade: websocket";

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", "\r\n\r\n", "* a remark of curl\n>"})
        void isRefusedIfThereIsNothing(String text) {
            int lines = text.split("\n", -1).length;

            refused(text, "line " + lines + ": found nothing, expected " + REQUEST_LINE);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                password                | a line of 8 characters and 1 word
                x                       | a line of 1 character and 1 word
                GET /                   | a line of 5 characters and 2 words
                GET  HTTP/1.1           | a line of 13 characters and 2 words
                GET /a b HTTP/1.1       | a line of 17 characters and 4 words
                ` GET / HTTP/1.1`       | white space at the start
                :)                      | no second colon
                (: )                    | a line of 4 characters and 2 words
                Cookie: secret          | a field line, "Cookie"
                Authorization:          | a field line, "Authorization"
                HTTP/1.1 101            | a response
                HTTP/1.1 404 Not Found  | a response
                E..no request           | a packet without a request line in clear text
                """)
        void isToldByItsShapeInTheFirstLine(String line, String found) {
            String expected = line.startsWith(":")
                    ? "one of :method, :scheme, :authority, :path, :protocol, then a colon"
                    : REQUEST_LINE;

            refused("\n" + line + "\nHost: a", "line 2: found " + found + ", expected " + expected);
        }

        @Test
        void isRefusedForItsMethodOrItsVersion() {
            refused(
                    "G@T / HTTP/1.1",
                    "line 1: found a method of 3 characters that is no token, expected " + REQUEST_LINE);
            String version = ", expected one such as HTTP/1.1 at the end of a request line";
            refused("GET / HTTP/11\u001B", "line 1: found the version \"HTTP/11\\x1B\"" + version);
            refused("GET / http/1.1", "line 1: found the version \"http/1.1\"" + version);
            refused("HTTP/1.1 101 Switching", "line 1: found a response, expected " + REQUEST_LINE);
        }

        @Test
        void isRefusedIfAPacketHidesIt() {
            refused(
                    "14:11:35.1 IP a > b: length 5",
                    "line 1: found a packet without a request line in clear text, expected " + REQUEST_LINE);
            refused(
                    "14:11:35.1 IP a > b: length 5\nE....\n",
                    "line 1: found a packet without a request line in clear text, expected " + REQUEST_LINE);
            refused(
                    "E....\n" + "\n".repeat(8) + "GET / HTTP/1.1",
                    "line 1: found a packet without a request line in clear text, expected " + REQUEST_LINE);
        }

        @Test
        void isRefusedForAFieldLineWithoutShowingItsValue() {
            String head = "GET / HTTP/1.1\nA: b\n";
            refused(head + "secret", "line 3: found a line of 6 characters without a colon, expected " + FIELD_LINE);
            refused(
                    head + "Upgrade : secret",
                    "line 3: found \" \" at character 8, expected a token character or the"
                            + " colon behind a field name");
            refused(
                    head + "se\u001Bcret: x",
                    "line 3: found \"\\x1B\" at character 3, expected a token character or the"
                            + " colon behind a field name");
            refused(head + ": secret", "line 3: found \":\" at character 1, expected a field name");
            refused("GET / HTTP/1.1\n folded", "line 2: found white space at the start, expected " + FIELD_LINE);
        }
    }
}
