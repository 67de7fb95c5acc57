package io.github.firmshake.diagnosis;

import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeEvent;
import io.github.firmshake.handshake.HandshakeEvent.Outcome;
import io.github.firmshake.handshake.HandshakeListener;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what became of a handshake once it is answered: one bounded log line, one event for every listener. Time is an
 * argument. Thread-safe.
 */
public final class HandshakeReporter {

    private final HandshakeLog log;
    private final List<HandshakeListener> listeners;
    private final LogLimiter limiter;

    /**
     * Creates a reporter.
     *
     * @param logLimitPerMinute lines a minute for each reason, hop and peer
     * @param log where lines go
     * @param listeners who is told; an exception of one harms nobody else
     */
    public HandshakeReporter(int logLimitPerMinute, HandshakeLog log, List<HandshakeListener> listeners) {
        this.log = log;
        this.listeners = List.copyOf(listeners);
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
        String message = LogLine.of(assessment, done, status);
        write(assessment, level(assessed, done, status), message, nowNanos);
        tell(event(assessment, done, status, message), nowNanos);
    }

    /** Says what was left out and not said yet. Called when the adapter stops. */
    public void close() {
        limiter.leftOut().ifPresent(sentence -> log.log(Level.INFO, sentence));
    }

    private void write(Assessment assessment, Level level, String message, long nowNanos) {
        if (!log.isLoggable(level)) {
            return;
        }
        String more = level == Level.DEBUG ? "" : limiter.admit(kind(assessment), nowNanos);
        if (more == null) {
            return;
        }
        log.log(level, more.isEmpty() ? message : message + "; " + more);
        if (log.isLoggable(Level.DEBUG)) {
            log.log(Level.DEBUG, LogLine.head(assessment.request()));
        }
    }

    private void tell(HandshakeEvent event, long nowNanos) {
        for (HandshakeListener listener : listeners) {
            try {
                listener.onHandshake(event);
            } catch (Exception | LinkageError e) { // Exception: other languages throw checked ones from anywhere
                String name = listener.getClass().getName();
                String more = limiter.admit(new LogLimiter.Kind("listener", name, ""), nowNanos);
                if (more != null) {
                    String text = "handshake listener " + name + " threw " + Escape.escaped(e.toString());
                    log.log(Level.WARNING, more.isEmpty() ? text : text + "; " + more);
                }
            }
        }
    }

    private static LogLimiter.Kind kind(Assessment assessment) {
        String hop = assessment.diagnosis().guilty().map(Hop::product).orElse("");
        return new LogLimiter.Kind(
                LogLine.code(assessment.examination()),
                hop,
                String.valueOf(assessment.request().peer()));
    }

    // What was to switch and did not gets a violation of its own, which only the answer shows.
    private static Assessment withNotSwitched(Assessment assessment, Action done, int status) {
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
        return new Assessment(extended, assessment.diagnosis(), assessment.repair(), assessment.action());
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
                assessment.request().path(),
                assessment.request().peer(),
                assessment.diagnosis().guilty().map(Hop::product).orElse(null),
                assessment.diagnosis().hops().stream().map(Hop::product).toList(),
                outcome,
                status,
                message);
    }
}
