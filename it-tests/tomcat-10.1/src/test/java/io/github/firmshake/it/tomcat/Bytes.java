package io.github.firmshake.it.tomcat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames of a client, byte by byte, right or wrong (RFC 6455 section 5.2). */
final class Bytes {

    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private Bytes() {}

    /** A masked frame whose first byte is this. */
    static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return out.toByteArray();
    }

    static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A masked Close. */
    static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = Arrays.copyOf(new byte[] {(byte) (code >> 8), (byte) code}, 2 + text.length);
        System.arraycopy(text, 0, body, 2, text.length);
        return frame(0x88, body);
    }

    static byte[] joined(byte[]... all) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] one : all) {
            out.writeBytes(one);
        }
        return out.toByteArray();
    }
}
