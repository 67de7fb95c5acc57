package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairTest {

    private static final String CONNECTION_REASON =
            "unsafe, a repair would trust that the peer does not forward Upgrade blindly; a hand-written proxy that does can be desynchronized";
    private static final String STRIPPED_REASON =
            "unsafe, a repair would trust that the one hop in front tunnels, and that nobody else's request can land on its connection";

    private static Repair decide(Sample sample) {
        return Repair.decide(sample.examined(), RepairLevel.SAFE, null);
    }

    private static Repair none(String reason) {
        return new Repair(RepairShape.NONE, false, List.of(), reason);
    }

    @Nested
    class Shapes {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                HTTP/1.0                                          | SAFE       | HTTP/1.1
                HTTP/1.0 & Connection: close                      | SAFE       | HTTP/1.1, Connection: Upgrade
                HTTP/1.0 & Connection: keep-alive                 | SAFE       | HTTP/1.1, Connection: Upgrade
                HTTP/1.0 & Connection: Keep-Alive, Upgrade        | SAFE       | HTTP/1.1
                HTTP/1.0 & Connection: close, keep-alive          | SAFE       | HTTP/1.1, Connection: Upgrade
                Connection: close                                 | SAFE       | Connection: Upgrade
                Connection: Close & Upgrade: WebSocket            | SAFE       | Connection: Upgrade
                Connection: close & Connection: close             | SAFE       | Connection: Upgrade
                -Connection                                       | CONNECTION | Connection: Upgrade
                HTTP/1.0 & -Connection                            | CONNECTION | HTTP/1.1, Connection: Upgrade
                Connection: keep-alive                            | CONNECTION | Connection: Upgrade
                -Upgrade                                          | STRIPPED   | Upgrade: websocket
                -Upgrade & -Connection                            | STRIPPED   | Upgrade: websocket, Connection: Upgrade
                HTTP/1.0 & -Upgrade & Connection: close           | STRIPPED   | HTTP/1.1, Upgrade: websocket, Connection: Upgrade
                """)
        void sayWhatWouldBeRestored(String changes, RepairShape shape, String restored) {
            Repair repair = decide(Sample.valid().changed(changes));

            assertThat(repair.shape()).isEqualTo(shape);
            assertThat(String.join(", ", repair.restored())).isEqualTo(restored);
            assertThat(repair.allowed()).isEqualTo(shape == RepairShape.SAFE);
        }

        @Test
        void eachSaysWhatItTrusts() {
            assertThat(decide(Sample.valid().version("HTTP/1.0")).reason()).isEqualTo("repair=safe allows it");
            assertThat(decide(Sample.valid().without("Connection")).reason()).isEqualTo(CONNECTION_REASON);
            assertThat(decide(Sample.valid().without("Upgrade")).reason()).isEqualTo(STRIPPED_REASON);
        }

        @ParameterizedTest
        @CsvSource({"close, keep-alive", "'', x-option", "HTTP/1.0, x-option"})
        void anotherOptionOfConnectionIsNoKnownShape(String first, String second) {
            Sample sample = first.startsWith("HTTP/")
                    ? Sample.valid().version(first).with("Connection", second)
                    : Sample.valid().with("Connection", first, second);

            assertThat(decide(sample))
                    .isEqualTo(none("Connection holds options that no known hop sends on a damaged handshake"));
        }
    }

    @Nested
    class Preconditions {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                POST
                -Sec-WebSocket-Key
                Sec-WebSocket-Key: abc
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== & Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                -Sec-WebSocket-Version
                Sec-WebSocket-Version: 8
                Sec-WebSocket-Version: 13 & Sec-WebSocket-Version: 13
                Content-Length: 5
                Transfer-Encoding: chunked
                Expect: 100-continue
                -Host
                Sec-WebSocket-Accept: x
                """)
        void damageBesideAnythingElseIsLeftAlone(String changes) {
            assertThat(decide(Sample.valid().with("Connection", "close").changed(changes)))
                    .isEqualTo(none("only what a hop damaged is repaired, and more than that is wrong here"));
        }

        @Test
        void anEmptyBodyIsNone() {
            assertThat(decide(Sample.valid().with("Connection", "close").field("Content-Length", "0"))
                            .allowed())
                    .isTrue();
        }

        @Test
        void theOriginIsCheckedFirst() {
            RequestHead request = Sample.valid()
                    .with("Connection", "close")
                    .field("Origin", "https://evil.test")
                    .head();
            Examination examination = HandshakeRules.examine(
                    request, new Circumstances(false, Origins.parse("https://app.example.com"), false));

            assertThat(Repair.decide(examination, RepairLevel.SAFE, null).shape())
                    .isEqualTo(RepairShape.NONE);
        }

        @Test
        void nothingButWebsocketMayStandInUpgrade() {
            assertThat(decide(Sample.valid().with("Connection", "close").with("Upgrade", "websocket, h2c")))
                    .isEqualTo(none("Upgrade names something else beside websocket"));
            String h2c = "Upgrade names something else than websocket, or a hop offered h2c";
            assertThat(decide(Sample.valid().with("Connection", "close").field("HTTP2-Settings", "x")))
                    .isEqualTo(none(h2c));
            assertThat(decide(Sample.valid().with("Upgrade", "{>Upgrade}"))).isEqualTo(none(h2c));
        }

        @Test
        void aKeyIsNeverMadeUp() {
            Examination examination = HandshakeRules.examine(
                    Sample.valid().without("Sec-WebSocket-Key").head(), new Circumstances(false, Origins.ANY, true));

            assertThat(Repair.decide(examination, RepairLevel.SAFE, null))
                    .isEqualTo(none("a key or version is never made up"));
        }

        @Test
        void overHttp2NothingIsRestored() {
            Examination damaged = new Examination(
                    Sample.overHttp2().head(),
                    Verdict.DAMAGED,
                    Sample.throughNginx().examined().violations());

            assertThat(Repair.decide(damaged, RepairLevel.SAFE, null))
                    .isEqualTo(none("only HTTP/1.x handshakes are repaired"));
        }

        @Test
        void whatIsNotDamagedNeedsNothing() {
            assertThat(decide(Sample.valid())).isEqualTo(none("nothing to repair"));
            assertThat(decide(Sample.plain())).isEqualTo(none("not a handshake"));
        }
    }

    @Nested
    class Levels {

        private final Examination safe =
                Sample.valid().with("Connection", "close").examined();

        @Test
        void offRestoresNothingAndSaysWhatWould() {
            assertThat(Repair.decide(safe, RepairLevel.OFF, null))
                    .isEqualTo(new Repair(
                            RepairShape.SAFE,
                            false,
                            List.of("Connection: Upgrade"),
                            "possible with repair=safe, which trusts that a hop which forwards Upgrade also tunnels"
                                    + " after a 101"));
        }

        @Test
        void aHopThatDoesNotTunnelIsNotTried() {
            Repair repair = Repair.decide(safe, RepairLevel.SAFE, "httpd answers 502");

            assertThat(repair.allowed()).isFalse();
            assertThat(repair.shape()).isEqualTo(RepairShape.SAFE);
            assertThat(repair.reason()).isEqualTo("httpd answers 502");
        }

        @Test
        void noShapeButSafeIsCoveredByAny() {
            for (RepairShape shape : RepairShape.values()) {
                assertThat(RepairLevel.OFF.covers(shape)).isFalse();
                assertThat(RepairLevel.SAFE.covers(shape)).isEqualTo(shape == RepairShape.SAFE);
                assertThat(shape.trusts()).isNotBlank();
            }
        }
    }
}
