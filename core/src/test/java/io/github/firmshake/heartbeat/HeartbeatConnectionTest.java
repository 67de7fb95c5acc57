package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.heartbeat.HeartbeatConnection.End;
import io.github.firmshake.heartbeat.HeartbeatConnection.Step;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class HeartbeatConnectionTest {

    private static final byte[] ASKED = {1};

    private final HeartbeatConnection connection =
            new HeartbeatConnection((payload, now) -> payload.length == ASKED.length, 0);

    private void expect(byte[] received, End end, byte[]... answers) {
        Step step = connection.receive(ByteBuffer.wrap(received), 0);

        assertThat(step.bytes()).isEqualTo(Masked.joined(answers));
        assertThat(step.end()).isEqualTo(end);
    }

    @Test
    void aPingIsAnsweredInItsOwnKind() {
        expect(Masked.text("ping 7"), End.NONE, FrameWriter.text("pong 7"));
        expect(Masked.frame(0x89, new byte[] {7}), End.NONE, FrameWriter.pong(new byte[] {7}));
    }

    @Test
    void severalFramesAtOnceAreAnsweredInOrder() {
        expect(
                Masked.joined(
                        Masked.text("ping"), Masked.frame(0x01, "pin".getBytes()), Masked.frame(0x80, "g".getBytes())),
                End.NONE,
                FrameWriter.text("pong"),
                FrameWriter.text("pong"));
        assertThat(connection.framesReceived()).isEqualTo(3);
    }

    @Test
    void aCloseIsAnsweredWithItsCodeAndTheServerClosesFirst() {
        expect(
                Masked.joined(Masked.close(4000, "heartbeat"), Masked.text("ping")),
                End.NOW,
                FrameWriter.close(4000, ""));
        expect(Masked.text("ping"), End.NOW);
    }

    @Test
    void aCloseThatSaysNothingIsAnsweredWithNothing() {
        expect(Masked.close(Frame.NO_STATUS, ""), End.NOW, FrameWriter.close(Frame.NO_STATUS, ""));
    }

    @Test
    void aMalformedMessageEndsInACloseThatNamesTheFault() {
        expect(
                Masked.joined(Masked.text("hello"), Masked.text("ping")),
                End.LINGER,
                FrameWriter.close(1008, "expected \"ping\" or \"ping TOKEN\""));
    }

    @Test
    void aFaultOfTheFramingEndsInItsCode() {
        expect(Masked.frame(0x82, new byte[1]), End.LINGER, FrameWriter.close(1003, "only text is accepted"));
        expect(Masked.text("ping"), End.LINGER);
    }

    @Test
    void ourCloseIsAnsweredByTheirs() {
        Step step = connection.close(1001, "going away");
        assertThat(step.bytes()).isEqualTo(FrameWriter.close(1001, "going away"));
        assertThat(step.end()).isEqualTo(End.LINGER);
        assertThat(connection.close(1011, "ping timeout").bytes()).isEmpty();

        expect(Masked.text("ping"), End.LINGER);
        expect(Masked.close(1001, ""), End.NOW);
    }

    @Test
    void moreThanTwoFramesASecondEndIn1008WhateverTheirKind() {
        for (int i = 0; i < 4; i++) {
            expect(Masked.text("ping"), End.NONE, FrameWriter.text("pong"));
            expect(Masked.frame(0x89, new byte[0]), End.NONE, FrameWriter.pong(new byte[0]));
        }
        expect(Masked.frame(0x8a, new byte[0]), End.NONE);
        expect(Masked.frame(0x01, new byte[0]), End.NONE);
        expect(Masked.frame(0x00, new byte[0]), End.LINGER, FrameWriter.close(1008, "more than 2 pings a second"));
    }

    @Test
    void pongsThatWeAskedForAreNotCounted() {
        for (int i = 0; i < 100; i++) {
            expect(Masked.frame(0x8a, ASKED), End.NONE);
        }
    }
}
