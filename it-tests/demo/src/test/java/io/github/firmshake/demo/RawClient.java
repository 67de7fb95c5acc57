package io.github.firmshake.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that writes exactly the bytes it is told to, over a socket. */
final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads up to the empty line that ends a head. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends a masked text frame of at most 125 bytes (RFC 6455 5.2). */
    void sendText(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] mask = {1, 2, 3, 4};
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | payload.length);
        frame.write(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** Reads the next text frame; answers no Ping, for a frame of another kind is passed over. */
    String readText() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            String payload = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            if (opcode == 1) {
                return payload;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
