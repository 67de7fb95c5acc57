package io.github.firmshake.diagnosis;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.LogLimiter.Kind;
import io.github.firmshake.diagnosis.LogLimiter.Text;
import io.github.firmshake.handshake.Addresses;
import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says what became of a handshake once it is answered: one bounded log line, one event for every listener. Time is an
 * argument. Thread-safe.
 */
public final class HandshakeReporter {

    private final HandshakeLog log;
    private final List<HandshakeListener> listeners;
    private final LogLimiter limiter;
    private final Runnable whenWaiting;
    private final PathNames paths = new PathNames();
    private final PathTally tally = new PathTally();

    /**
     * Creates a reporter.
     *
     * @param logLimitPerMinute lines a minute in all at INFO and above; 0: no limit
     * @param log where lines go
     * @param listeners who is told; an exception of one harms nobody else
     * @param whenWaiting called whenever a line is left out, from the thread that served the request. From then on
     *     the adapter calls {@link #flush} every few seconds while it returns true
     */
    public HandshakeReporter(
            int logLimitPerMinute, HandshakeLog log, List<HandshakeListener> listeners, Runnable whenWaiting) {
        this.log = log;
        this.listeners = List.copyOf(listeners);
        this.whenWaiting = whenWaiting;
        limiter = new LogLimiter(logLimitPerMinute);
    }

    /**
     * Reports one handshake. A request that is none is not reported.
     *
     * @param assessed what was known of it before
     * @param done what was done: the assessment's action, or {@link Action#PASS} where the adapter could not follow it
     * @param status the status of the answer
     * @param nowNanos the time, as {@link System#nanoTime()} gives it
     */
    public void answered(Assessment assessed, Action done, int status, long nowNanos) {
        Assessment assessment = withNotSwitched(assessed, done, status);
        Examination examination = assessment.examination();
        if (examination.verdict() == Verdict.PLAIN && examination.violations().isEmpty()) {
            return;
        }
        flush(nowNanos);
        String network = Addresses.network(String.valueOf(assessment.request().peer()));
        String pattern = pattern(assessment, network, status);
        PathTally.Count count = count(assessment, pattern, network, nowNanos);
        String message = LogLine.of(assessment, done, status, count);
        Level level = level(assessed, done, status);
        String details = LogLine.counted(assessment, status, count);
        write(
                assessment,
                level,
                kind(assessment, level, status, pattern),
                network,
                new Text(message, LogLine.subject(assessment), details),
                nowNanos);
        if (count.recoveredFrom() > 0) {
            recovered(assessment, pattern, network, count, nowNanos);
        }
        tell(event(assessment, done, status, message), nowNanos);
    }

    /**
     * Writes the counted lines that are due.
     *
     * @return whether more is counted and not said yet
     */
    public boolean flush(long nowNanos) {
        limiter.due(nowNanos).forEach(line -> log.log(line.level(), line.text()));
        return limiter.isWaiting();
    }

    /** Whether something is counted and not said yet. */
    public boolean isWaiting() {
        return limiter.isWaiting();
    }

    /** Says what was left out and not said yet. Called when the adapter stops. */
    public void close(long nowNanos) {
        limiter.rest(nowNanos).forEach(line -> log.log(line.level(), line.text()));
    }

    private String pattern(Assessment assessment, String network, int status) {
        RequestHead request = assessment.request();
        // A damaged handshake is answered so where its path is mapped to a WebSocket alone.
        boolean nothingThere = status == 404 && assessment.examination().verdict() != Verdict.DAMAGED;
        return paths.of(request.mapping(), request.context(), request.path(), network, nothingThere);
    }

    private PathTally.Count count(Assessment assessment, String pattern, String network, long nowNanos) {
        Examination examination = assessment.examination();
        return switch (examination.verdict()) {
            case VALID -> tally.add(pattern, network, null, nowNanos);
            case DAMAGED -> tally.add(pattern, network, LogLine.damageOf(examination), nowNanos);
            default -> PathTally.Count.NONE;
        };
    }

    private void write(Assessment assessment, Level level, Kind kind, String network, Text text, long nowNanos) {
        boolean debug = log.isLoggable(Level.DEBUG);
        if (level == Level.DEBUG ? debug : isAdmitted(kind, network, text, nowNanos)) {
            log.log(level, text.whole());
        } else if (debug) {
            log.log(Level.DEBUG, text.whole());
        }
        if (debug) {
            log.log(Level.DEBUG, LogLine.head(assessment));
        }
    }

    private void recovered(
            Assessment assessment, String pattern, String network, PathTally.Count count, long nowNanos) {
        Kind kind = new Kind(Level.INFO, "VALID", 0, pattern, "");
        String subject = LogLine.subject(assessment);
        Text text = new Text(LogLine.recovered(assessment, count), subject + ": recovered", "");
        if (isAdmitted(kind, network, text, nowNanos)) {
            log.log(Level.INFO, text.whole());
        }
    }

    private boolean isAdmitted(Kind kind, @Nullable String network, Text text, long nowNanos) {
        if (!log.isLoggable(kind.level())) {
            return false;
        }
        boolean admitted = limiter.admit(kind, network, text, nowNanos);
        if (!admitted) {
            whenWaiting.run();
        }
        return admitted;
    }

    private void tell(HandshakeEvent event, long nowNanos) {
        for (HandshakeListener listener : listeners) {
            try {
                listener.onHandshake(event);
            } catch (Exception | LinkageError e) { // Exception: other languages throw checked ones from anywhere
                String text = "handshake listener " + listener.getClass().getName() + " threw "
                        + e.getClass().getName();
                Kind kind = new Kind(Level.WARNING, text, 0, "", "");
                if (isAdmitted(kind, null, new Text(text, text, ""), nowNanos)) {
                    log.log(Level.WARNING, text);
                }
                if (log.isLoggable(Level.DEBUG)) {
                    log.log(Level.DEBUG, text + ": " + Escape.escaped(String.valueOf(e.getMessage())));
                }
            }
        }
    }

    private static Kind kind(Assessment assessment, Level level, int status, String pattern) {
        // Another cause has another fix, whose line is needed too.
        String culprit = assessment.diagnosis().guilty().map(Hop::product).orElse("") + " "
                + Objects.requireNonNullElse(assessment.diagnosis().cause(), "");
        return new Kind(level, LogLine.code(assessment.examination()), status, pattern, culprit);
    }

    // What was to switch and did not gets a violation of its own, which only the answer shows.
    static Assessment withNotSwitched(Assessment assessment, Action done, int status) {
        Examination examination = assessment.examination();
        boolean expected = examination.verdict() == Verdict.VALID || done == Action.REPAIR;
        if (!expected || isSwitch(assessment, status)) {
            return assessment;
        }
        List<Violation> violations = new ArrayList<>(examination.violations());
        String wanted = assessment.request().isHttp1() ? "101" : "200";
        violations.add(
                new Violation(ReasonCode.NOT_SWITCHED, "response status", List.of(String.valueOf(status)), wanted));
        Examination extended = new Examination(examination.request(), examination.verdict(), violations);
        return new Assessment(
                extended, assessment.diagnosis(), assessment.repair(), assessment.action(), assessment.privacy());
    }

    private static boolean isSwitch(Assessment assessment, int status) {
        return assessment.request().isHttp1() ? status == 101 : status / 100 == 2;
    }

    // Scanners page nobody: what a client did wrong by itself is INFO, and so is a valid handshake that the application
    // answers with a redirection or a client error.
    private static Level level(Assessment assessment, Action done, int status) {
        boolean switched = isSwitch(assessment, status);
        return switch (assessment.examination().verdict()) {
            case VALID -> switched ? Level.DEBUG : status >= 300 && status < 500 ? Level.INFO : Level.WARNING;
            case DAMAGED -> done == Action.REPAIR && switched ? Level.INFO : Level.WARNING;
            default -> Level.INFO;
        };
    }

    private static HandshakeEvent event(Assessment assessment, Action done, int status, String message) {
        Outcome outcome = switch (done) {
            case REPAIR -> Outcome.REPAIRED;
            case REFUSE -> Outcome.REFUSED;
            default -> Outcome.PASSED;
        };
        return new HandshakeEvent(
                assessment.examination().verdict(),
                assessment.examination().violations(),
                assessment.request().method(),
                assessment.shownPath(),
                assessment.shownPeer(),
                assessment.diagnosis().guilty().map(Hop::product).orElse(null),
                assessment.diagnosis().hops().stream().map(Hop::product).toList(),
                outcome,
                status,
                message);
    }
}
