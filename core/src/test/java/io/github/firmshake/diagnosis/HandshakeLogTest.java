package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

class HandshakeLogTest {

    private static final IllegalStateException CAUSE = new IllegalStateException("token=S3cr3t\nforged");
    private static final String LINE = "INFO no heartbeat at /beat: java.lang.IllegalStateException";

    private final KeptLog log = new KeptLog();

    @Test
    void aCauseIsNamedWithoutItsMessage() {
        log.log(Level.INFO, "no heartbeat at /beat", CAUSE);

        assertThat(log.lines).containsExactly(LINE);
    }

    @Test
    void itsMessageIsSaidAtDebugAndEscaped() {
        log.debug = true;

        log.log(Level.INFO, "no heartbeat at /beat", CAUSE);

        assertThat(log.lines).containsExactly(LINE, LINE.replace("INFO", "DEBUG") + ": \"token=S3cr3t\\x0Aforged\"");
    }
}
