package io.github.firmshake.diagnosis;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which lines are written whole, and counts the rest. Of each kind the first line in an hour is written whole,
 * unless its peer, or its level, has had its share of this minute. One counted line stands for the rest, ten minutes later
 * at the latest. Memory is bounded, and every count is exact: a line is either written or counted.
 *
 * <p>Lines with a counted line of their own share one half of the minute with lines at INFO; the other half belongs to
 * WARN, so that scanners cannot take it. Time is an argument, in nanoseconds from an arbitrary origin as
 * {@link System#nanoTime()} gives it. Thread-safe.
 */
final class LogLimiter {

    /** Lines of one kind are alike. Its text alone is compared, see {@link #key}. */
    record Kind(Level level, String code, int status, String pattern, String culprit) {}

    /**
     * The texts of one line.
     *
     * @param whole all of it
     * @param subject how a counted line begins
     * @param details how a counted line ends; empty, or it begins with a separator
     */
    record Text(String whole, String subject, String details) {}

    /** A counted line. */
    record Line(Level level, String text) {}

    static final int MAX_KINDS = 256;
    private static final int LINES_OF_A_PEER = 3;
    private static final long MINUTE = 60_000_000_000L;
    private static final long TICK = MINUTE / 6; // adapters look as often at least
    private static final long INTERVAL = 10 * MINUTE - TICK;
    private static final long HOUR = 60 * MINUTE;

    /** Lines that were left out, of one kind or of a code's forgotten kinds. */
    private static final class Tally {
        private final Kind kind;
        private boolean written;
        private long writtenAt;
        private long count;
        private long since;
        private long kinds;
        private @Nullable Text last;

        private Tally(Kind kind) {
            this.kind = kind;
        }

        private boolean isDueWhole(long now) {
            return !written || now - writtenAt >= HOUR;
        }

        private void write(long now) {
            written = true;
            writtenAt = now;
        }

        private Line line(long now) {
            String left = count + (count == 1 ? " handshake" : " handshakes");
            String time = " in " + minutes(now - since) + " min";
            Text text = last;
            if (text == null) {
                return new Line(kind.level(), kind.code() + ": " + left + " of " + kinds + " more kinds" + time);
            }
            if (isDueWhole(now)) {
                write(now);
                return new Line(kind.level(), text.whole() + (count == 1 ? "" : "; " + left + " like this" + time));
            }
            return new Line(kind.level(), text.subject() + ": " + count + " more" + time + text.details());
        }
    }

    private final int limit;
    private final int shareOfWarn;
    private final int shareOfOthers;
    private final long slot;
    private final Map<List<String>, Tally> kinds = new LinkedHashMap<>(16, 0.75F, true);
    private final Map<String, Tally> folded = new HashMap<>();
    private final Map<String, Integer> peers = new HashMap<>();
    private boolean started;
    private long minute;
    private int warnings;
    private int others;
    private int waiting;
    private long oldest;

    /** Creates a limiter of so many lines a minute; 0: no limit, each line is written whole. */
    LogLimiter(int linesPerMinute) {
        limit = linesPerMinute;
        shareOfWarn = (linesPerMinute + 1) / 2;
        shareOfOthers = Math.max(1, linesPerMinute / 2);
        slot = MINUTE / shareOfOthers;
    }

    /**
     * Takes one line.
     *
     * @param kind its kind
     * @param peer where it came from, as {@link io.github.firmshake.handshake.Addresses#network} says; null where nobody outside caused it
     * @return whether it is to be written now; otherwise it is counted
     */
    synchronized boolean admit(Kind kind, @Nullable String peer, Text text, long now) {
        if (limit == 0) {
            return true;
        }
        turn(now);
        Tally tally = kinds.get(key(kind));
        if (tally == null) {
            tally = remember(kind);
        }
        if (tally.isDueWhole(now) && mayWrite(kind.level(), peer)) {
            spend(kind.level());
            if (peer != null) {
                peers.merge(peer, 1, Integer::sum);
            }
            tally.write(now);
            return true;
        }
        count(tally, 1, now);
        tally.last = text;
        return false;
    }

    /** The counted lines that are due. */
    synchronized List<Line> due(long now) {
        List<Line> lines = new ArrayList<>();
        turn(now);
        while (waiting > 0 && now - oldest >= patience() && mayCount()) {
            spend(Level.INFO);
            lines.add(say(oldestOfAll(), now));
        }
        return lines;
    }

    /** Everything that was counted and is not said yet, within the minute's limit but for one line. */
    synchronized List<Line> rest(long now) {
        List<Line> lines = new ArrayList<>();
        turn(now);
        while (waiting > 1 && mayCount()) {
            spend(Level.INFO);
            lines.add(say(oldestOfAll(), now));
        }
        if (waiting == 1) {
            lines.add(say(oldestOfAll(), now));
        } else if (waiting > 1) {
            int left = waiting;
            long sum = 0;
            Level level = Level.INFO;
            while (waiting > 0) {
                Tally tally = oldestOfAll();
                sum += tally.count;
                level = isWarning(tally.kind.level()) ? Level.WARNING : level;
                say(tally, now);
            }
            lines.add(new Line(level, sum + " more handshakes of " + left + " kinds were not logged"));
        }
        return lines;
    }

    /** Whether something was counted and is not said yet. */
    synchronized boolean isWaiting() {
        return waiting > 0;
    }

    private void turn(long now) {
        if (!started || now - minute >= MINUTE) {
            started = true;
            minute = now;
            warnings = 0;
            others = 0;
            peers.clear();
        }
    }

    private boolean mayWrite(Level level, @Nullable String peer) {
        boolean peerMay = peer == null || peers.getOrDefault(peer, 0) < LINES_OF_A_PEER;
        return peerMay && (isWarning(level) ? warnings < shareOfWarn && warnings + others < limit : mayCount());
    }

    private boolean mayCount() {
        return others < shareOfOthers && warnings + others < limit;
    }

    private void spend(Level level) {
        if (isWarning(level)) {
            warnings++;
        } else {
            others++;
        }
    }

    private static boolean isWarning(Level level) {
        return level.getSeverity() >= Level.WARNING.getSeverity();
    }

    // Many that wait are begun early, one a slot, so that the last of them is said in time. They begin another minute
    // earlier where they are more than one minute takes: a line at INFO may have the rest of the present one.
    private long patience() {
        return INTERVAL - (waiting - 1) * slot - (waiting > shareOfOthers ? MINUTE : 0);
    }

    private void count(Tally tally, long lines, long now) {
        if (tally.count == 0) {
            tally.since = now;
            if (waiting++ == 0) {
                oldest = now;
            }
        }
        tally.count += lines;
    }

    private Tally remember(Kind kind) {
        if (kinds.size() == MAX_KINDS) {
            forgetOne();
        }
        Tally tally = new Tally(kind);
        kinds.put(key(kind), tally);
        return tally;
    }

    // The one that was seen longest ago, before all others one of which nothing is left to say.
    private void forgetOne() {
        Iterator<Tally> all = kinds.values().iterator();
        Tally eldest = all.next();
        Tally spare = eldest;
        while (spare.count > 0 && all.hasNext()) {
            spare = all.next();
        }
        Tally forgotten = spare.count == 0 ? spare : eldest;
        kinds.remove(key(forgotten.kind));
        if (forgotten.count > 0) {
            fold(forgotten);
        }
    }

    private void fold(Tally forgotten) {
        Kind kind = forgotten.kind;
        Tally all = folded.computeIfAbsent(kind.level() + " " + kind.code(), name -> new Tally(kind));
        if (all.count == 0) {
            all.since = forgotten.since;
        } else {
            all.since = Math.min(all.since, forgotten.since);
            waiting--;
        }
        all.count += forgotten.count;
        all.kinds++;
    }

    private Line say(Tally tally, long now) {
        Line line = tally.line(now);
        tally.count = 0;
        tally.kinds = 0;
        tally.last = null;
        waiting--;
        if (waiting > 0) {
            oldest = oldestOfAll().since;
        }
        return line;
    }

    private Tally oldestOfAll() {
        Tally found = null;
        for (Map<?, Tally> map : List.of(kinds, folded)) {
            for (Tally tally : map.values()) {
                if (tally.count > 0 && (found == null || tally.since - found.since < 0)) {
                    found = tally;
                }
            }
        }
        return java.util.Objects.requireNonNull(found);
    }

    // No record is compared at run time. JDK 17 keeps the class of a record with equals() in a static field of
    // java.lang.runtime.ObjectMethods, and so the class loader of an undeployed application.
    private static List<String> key(Kind kind) {
        return List.of(kind.level().name(), kind.code(), String.valueOf(kind.status()), kind.pattern(), kind.culprit());
    }

    private static long minutes(long nanos) {
        return Math.max(1, (nanos + MINUTE / 2) / MINUTE);
    }
}
