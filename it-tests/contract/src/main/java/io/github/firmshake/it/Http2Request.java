package io.github.firmshake.it;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One request over HTTP/2 with exactly the fields that a test names, pseudo-header fields included: no client library
 * leaves one of them out.
 */
public final class Http2Request {

    /**
     * The answer.
     *
     * @param status the status, or 0 where the server reset the stream or closed the connection
     * @param body the body as far as it came; of a 2xx nothing is read
     */
    public record Answer(int status, String body) {}

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    // RFC 7541 appendix A, from index 8
    private static final List<Integer> STATUSES = List.of(200, 204, 206, 304, 400, 404, 500);

    private final DataInputStream in;
    private final DataOutputStream out;
    private final StringBuilder body = new StringBuilder();
    private int status;

    private Http2Request(Socket socket) throws IOException {
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /**
     * Sends a request on a connection of its own.
     *
     * @param fields a field line each, such as {@code :method: CONNECT}
     */
    public static Answer send(int port, List<String> fields) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            Http2Request request = new Http2Request(socket);
            request.write(fields);
            try {
                request.read();
            } catch (EOFException | SocketException e) {
                return new Answer(request.status, request.body.toString());
            }
            return new Answer(request.status, request.body.toString());
        }
    }

    private void write(List<String> fields) throws IOException {
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        frame(SETTINGS, 0, 0, new byte[0]);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = field.indexOf(':', 1);
            block.write(0); // literal, never indexed
            string(block, field.substring(0, colon));
            string(block, field.substring(colon + 1).strip());
        }
        boolean tunnel = fields.contains(":method: CONNECT");
        frame(HEADERS, END_HEADERS | (tunnel ? 0 : END_STREAM), 1, block.toByteArray());
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length >= 0x7F) {
            throw new IllegalArgumentException("longer than its first length byte can say: " + text);
        }
        block.write(bytes.length);
        block.writeBytes(bytes);
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    private void read() throws IOException {
        boolean open = true;
        while (open) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt(); // stream
            byte[] payload = new byte[length];
            in.readFully(payload);
            switch (type) {
                case SETTINGS -> {
                    if ((flags & ACK) == 0) {
                        frame(SETTINGS, ACK, 0, new byte[0]);
                    }
                }
                case HEADERS -> {
                    status = status(payload);
                    open = status >= 300 && (flags & END_STREAM) == 0;
                }
                case DATA -> {
                    body.append(new String(payload, StandardCharsets.UTF_8));
                    open = (flags & END_STREAM) == 0;
                }
                case RST_STREAM, GOAWAY -> open = false;
                default -> {} // window updates, pings
            }
        }
    }

    // :status comes first, behind changes of the table's size (RFC 7541 sections 6.1 to 6.3).
    private static int status(byte[] block) {
        int at = 0;
        while ((block[at] & 0xE0) == 0x20) {
            boolean more = (block[at++] & 0x1F) == 0x1F;
            while (more) {
                more = (block[at++] & 0x80) != 0;
            }
        }
        if ((block[at] & 0x80) != 0) {
            return STATUSES.get((block[at] & 0x7F) - 8);
        }
        int length = block[at + 1] & 0x7F;
        String digits = (block[at + 1] & 0x80) == 0
                ? new String(block, at + 2, length, StandardCharsets.US_ASCII)
                : huffman(block, at + 2);
        return Integer.parseInt(digits);
    }

    // RFC 7541 appendix B: 0, 1 and 2 are 00000 to 00010, 3 to 9 are 011001 to 011111.
    private static String huffman(byte[] block, int from) {
        int bits = (block[from] & 0xFF) << 16 | (block[from + 1] & 0xFF) << 8;
        bits |= from + 2 < block.length ? block[from + 2] & 0xFF : 0;
        StringBuilder digits = new StringBuilder();
        int left = 24;
        while (digits.length() < 3) {
            int five = bits >> left - 5 & 0x1F;
            int six = bits >> left - 6 & 0x3F;
            digits.append(five < 3 ? five : six - 0x19 + 3);
            left -= five < 3 ? 5 : 6;
        }
        return digits.toString();
    }
}
