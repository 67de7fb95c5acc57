package io.github.firmshake.heartbeat;

import java.nio.charset.StandardCharsets;

/** Frames as a server sends them: whole, unmasked, at most 125 bytes (RFC 6455 5.2). */
public final class FrameWriter {

    private FrameWriter() {}

    /** A text message. */
    public static byte[] text(String text) {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A Ping. */
    public static byte[] ping(byte[] payload) {
        return frame(0x89, payload);
    }

    /** A Pong with the payload of the Ping that it answers (RFC 6455 5.5.3). */
    public static byte[] pong(byte[] payload) {
        return frame(0x8a, payload);
    }

    /**
     * A Close (RFC 6455 5.5.1).
     *
     * @param code the status code; {@link Frame#NO_STATUS}: none, and no reason either
     */
    public static byte[] close(int code, String reason) {
        if (code == Frame.NO_STATUS) {
            return frame(0x88, new byte[0]);
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[2 + text.length];
        body[0] = (byte) (code >> 8);
        body[1] = (byte) code;
        System.arraycopy(text, 0, body, 2, text.length);
        return frame(0x88, body);
    }

    private static byte[] frame(int first, byte[] payload) {
        if (payload.length > HeartbeatText.MAX_MESSAGE) {
            throw new IllegalArgumentException("a payload of " + payload.length + " bytes, at most 125 are sent");
        }
        byte[] frame = new byte[2 + payload.length];
        frame[0] = (byte) first;
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }
}
