package io.github.firmshake.handshake;

import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Writes every handshake to JDK Flight Recorder as {@code io.github.firmshake.Handshake}. Thread-safe. */
public final class FlightRecorder implements HandshakeListener {

    private FlightRecorder() {}

    /** The recorder, or one that does nothing where the runtime image has no {@code jdk.jfr}. */
    public static HandshakeListener orNothing() {
        try {
            HandshakeListener recorder = new FlightRecorder();
            new Handshake();
            return recorder;
        } catch (LinkageError e) { // jdk.jfr is an optional module: an image made by jlink may lack it
            return event -> {};
        }
    }

    @Override
    public void onHandshake(HandshakeEvent event) {
        Handshake record = new Handshake();
        if (!record.isEnabled()) {
            return;
        }
        record.verdict = event.verdict().name();
        record.codes = event.violations().stream()
                .map(violation -> violation.code().name())
                .collect(Collectors.joining(","));
        record.method = event.method();
        record.path = event.path();
        record.peer = event.peer();
        record.hop = event.guiltyHop();
        record.repaired = event.outcome() == Outcome.REPAIRED;
        record.status = event.status();
        record.commit();
    }

    @Name("io.github.firmshake.Handshake")
    @Label("WebSocket handshake")
    @Description("One answered WebSocket handshake")
    @Category("Firmshake")
    @StackTrace(false)
    private static final class Handshake extends Event {
        @Label("Verdict")
        @Nullable
        String verdict;

        @Label("Reason codes")
        @Nullable
        String codes;

        @Label("Method")
        @Nullable
        String method;

        @Label("Path")
        @Nullable
        String path;

        @Label("Peer")
        @Nullable
        String peer;

        @Label("Guilty hop")
        @Nullable
        String hop;

        @Label("Repaired")
        boolean repaired;

        @Label("Status")
        int status;
    }
}
