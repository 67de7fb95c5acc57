package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredHandshakesTest {

    /** The 40 malformed handshakes that were sent to eleven servers. */
    @ParameterizedTest(name = "{0}: {2} {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            valid                         | ``                                                | VALID   | ``
            keep-alive beside Upgrade     | Connection: keep-alive, Upgrade                   | VALID   | ``
            Connection on two lines       | Connection: keep-alive & Connection: Upgrade      | VALID   | ``
            the same the other way round  | Connection: Upgrade & Connection: keep-alive      | VALID   | ``
            Connection in capitals        | Connection: UPGRADE                               | VALID   | ``
            Connection as a substring     | Connection: noupgrade                             | DAMAGED | CONNECTION_LACKS_UPGRADE
            Connection: keep-alive        | Connection: keep-alive                            | DAMAGED | CONNECTION_LACKS_UPGRADE
            no Connection                 | -Connection                                       | DAMAGED | CONNECTION_MISSING
            no Upgrade                    | -Upgrade                                          | DAMAGED | UPGRADE_MISSING
            neither                       | -Upgrade & -Connection                            | DAMAGED | HOP_BY_HOP_STRIPPED
            nginx without settings        | HTTP/1.0 & -Upgrade & Connection: close           | DAMAGED | HTTP_VERSION_TOO_OLD HOP_BY_HOP_STRIPPED
            HTTP/1.0, complete            | HTTP/1.0                                          | DAMAGED | HTTP_VERSION_TOO_OLD
            Upgrade: WebSocket            | Upgrade: WebSocket                                | VALID   | ``
            websocket before h2c          | Upgrade: websocket, h2c                           | VALID   | ``
            websocket behind h2c          | Upgrade: h2c, websocket                           | VALID   | ``
            both on a line each           | Upgrade: websocket & Upgrade: h2c                 | VALID   | ``
            h2c only                      | Upgrade: h2c                                      | INVALID | UPGRADE_NOT_WEBSOCKET
            websocket/13                  | Upgrade: websocket/13                             | INVALID | UPGRADE_NOT_WEBSOCKET
            no key                        | -Sec-WebSocket-Key                                | INVALID | KEY_MISSING
            key abc                       | Sec-WebSocket-Key: abc                            | INVALID | KEY_INVALID
            key of 24 other characters    | Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==       | INVALID | KEY_INVALID
            key of 15 bytes               | Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA           | INVALID | KEY_INVALID
            key with pad bits             | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==       | INVALID | KEY_INVALID
            two keys                      | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== & Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA== | INVALID | KEY_REPEATED
            no version                    | -Sec-WebSocket-Version                            | INVALID | VERSION_MISSING
            no version, Origin there      | -Sec-WebSocket-Version & Origin: http://a.example | INVALID | VERSION_MISSING
            version 8                     | Sec-WebSocket-Version: 8                          | INVALID | VERSION_UNSUPPORTED
            version 14                    | Sec-WebSocket-Version: 14                         | INVALID | VERSION_UNSUPPORTED
            version 13, 8                 | Sec-WebSocket-Version: 13, 8                      | INVALID | VERSION_UNSUPPORTED
            versions on two lines         | Sec-WebSocket-Version: 8 & Sec-WebSocket-Version: 13 | INVALID | VERSION_REPEATED
            POST                          | POST & Content-Length: 0                          | INVALID | METHOD_NOT_GET
            body of 5 bytes               | Content-Length: 5                                 | INVALID | BODY_PRESENT
            chunked body                  | Transfer-Encoding: chunked                        | INVALID | BODY_PRESENT
            accept in the request         | Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= | INVALID | ACCEPT_IN_REQUEST
            foreign origin, none checked  | Origin: http://evil.test                          | VALID   | ``
            subprotocol twice             | Sec-WebSocket-Protocol: a, a                      | INVALID | SUBPROTOCOL_INVALID
            subprotocol with a space      | Sec-WebSocket-Protocol: a b,,                     | INVALID | SUBPROTOCOL_INVALID
            extensions garbage            | Sec-WebSocket-Extensions: permessage-deflate; =;;, @x | INVALID | EXTENSIONS_INVALID
            no Host                       | -Host                                             | INVALID | HOST_INVALID
            two Hosts                     | Host: a.example & Host: b.example                 | INVALID | HOST_INVALID
            """)
    void everyMalformedHandshakeThatWasMeasured(String name, String changes, Verdict verdict, String codes) {
        Examination examination = Sample.valid().changed(changes).examined();

        assertThat(examination.violations())
                .extracting(violation -> violation.code().name())
                .containsExactly(codes.isEmpty() ? new String[0] : codes.split(" "));
        assertThat(examination.verdict()).isEqualTo(verdict);
    }
}
