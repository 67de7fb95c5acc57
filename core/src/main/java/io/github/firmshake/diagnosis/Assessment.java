package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import io.github.firmshake.handshake.Privacy;
import io.github.firmshake.handshake.Repair;
import io.github.firmshake.handshake.RepairLevel;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a request before it is answered. Immutable; computed by {@link #of}, a pure function.
 *
 * @param examination the rules' verdict
 * @param diagnosis the hops, and the guilty one
 * @param repair whether it is repaired
 * @param action what an adapter is to do with the request
 * @param privacy what of it may be shown
 */
public record Assessment(Examination examination, Diagnosis diagnosis, Repair repair, Action action, Privacy privacy) {

    /** What an adapter does with a request. */
    public enum Action {
        /** Pass it on untouched. */
        PASS,
        /** Pass it on in canonical form: {@code Upgrade: websocket}, {@code Connection: Upgrade}. */
        CANONICALIZE,
        /** Restore what was damaged, which ends in the canonical form over HTTP/1.1, and pass it on. */
        REPAIR,
        /** Answer with a refusal and close. */
        REFUSE
    }

    /**
     * Assesses a request.
     *
     * @param request the request
     * @param webSocketPath whether its path is one of {@link Settings#webSocketPaths()}
     * @param settings the settings
     */
    public static Assessment of(RequestHead request, boolean webSocketPath, Settings settings) {
        Fingerprints fingerprints = Fingerprints.bundled();
        List<Hop> hops = fingerprints.recognise(request);
        Circumstances circumstances =
                new Circumstances(webSocketPath, settings.allowedOrigins(), fingerprints.stripsSecHeaders(hops));
        Examination examination = HandshakeRules.examine(request, circumstances);
        Diagnosis diagnosis = fingerprints.diagnose(examination, hops);
        Repair repair = Repair.decide(examination, settings.repair(), diagnosis.noTunnel());
        return new Assessment(
                examination, diagnosis, repair, action(examination, repair, settings), settings.privacy());
    }

    /**
     * A handshake whose head the container refused while it read it. The head is cut short there, so no rule is applied.
     *
     * @param why why it refused it
     * @param settings what of it may be shown
     */
    public static Assessment cutShort(RequestHead request, Violation why, Settings settings) {
        Examination examination = new Examination(request, Verdict.INVALID, List.of(why));
        Diagnosis diagnosis = Fingerprints.bundled().diagnose(examination, List.of());
        return new Assessment(
                examination,
                diagnosis,
                Repair.decide(examination, RepairLevel.OFF, null),
                Action.PASS,
                settings.privacy());
    }

    /**
     * Decides on a request that could not be assessed because of a fault of our own. It passes as if we were not there,
     * but not past an origin check.
     *
     * @param settings the settings by which it would have been assessed
     */
    public static Action unassessed(Settings settings) {
        boolean checked = settings.onInvalid() == Settings.OnInvalid.REJECT
                && !settings.allowedOrigins().toString().isEmpty();
        return checked ? Action.REFUSE : Action.PASS;
    }

    /**
     * The same for an adapter that cannot repair this request.
     *
     * @param why one clause, in place of the repair's own reason
     * @param settings the settings it was assessed by
     */
    public Assessment unrepaired(String why, Settings settings) {
        if (action != Action.REPAIR) {
            return this;
        }
        Repair impossible = new Repair(repair.shape(), false, repair.restored(), why);
        return new Assessment(examination, diagnosis, impossible, action(examination, impossible, settings), privacy);
    }

    /** The same for an adapter that is to leave the request as it is. */
    public Assessment passed() {
        return new Assessment(examination, diagnosis, repair, Action.PASS, privacy);
    }

    public RequestHead request() {
        return examination.request();
    }

    /** The path as it may be shown. */
    String shownPath() {
        return privacy.path(request().path());
    }

    /** The peer as it may be shown, or null. */
    @Nullable
    String shownPeer() {
        return privacy.peer(request().peer());
    }

    private static Action action(Examination examination, Repair repair, Settings settings) {
        if (repair.allowed()) {
            return Action.REPAIR;
        }
        if (examination.verdict() == Verdict.VALID) {
            // Over HTTP/2 there is neither Upgrade nor Connection to write.
            return examination.request().isHttp1() ? Action.CANONICALIZE : Action.PASS;
        }
        boolean faulty = !examination.violations().isEmpty();
        return faulty && settings.onInvalid() == Settings.OnInvalid.REJECT ? Action.REFUSE : Action.PASS;
    }
}
