package io.github.firmshake.benchmarks.heartbeat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One WebSocket of the client. Whatever is not as it should be is a {@link LoadFailure}. */
final class ClientSession {

    /** Who is told. */
    interface Events {
        /** A session may be used from now on. */
        void opened();

        /** The answer to a session's ping is there, and right. */
        void answered(ClientSession session) throws IOException;

        /** The server has sent a Ping, which was answered. */
        void pinged();

        /** Both sides have said goodbye, and the server has closed. */
        void closed();
    }

    private enum State {
        HANDSHAKE,
        GREETING,
        OPEN,
        CLOSING,
        GOODBYE,
        CLOSED
    }

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final byte[] NOTHING = {};

    private final Variant variant;
    private final int number;
    private final Events events;
    private final SocketChannel channel;
    private State state = State.HANDSHAKE;
    private byte[] rest = NOTHING; // received, not understood yet
    private byte[] expected = NOTHING;
    private long sent;

    ClientSession(Variant variant, int number, Events events) throws IOException {
        this.variant = variant;
        this.number = number;
        this.events = events;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Begins to connect. */
    void connect(InetSocketAddress from, InetSocketAddress to, Selector selector) throws IOException {
        channel.bind(from);
        channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(to);
    }

    /** Asks for the WebSocket, once connected. */
    void connected(SelectionKey key) throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        String head = "GET " + variant.path() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n";
        write(ByteBuffer.wrap(ascii(head)));
    }

    boolean isWaiting() {
        return expected.length > 0;
    }

    /** When its last ping was sent. */
    long sent() {
        return sent;
    }

    /** Sends a ping with a token of its own. */
    void ping(long token, long now) throws IOException {
        if (state != State.OPEN) {
            throw failure("is not open");
        }
        String text = " " + Long.toHexString(token);
        expected = ascii((variant.isHeartbeat() ? "pong" : "ping") + text);
        sent = now;
        send(TEXT, ascii("ping" + text), (int) token);
    }

    /** Says goodbye. */
    void goodbye() throws IOException {
        state = State.CLOSING;
        send(CLOSE, new byte[] {1000 >> 8, (byte) 1000}, number);
    }

    /** Ends it without goodbye, whatever its state. */
    void abort() throws IOException {
        if (channel.isOpen()) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
    }

    /** Takes in what has arrived, by way of a buffer that is anybody's. */
    void read(ByteBuffer buffer) throws IOException {
        buffer.clear().put(rest);
        if (channel.read(buffer) < 0) {
            ended();
            return;
        }
        buffer.flip();
        if (state == State.HANDSHAKE) {
            head(buffer);
        }
        while (state != State.HANDSHAKE && isWhole(buffer)) {
            byte first = buffer.get();
            byte[] payload = new byte[buffer.get()];
            buffer.get(payload);
            frame(first & 0xff, payload);
        }
        rest = NOTHING;
        if (buffer.hasRemaining()) {
            rest = new byte[buffer.remaining()];
            buffer.get(rest);
        }
    }

    private void ended() throws IOException {
        if (state != State.GOODBYE) {
            throw failure("was cut off in state " + state);
        }
        state = State.CLOSED;
        channel.close();
        events.closed();
    }

    private void head(ByteBuffer in) {
        String head = StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains(ACCEPT)) {
            throw failure("was refused: " + head.lines().findFirst().orElse(""));
        }
        in.position(in.position() + end + 4);
        if (variant.isHeartbeat()) {
            state = State.GREETING;
        } else {
            opened();
        }
    }

    private void opened() {
        state = State.OPEN;
        events.opened();
    }

    private boolean isWhole(ByteBuffer in) {
        if (in.remaining() < 2) {
            return false;
        }
        int length = in.get(in.position() + 1);
        if (length < 0 || length > 125) {
            throw failure("received a frame that is masked or long");
        }
        return in.remaining() >= 2 + length;
    }

    private void frame(int first, byte[] payload) throws IOException {
        if (first == PING && state.compareTo(State.OPEN) <= 0) {
            send(PONG, payload, number);
            events.pinged();
        } else if (first == TEXT && state == State.GREETING && text(payload).startsWith("hello v=1 ")) {
            opened();
        } else if (first == TEXT && state == State.OPEN && isWaiting() && Arrays.equals(payload, expected)) {
            expected = NOTHING;
            events.answered(this);
        } else if (first == CLOSE && state == State.CLOSING) {
            state = State.GOODBYE;
        } else if (first != PING || state != State.CLOSING) {
            throw failure("in state " + state + ", waiting for \"" + text(expected) + "\", received opcode "
                    + (first & 15) + ": " + text(payload));
        }
    }

    private void send(int first, byte[] payload, int mask) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
        frame.put((byte) first).put((byte) (0x80 | payload.length)).putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask >>> (24 - i % 4 * 8)));
        }
        write(frame.flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw failure("takes no bytes");
        }
    }

    LoadFailure failure(String what) {
        return new LoadFailure(variant.label() + ": session " + number + " " + what);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
