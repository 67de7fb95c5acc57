package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {

    private static final String EVENT = "io.github.firmshake.Handshake";

    private static HandshakeEvent event(Outcome outcome, int status) {
        Examination examination = Sample.throughNginx().examined();
        return new HandshakeEvent(
                examination.verdict(),
                examination.violations(),
                "GET",
                "/chat",
                "10.0.0.7",
                "nginx",
                List.of("nginx"),
                outcome,
                status,
                "a line");
    }

    /** What a JVM without jdk.jfr runs. */
    static final class WithoutFlightRecorder {
        public static void main(String[] args) {
            HandshakeListener listener = FlightRecorder.orNothing();
            listener.onHandshake(event(Outcome.PASSED, 101));
            System.out.println(listener instanceof FlightRecorder ? "recorder" : "nothing");
        }
    }

    @Test
    void writesOneEventForEachHandshake(@TempDir Path directory) throws IOException {
        HandshakeListener recorder = FlightRecorder.orNothing();
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start();
            recorder.onHandshake(event(Outcome.REPAIRED, 101));
            recorder.onHandshake(event(Outcome.REFUSED, 426));
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .toList();
        assertThat(events).hasSize(2);
        RecordedEvent repaired = events.get(0);
        assertThat(repaired.getString("verdict")).isEqualTo("DAMAGED");
        assertThat(repaired.getString("codes")).isEqualTo("HTTP_VERSION_TOO_OLD,HOP_BY_HOP_STRIPPED");
        assertThat(repaired.getString("method")).isEqualTo("GET");
        assertThat(repaired.getString("path")).isEqualTo("/chat");
        assertThat(repaired.getString("peer")).isEqualTo("10.0.0.7");
        assertThat(repaired.getString("hop")).isEqualTo("nginx");
        assertThat(repaired.getBoolean("repaired")).isTrue();
        assertThat(repaired.getInt("status")).isEqualTo(101);
        assertThat(events.get(1).getBoolean("repaired")).isFalse();
        assertThat(events.get(1).getInt("status")).isEqualTo(426);
    }

    @Test
    void writesNothingWhereNobodyRecords() {
        FlightRecorder.orNothing().onHandshake(event(Outcome.PASSED, 404));
    }

    @Test
    void doesNothingWhereTheRuntimeHasNoFlightRecorder() throws IOException, InterruptedException {
        String classPath = location(FlightRecorder.class) + File.pathSeparator + location(FlightRecorderTest.class);
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
