package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatRecorderTest {

    private static final String EVENT = "io.github.firmshake.Heartbeat";

    /** What a JVM without jdk.jfr runs. */
    static final class WithoutFlightRecorder {
        public static void main(String[] args) {
            HeartbeatListener next = new HeartbeatListener() {};
            System.out.println(HeartbeatRecorder.before(next) == next ? "nothing" : "recorder");
        }
    }

    @Test
    void writesWhatBecomesOfPingsAndPassesEverythingOn(@TempDir Path directory) throws IOException {
        HeartbeatCounters counters = new HeartbeatCounters();
        HeartbeatListener recorder = HeartbeatRecorder.before(counters);
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start();
            recorder.opened();
            recorder.opened();
            recorder.closed();
            recorder.pinged();
            recorder.answered(3_000_000);
            recorder.answeredLate();
            recorder.reaped(20_000_000_000L);
            recorder.idle();
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .toList();
        assertThat(events)
                .extracting(event -> event.getString("outcome"))
                .containsExactly("OPENED", "OPENED", "CLOSED", "PINGED", "ANSWERED", "LATE", "REAPED", "IDLE");
        assertThat(events.get(4).getDuration("after")).isEqualTo(Duration.ofMillis(3));
        assertThat(events.get(6).getDuration("after")).isEqualTo(Duration.ofSeconds(20));
        assertThat(List.of(
                        counters.sessions(),
                        counters.pings(),
                        counters.pongs(),
                        counters.late(),
                        counters.reaped(),
                        counters.idled()))
                .containsOnly(1L);
    }

    @Test
    void isLeftOutWhereTheRuntimeHasNoFlightRecorder() throws IOException, InterruptedException {
        String classPath =
                location(HeartbeatRecorder.class) + java.io.File.pathSeparator + location(HeartbeatRecorderTest.class);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base",
                        "-cp",
                        classPath,
                        WithoutFlightRecorder.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output.trim()).isEqualTo("nothing");
        assertThat(process.waitFor()).isZero();
    }

    private static String location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
