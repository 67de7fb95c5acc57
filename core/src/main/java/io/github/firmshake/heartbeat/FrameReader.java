package io.github.firmshake.heartbeat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends, in whatever pieces it arrives (RFC 6455 5): text messages of at most 125 bytes and control
 * frames, without extensions. Holds no more than one message and one control frame. Not thread-safe.
 */
public final class FrameReader {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RSV = 0x70;
    private static final int MASKED = 0x80;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int NOT_ACCEPTED = 1003;
    private static final int NOT_UTF8 = 1007;
    private static final int TOO_BIG = 1009;

    private static final byte[] NOTHING = {};

    private enum Part {
        OPCODE,
        LENGTH,
        MASK,
        PAYLOAD,
        FAILED
    }

    private Part next = Part.OPCODE;
    private int opcode;
    private boolean fin;
    private int mask;
    private int done; // bytes of the part being read
    private byte[] payload = NOTHING;
    private byte @Nullable [] message; // not null while a fragmented message is under way

    /** Creates a reader at the beginning of a connection. */
    public FrameReader() {}

    /**
     * Reads up to the end of the next frame and leaves what follows it in the buffer.
     *
     * @return the frame, or null where all bytes are taken and more are needed; after a {@link Frame.Fault} everything is
     *     taken and ignored
     */
    public @Nullable Frame read(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte b = in.get();
            Frame frame = switch (next) {
                case OPCODE -> opcode(b);
                case LENGTH -> length(b & 0xff);
                case MASK -> mask(b & 0xff);
                case PAYLOAD -> payload(b);
                case FAILED -> null;
            };
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    private @Nullable Frame opcode(byte b) {
        fin = (b & FIN) != 0;
        opcode = b & 0x0f;
        next = Part.LENGTH;
        if ((b & RSV) != 0) {
            return fault(PROTOCOL_ERROR, "a reserved bit is set, but no extension was agreed");
        }
        return switch (opcode) {
            case CONTINUATION -> message == null ? fault(PROTOCOL_ERROR, "a continuation of nothing") : null;
            case TEXT -> message != null ? fault(PROTOCOL_ERROR, "a new message inside a fragmented one") : null;
            // What is wrong with the framing comes before what is wrong with its use.
            case BINARY ->
                message != null
                        ? fault(PROTOCOL_ERROR, "a new message inside a fragmented one")
                        : fault(NOT_ACCEPTED, "only text is accepted");
            case CLOSE, PING, PONG -> fin ? null : fault(PROTOCOL_ERROR, "a fragmented control frame");
            default -> fault(PROTOCOL_ERROR, "unknown opcode " + opcode);
        };
    }

    private @Nullable Frame length(int b) {
        if ((b & MASKED) == 0) {
            return fault(PROTOCOL_ERROR, "a frame of a client has to be masked"); // RFC 6455 5.1
        }
        int length = b & ~MASKED; // 126 and 127 announce a longer length, so more than 125 bytes either way
        if (length > HeartbeatText.MAX_MESSAGE && opcode >= CLOSE) {
            return fault(PROTOCOL_ERROR, "a control frame longer than 125 bytes");
        }
        int before = message == null || opcode >= CLOSE ? 0 : message.length;
        if (before + length > HeartbeatText.MAX_MESSAGE) {
            return fault(TOO_BIG, "a message is longer than 125 bytes");
        }
        payload = length == 0 ? NOTHING : new byte[length];
        return go(Part.MASK);
    }

    private @Nullable Frame mask(int b) {
        mask = mask << 8 | b;
        if (++done < Integer.BYTES) {
            return null;
        }
        return payload.length == 0 ? finish() : go(Part.PAYLOAD);
    }

    private @Nullable Frame payload(byte b) {
        payload[done] = (byte) (b ^ mask >>> (24 - done % 4 * 8)); // RFC 6455 5.3
        return ++done < payload.length ? null : finish();
    }

    private @Nullable Frame go(Part part) {
        next = part;
        done = 0;
        return null;
    }

    private Frame finish() {
        go(Part.OPCODE);
        byte[] whole = payload;
        payload = NOTHING;
        return switch (opcode) {
            case PING -> new Frame.Ping(whole);
            case PONG -> new Frame.Pong(whole);
            case CLOSE -> close(whole);
            default -> data(whole);
        };
    }

    private Frame data(byte[] part) {
        byte[] all = message == null ? part : join(message, part);
        message = fin ? null : all;
        if (!fin) {
            return new Frame.Fragment();
        }
        String text = decode(all, 0);
        return text == null ? fault(NOT_UTF8, "a text message is not UTF-8") : new Frame.Text(text);
    }

    private Frame close(byte[] body) {
        if (body.length == 0) {
            return new Frame.Close(Frame.NO_STATUS);
        }
        int code = body.length == 1 ? 0 : (body[0] & 0xff) << 8 | body[1] & 0xff;
        if (!mayBeSent(code)) {
            return fault(PROTOCOL_ERROR, "a Close without a valid code");
        }
        return decode(body, 2) == null ? fault(NOT_UTF8, "the reason of a Close is not UTF-8") : new Frame.Close(code);
    }

    // RFC 6455 7.4: 1004 to 1006 and 1015 are never sent; 1012 to 1014 were registered later.
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private Frame fault(int code, String reason) {
        next = Part.FAILED;
        message = null;
        payload = NOTHING;
        return new Frame.Fault(code, reason);
    }

    private static @Nullable String decode(byte[] bytes, int from) {
        try {
            ByteBuffer text = ByteBuffer.wrap(bytes, from, bytes.length - from);
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
