package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.System.Logger.Level;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

    private static final long SECOND = 1_000_000_000L;

    private final KeptLog log = new KeptLog();
    private final List<String> lines = log.lines;
    private long now;
    private final Guard guard = new Guard(log, () -> now);

    @Test
    void whatSucceedsIsPassedOn() {
        assertThat(guard.attempt(() -> "done", "instead", "nothing happens")).isEqualTo("done");
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                java.io.IOException.class,
                VerifyError.class,
                StackOverflowError.class
            })
    void whatFailsLeavesOneLineWithoutItsMessage(Class<? extends Throwable> type) {
        assertThat(guard.attempt(() -> fail(type), "instead", "the request passes"))
                .isEqualTo("instead");
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("WARNING fault of Firmshake itself, " + type.getName() + " at diagnosis.GuardTest.")
                .endsWith(": the request passes")
                .doesNotContain("secret");
    }

    @Test
    void itsMessageIsEscapedAtDebug() {
        log.debug = true;
        guard.failed(new IllegalStateException("a \n secret"), "the request passes");
        assertThat(lines).hasSize(2).last().isEqualTo("DEBUG that fault's message: \"a \\x0A secret\"");
    }

    @Test
    void aFaultWithoutAnyFrameOfOursHasNoPlace() {
        Exception fault = new Exception();
        fault.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("java.lang.String", "length", "String.java", 1)});
        guard.failed(fault, "the request passes");
        assertThat(lines).containsExactly("WARNING fault of Firmshake itself, java.lang.Exception: the request passes");
    }

    @Test
    void oneLineAMinuteIsWrittenAndTheRestCounted() {
        for (now = 0; now < 60 * SECOND; now += SECOND) {
            guard.run(() -> fail(IllegalStateException.class), "the request passes");
        }
        assertThat(lines).hasSize(1);
        guard.run(() -> fail(IllegalStateException.class), "the request passes");
        assertThat(lines).hasSize(2).last().asString().endsWith("; 59 more faults since the last such line");
        now += 60 * SECOND;
        guard.run(() -> fail(IllegalStateException.class), "the request passes");
        assertThat(lines).hasSize(3).last().asString().endsWith(": the request passes");
    }

    @Test
    void aLogThatFailsHarmsNobody() {
        HandshakeLog broken = new HandshakeLog() {
            @Override
            public boolean isLoggable(Level level) {
                return true;
            }

            @Override
            public void log(Level level, String message) {
                throw new IllegalStateException("the disk is full");
            }
        };
        assertThat(new Guard(broken, () -> now).attempt(() -> fail(VerifyError.class), "instead", "it passes"))
                .isEqualTo("instead");
    }

    @Test
    void lackOfMemoryIsNoFaultOfOurs() {
        assertThatThrownBy(() -> guard.run(() -> fail(OutOfMemoryError.class), "the request passes"))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(lines).isEmpty();
    }

    private static String fail(Class<? extends Throwable> type) {
        try {
            throw GuardTest.<RuntimeException>sneaky(
                    type.getConstructor(String.class).newInstance("secret"));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
