package io.github.firmshake.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import java.util.zip.InflaterOutputStream;

/**
 * A client that sends exactly what a test wrote and reads what came back, byte by byte. Whatever takes longer than a
 * minute fails.
 *
 * <pre>{@code
 * try (RawClient client = RawClient.connect(port)) {
 *     Response response = client.exchange("""
 *             GET / HTTP/1.1
 *             Host: 127.0.0.1
 *
 *             """);
 * }
 * }</pre>
 */
public final class RawClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    /** One WebSocket frame (RFC 6455 section 5.2), whole in itself. */
    public record Frame(int opcode, String payload) {
        static final int TEXT = 1;
        static final int CLOSE = 8;
        static final int PING = 9;
        static final int PONG = 10;

        /** A text message. */
        public static Frame text(String message) {
            return new Frame(TEXT, message);
        }
    }

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects over loopback. */
    public static RawClient connect(int port) throws IOException {
        return connectFrom("127.0.0.1", port);
    }

    /** Connects from one of the loopback addresses, so that a server sees that peer. */
    public static RawClient connectFrom(String address, int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(address), 0);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    /** Sends a request and reads the answer. */
    public Response exchange(String request) throws IOException {
        send(request);
        return readResponse();
    }

    /** Sends text, each line end of it as CR LF, each character as one byte. */
    public void send(String text) throws IOException {
        String lines = text.replace("\r\n", "\n").replace("\n", "\r\n");
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends text as {@link #send(String)} does and bytes behind it, in one segment as far as they fit into one. */
    public void send(String text, byte[] behind) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(behind);
        send(all.toByteArray());
    }

    /** Sends the end of what this client sends, and reads on. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads one final answer, head and body; of an answer that switches protocols only the head. */
    public Response readResponse() throws IOException {
        Response head = readHead();
        while (head.status() == 100) {
            head = readHead();
        }
        return head.withBody(body(head));
    }

    /** Reads the head of an answer and leaves its body. */
    public Response readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return Response.parse(head.toString());
    }

    /** Reads one line of a body or head, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = readByte(); b != '\n'; b = readByte()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
    }

    /** Sends one masked frame. */
    public void send(Frame frame) throws IOException {
        send(masked(frame));
    }

    /** Sends one masked frame byte by byte, as an upload over a slow line: 60 ms for each. */
    public void sendSlowly(Frame frame) throws IOException, InterruptedException {
        for (byte part : masked(frame)) {
            send(new byte[] {part});
            Thread.sleep(60);
        }
    }

    private static byte[] masked(Frame frame) {
        byte[] payload = frame.payload().getBytes(StandardCharsets.ISO_8859_1);
        if (payload.length > 125) {
            throw new IllegalArgumentException(payload.length + " bytes, expected at most 125");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x80 | frame.opcode());
        bytes.write(0x80 | payload.length);
        bytes.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            bytes.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return bytes.toByteArray();
    }

    /** Reads until the server's Close, and answers its Pings meanwhile. */
    public Frame readClose() throws IOException {
        Frame frame = readFrame();
        while (frame.opcode() != Frame.CLOSE) {
            if (frame.opcode() == Frame.PING) {
                send(new Frame(Frame.PONG, frame.payload()));
            }
            frame = readFrame();
        }
        return frame;
    }

    /** Reads one unmasked, unfragmented frame of at most 125 bytes, and inflates it where it is compressed. */
    public Frame readFrame() throws IOException {
        int first = readByte();
        int length = readByte();
        if ((first & 0xB0) != 0x80 || length > 125) {
            throw new IOException("no short, whole, unmasked frame: starts with " + first + ", " + length);
        }
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) readByte();
        }
        boolean compressed = (first & 0x40) != 0;
        return new Frame(
                first & 0x0F, new String(compressed ? inflated(payload) : payload, StandardCharsets.ISO_8859_1));
    }

    // permessage-deflate leaves out what ends every message (RFC 7692 section 7.2.2).
    private static byte[] inflated(byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InflaterOutputStream inflater = new InflaterOutputStream(out, new Inflater(true))) {
            inflater.write(payload);
            inflater.write(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
        }
        return out.toByteArray();
    }

    /** Everything that the server sends before it closes the connection. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether something has come that is not read yet. */
    public boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    /** Whether the server closes the connection now without another byte. */
    public boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) { // reset, which is closed too
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String body(Response head) throws IOException {
        if (head.status() == 101 || head.status() == 204 || head.status() == 304) {
            return "";
        }
        if (head.values("Transfer-Encoding").contains("chunked")) {
            return chunks();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (head.has("Content-Length")) {
            for (int left = Integer.parseInt(head.value("Content-Length")); left > 0; left--) {
                body.write(readByte());
            }
        } else {
            in.transferTo(body);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            for (int i = 0; i < size; i++) {
                body.write(readByte());
            }
            line();
        }
        line();
        return body.toString(StandardCharsets.UTF_8);
    }

    private int readByte() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the server closed the connection");
        }
        return b;
    }
}
