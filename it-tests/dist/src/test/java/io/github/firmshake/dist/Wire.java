package io.github.firmshake.dist;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which every byte is written by the test. */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends a request head, written with one line feed a line, and returns the head of the answer. */
    String request(String head) throws IOException {
        socket.getOutputStream()
                .write((head.strip() + "\n\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed after \"" + answer + '"');
            }
            answer.append((char) next);
        }
        return answer.toString().replace("\r\n", "\n");
    }

    /** What follows until the server closes; fails where it does not. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends one text frame (RFC 6455 5.2), masked with zeros, and returns the text of the frame that answers it. */
    String echo(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        socket.getOutputStream().write(frame);
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (first != 0x81 || length > 125) {
            throw new IOException("no short text frame: " + first + ' ' + length);
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
