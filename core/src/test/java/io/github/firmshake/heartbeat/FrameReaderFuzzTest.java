package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.firmshake.heartbeat.HeartbeatConnection.End;
import io.github.firmshake.heartbeat.HeartbeatConnection.Step;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, and however they are split: the same frames, at most one fault, well-formed answers. */
class FrameReaderFuzzTest {

    private static final int[] OPCODES = {0x81, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88};

    @FuzzTest(maxDuration = "60s")
    void anyBytes(byte[] bytes) {
        List<String> whole = FrameReaderTest.read(bytes);
        Random splits = new Random(Arrays.hashCode(bytes));

        assertThat(readInPieces(bytes, () -> 1)).isEqualTo(whole);
        assertThat(readInPieces(bytes, () -> 1 + splits.nextInt(9))).isEqualTo(whole);
        long faults = whole.stream().filter(frame -> frame.startsWith("Fault")).count();
        assertThat(faults).isLessThanOrEqualTo(1);
        converse(bytes);
    }

    @Test
    void twentyThousandStreamsOfFramesAndFlippedBits() {
        Random random = new Random(20260101);
        for (int i = 0; i < 20_000; i++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int frames = 1 + random.nextInt(5); frames > 0; frames--) {
                byte[] payload = random.nextInt(8) == 0 ? "ping x".getBytes() : new byte[random.nextInt(128)];
                stream.writeBytes(Masked.frame(OPCODES[random.nextInt(OPCODES.length)], payload));
            }
            byte[] bytes = stream.toByteArray();
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            anyBytes(bytes);
        }
    }

    private static List<String> readInPieces(byte[] bytes, java.util.function.IntSupplier size) {
        FrameReader reader = new FrameReader();
        List<String> frames = new ArrayList<>();
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + size.getAsInt());
            ByteBuffer piece = ByteBuffer.wrap(bytes, from, to - from);
            for (Frame frame = reader.read(piece); frame != null; frame = reader.read(piece)) {
                frames.add(FrameReaderTest.show(frame));
            }
            from = to;
        }
        return frames;
    }

    // Everything we answer is a sequence of whole unmasked frames, the last of which is a Close where it ends.
    private static void converse(byte[] bytes) {
        HeartbeatConnection connection = new HeartbeatConnection((payload, now) -> false, 0);
        Step step = connection.receive(ByteBuffer.wrap(bytes), 0);
        ByteBuffer out = ByteBuffer.wrap(step.bytes());
        int opcode = 0;
        while (out.hasRemaining()) {
            assertThat(opcode).isNotEqualTo(0x88);
            opcode = out.get() & 0xff;
            assertThat(opcode).isIn(0x81, 0x8a, 0x88);
            int length = out.get();
            assertThat(length).isBetween(0, 125);
            out.position(out.position() + length);
        }
        assertThat(opcode == 0x88).isEqualTo(step.end() != End.NONE);
    }
}
