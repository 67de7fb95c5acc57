package io.github.firmshake.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** What a server says of itself when an HTTP/2 connection begins (RFC 9113 section 6.5). */
final class Http2Settings {

    /** WebSocket over HTTP/2: RFC 8441 section 3. */
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    private static final int SETTINGS = 4;
    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0};

    private Http2Settings() {}

    /** The settings that a server switches on, by their identifiers. */
    static Set<Integer> of(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(EMPTY_SETTINGS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readByte(); // flags
                in.readInt(); // stream
                if (type == SETTINGS) {
                    return settings(in, length);
                }
                in.readNBytes(length);
            }
        }
    }

    private static Set<Integer> settings(DataInputStream in, int length) throws IOException {
        Set<Integer> on = new HashSet<>();
        for (int left = length; left > 0; left -= 6) {
            int identifier = in.readUnsignedShort();
            if (in.readInt() != 0) {
                on.add(identifier);
            }
        }
        return on;
    }
}
