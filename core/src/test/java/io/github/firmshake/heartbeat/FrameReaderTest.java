package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    static String show(Frame frame) {
        if (frame instanceof Frame.Ping ping) {
            return "ping " + HexFormat.of().formatHex(ping.payload());
        }
        if (frame instanceof Frame.Pong pong) {
            return "pong " + HexFormat.of().formatHex(pong.payload());
        }
        return String.valueOf(frame);
    }

    static List<String> read(byte[] bytes) {
        FrameReader reader = new FrameReader();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<String> frames = new ArrayList<>();
        for (Frame frame = reader.read(in); frame != null; frame = reader.read(in)) {
            frames.add(show(frame));
        }
        assertThat(in.hasRemaining()).isFalse();
        return frames;
    }

    private static List<String> readHex(String hex) {
        return read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 'a');
        return bytes;
    }

    @Test
    void theExamplesOfTheRfcAreRead() {
        // RFC 6455 5.7
        assertThat(readHex("81 85 37fa213d 7f9f4d5158")).containsExactly("Text[text=Hello]");
        assertThat(readHex("8a 85 37fa213d 7f9f4d5158")).containsExactly("pong 48656c6c6f");
    }

    @Test
    void everyKindOfFrameIsReadWithAndWithoutPayload() {
        byte[] all = Masked.joined(
                Masked.text(""),
                Masked.text("gr\u00fc\u00df \ud83d\ude00"),
                Masked.frame(0x89, bytes(0)),
                Masked.frame(0x89, bytes(2)),
                Masked.frame(0x8a, bytes(0)),
                Masked.frame(0x88, bytes(0)),
                Masked.close(1000, "bye"));

        assertThat(read(all))
                .containsExactly(
                        "Text[text=]",
                        "Text[text=gr\u00fc\u00df \ud83d\ude00]",
                        "ping ",
                        "ping 6161",
                        "pong ",
                        "Close[code=1005]",
                        "Close[code=1000]");
    }

    @Test
    void theLongestMessageIsReadWholeAndInParts() {
        assertThat(read(Masked.frame(0x81, bytes(125)))).containsExactly("Text[text=" + "a".repeat(125) + "]");
        assertThat(read(Masked.joined(
                        Masked.frame(0x01, bytes(60)), Masked.frame(0x00, bytes(0)), Masked.frame(0x80, bytes(65)))))
                .containsExactly("Fragment[]", "Fragment[]", "Text[text=" + "a".repeat(125) + "]");
    }

    @Test
    void controlFramesMayComeInsideAFragmentedMessage() {
        assertThat(read(Masked.joined(
                        Masked.frame(0x01, "pi".getBytes(StandardCharsets.UTF_8)),
                        Masked.frame(0x89, bytes(125)),
                        Masked.frame(0x80, "ng".getBytes(StandardCharsets.UTF_8)))))
                .containsExactly("Fragment[]", "ping " + "61".repeat(125), "Text[text=ping]");
    }

    @Test
    void aCharacterMayBeSplitOverFragments() {
        assertThat(read(Masked.joined(
                        Masked.frame(0x01, new byte[] {(byte) 0xc3}), Masked.frame(0x80, new byte[] {(byte) 0xbc}))))
                .containsExactly("Fragment[]", "Text[text=\u00fc]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            c1 80                   | 1002 | a reserved bit is set, but no extension was agreed
            a1 80                   | 1002 | a reserved bit is set, but no extension was agreed
            91 80                   | 1002 | a reserved bit is set, but no extension was agreed
            80 80                   | 1002 | a continuation of nothing
            00 80                   | 1002 | a continuation of nothing
            83 80                   | 1002 | unknown opcode 3
            8b 80                   | 1002 | unknown opcode 11
            09 80                   | 1002 | a fragmented control frame
            08 80                   | 1002 | a fragmented control frame
            82 80                   | 1003 | only text is accepted
            02 80                   | 1003 | only text is accepted
            81 00                   | 1002 | a frame of a client has to be masked
            89 04 61616161          | 1002 | a frame of a client has to be masked
            89 fe 007e 00000000     | 1002 | a control frame longer than 125 bytes
            88 ff 0000000000000001  | 1002 | a control frame longer than 125 bytes
            81 fe 007e 00000000     | 1009 | a message is longer than 125 bytes
            01 ff 7fffffffffffffff  | 1009 | a message is longer than 125 bytes
            81 81 00000000 ff       | 1007 | a text message is not UTF-8
            81 82 00000000 c080     | 1007 | a text message is not UTF-8
            81 83 00000000 eda080   | 1007 | a text message is not UTF-8
            81 82 00000000 61c3     | 1007 | a text message is not UTF-8
            88 81 00000000 03       | 1002 | a Close without a valid code
            88 82 00000000 0000     | 1002 | a Close without a valid code
            88 82 00000000 03e7     | 1002 | a Close without a valid code
            88 82 00000000 03ec     | 1002 | a Close without a valid code
            88 82 00000000 03ee     | 1002 | a Close without a valid code
            88 82 00000000 03f7     | 1002 | a Close without a valid code
            88 82 00000000 07d0     | 1002 | a Close without a valid code
            88 82 00000000 0bb7     | 1002 | a Close without a valid code
            88 82 00000000 1388     | 1002 | a Close without a valid code
            88 83 00000000 03e8ff   | 1007 | the reason of a Close is not UTF-8
            """)
    void aFaultIsNamedWithItsCodeAndNothingIsReadAfterIt(String hex, int code, String reason) {
        assertThat(readHex(hex + " 81 80 00000000")).containsExactly("Fault[code=" + code + ", reason=" + reason + "]");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999})
    void everyCodeThatMayBeSentIsTaken(int code) {
        assertThat(read(Masked.close(code, ""))).containsExactly("Close[code=" + code + "]");
    }

    @Test
    void aNewMessageInsideAFragmentedOneIsAFault() {
        byte[] first = Masked.frame(0x01, bytes(1));

        assertThat(read(Masked.joined(first, Masked.text("x"))).get(1)).contains("1002", "a new message inside");
        assertThat(read(Masked.joined(first, Masked.frame(0x82, bytes(1)))).get(1))
                .contains("1002", "a new message inside");
    }

    @Test
    void fragmentsThatTogetherAreTooLongAreAFault() {
        assertThat(read(Masked.joined(Masked.frame(0x01, bytes(100)), Masked.frame(0x80, bytes(26))))
                        .get(1))
                .contains("1009");
    }

    @Test
    void framesAreWrittenWithTheShortestHeaderAndUnmasked() {
        HexFormat hex = HexFormat.of();

        assertThat(hex.formatHex(FrameWriter.text("Hello"))).isEqualTo("810548656c6c6f"); // RFC 6455 5.7
        assertThat(hex.formatHex(FrameWriter.ping(new byte[] {1, 2}))).isEqualTo("89020102");
        assertThat(hex.formatHex(FrameWriter.pong(new byte[0]))).isEqualTo("8a00");
        assertThat(hex.formatHex(FrameWriter.close(1011, "x"))).isEqualTo("880303f378");
        assertThat(hex.formatHex(FrameWriter.close(Frame.NO_STATUS, "x"))).isEqualTo("8800");
        assertThat(FrameWriter.ping(bytes(125))).hasSize(127);
        assertThatThrownBy(() -> FrameWriter.ping(bytes(126)))
                .hasMessage("a payload of 126 bytes, at most 125 are sent");
    }
}
