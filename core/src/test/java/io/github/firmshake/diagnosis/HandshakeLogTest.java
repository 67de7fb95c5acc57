package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeLogTest {

    private static final IllegalStateException CAUSE = new IllegalStateException("token=S3cr3t\nforged");
    private static final String LINE = "INFO no heartbeat at /beat: java.lang.IllegalStateException";

    private final List<String> lines = new ArrayList<>();

    private HandshakeLog log(boolean debug) {
        return new HandshakeLog() {
            @Override
            public boolean isLoggable(Level level) {
                return level != Level.DEBUG || debug;
            }

            @Override
            public void log(Level level, String message) {
                lines.add(level + " " + message);
            }
        };
    }

    @Test
    void aCauseIsNamedWithoutItsMessage() {
        log(false).log(Level.INFO, "no heartbeat at /beat", CAUSE);

        assertThat(lines).containsExactly(LINE);
    }

    @Test
    void itsMessageIsSaidAtDebugAndEscaped() {
        log(true).log(Level.INFO, "no heartbeat at /beat", CAUSE);

        assertThat(lines).containsExactly(LINE, LINE.replace("INFO", "DEBUG") + ": \"token=S3cr3t\\x0Aforged\"");
    }
}
