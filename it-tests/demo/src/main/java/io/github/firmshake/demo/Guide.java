package io.github.firmshake.demo;

/** What the demo says at its start: each address and what to expect of it. */
final class Guide {

    private static final String TEXT = """

            Firmshake demo: a chat on Tomcat that knows nothing of handshakes and has one line that answers the
            browser's heartbeat, Firmshake's listener in front of it, and three hops, each on a port of its own.
            Open these pages in a browser and watch this console:

              http://127.0.0.1:%1$d/  the chat itself
                  The chat opens. No line appears here: a good handshake is not worth one.

              http://127.0.0.1:%2$d/  through a hop that passes everything on
                  The chat opens, twice: without the heartbeat, and with it. No line appears here. Press "Cut the
                  cable": all bytes are dropped, and nobody is told. Within 5 s the right column says "dead" and tries
                  to reconnect, while the left one still says "open"; the server gives both up, and a line each says
                  INFO chat ... 1011 ping timeout. Plug it in again: the right column is open within seconds, the
                  left one stays dead, and learns that from the next message that you send there, if not before.
                  (These are short intervals. By default the browser notices within 35 s, the server within 45 s.)

              http://127.0.0.1:%3$d/  through a hop that strips Upgrade and Connection
                  The page says "failed"; a browser is not told why. A line appears here that tells it:
                  WARN ... HOP_BY_HOP_STRIPPED, with the headers that were lost and who may have taken them.

              http://127.0.0.1:%4$d/  through a hop that falls back to HTTP/1.0 with "connection: keep-alive"
                  The chat opens all the same: Firmshake repairs this handshake. A line appears here:
                  INFO ... CONNECTION_LACKS_UPGRADE and HTTP_VERSION_TOO_OLD, what was restored, and "answered 101".

            Without a browser, in another terminal (on the other ports a 101 comes, and waits: Ctrl-C ends curl):

              curl -i -H "Connection: Upgrade" -H "Upgrade: websocket" -H "Sec-WebSocket-Version: 13" \
            -H "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" http://127.0.0.1:%3$d/chat

            The switch without a browser:

              curl -X POST http://127.0.0.1:%2$d/cable/cut
              curl -X POST http://127.0.0.1:%2$d/cable/plug-in

            Ctrl-C ends the demo.
            """;

    private Guide() {}

    static String text(Ports ports) {
        return TEXT.formatted(ports.chat(), ports.fine(), ports.strips(), ports.downgrades());
    }
}
