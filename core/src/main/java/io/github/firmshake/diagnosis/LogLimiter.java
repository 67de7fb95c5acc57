package io.github.firmshake.diagnosis;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many lines a minute are written for each kind of line, and counts what is left out. Time is an argument, in
 * nanoseconds from an arbitrary origin as {@link System#nanoTime()} gives it. Thread-safe.
 */
final class LogLimiter {

    /** What makes lines alike. */
    record Kind(String code, String hop, String peer) {}

    private static final int MAX_KINDS = 256;
    private static final long MINUTE = 60_000_000_000L;

    private static final class Window {
        private long start;
        private int written;
        private long leftOut;
        private long firstLeftOut;

        private Window(long start) {
            this.start = start;
        }

        private boolean isOver(long now) {
            return now - start >= MINUTE;
        }
    }

    private final int limit;
    private final Map<List<String>, Window> windows = new HashMap<>();
    private @Nullable Window overflow;
    private long othersLeftOut;

    LogLimiter(int limitPerMinute) {
        limit = limitPerMinute;
    }

    /**
     * Asks whether a line may be written now.
     *
     * @return null where it is left out; otherwise what was left out before it, as a clause, or the empty string
     */
    synchronized @Nullable String admit(Kind kind, long now) {
        Window window = window(kind, now);
        if (window.isOver(now)) {
            window.start = now;
            window.written = 0;
        }
        if (window.written == limit) {
            leaveOut(window, now);
            return null;
        }
        window.written++;
        String clause = "";
        if (window.leftOut > 0) {
            clause = window.leftOut + " more like this in the last " + minutes(now - window.firstLeftOut);
            window.leftOut = 0;
        }
        if (othersLeftOut > 0) {
            clause += (clause.isEmpty() ? "" : "; ") + othersLeftOut + " lines of other kinds were left out before";
            othersLeftOut = 0;
        }
        return clause;
    }

    /** What was left out and not said yet, as a sentence; empty where nothing was. Forgets it. */
    synchronized Optional<String> leftOut() {
        long count = othersLeftOut;
        for (Window window : windows.values()) {
            count += window.leftOut;
        }
        windows.clear();
        othersLeftOut = 0;
        return count == 0 ? Optional.empty() : Optional.of(count + " more handshake lines were left out");
    }

    private void leaveOut(Window window, long now) {
        if (window == overflow) {
            othersLeftOut++;
            return;
        }
        if (window.leftOut++ == 0) {
            window.firstLeftOut = now;
        }
    }

    private Window window(Kind kind, long now) {
        List<String> key = key(kind);
        Window known = windows.get(key);
        if (known != null) {
            return known;
        }
        if (windows.size() == MAX_KINDS) {
            forgetIdle(now);
        }
        if (windows.size() == MAX_KINDS) { // all busy: what is new shares one window, so that memory stays bounded
            Window shared = overflow == null ? new Window(now) : overflow;
            overflow = shared;
            return shared;
        }
        Window fresh = new Window(now);
        windows.put(key, fresh);
        return fresh;
    }

    // No record is compared at run time: the equals() that JDK 17 makes for one leaves its class in a static field of
    // java.lang.runtime.ObjectMethods, and with it the class loader of an application that was undeployed.
    private static List<String> key(Kind kind) {
        return List.of(kind.code(), kind.hop(), kind.peer());
    }

    private void forgetIdle(long now) {
        Iterator<Window> all = windows.values().iterator();
        while (all.hasNext()) {
            Window window = all.next();
            if (window.isOver(now)) {
                othersLeftOut += window.leftOut;
                all.remove();
            }
        }
    }

    private static String minutes(long nanos) {
        long minutes = Math.max(1, (nanos + MINUTE - 1) / MINUTE);
        return minutes == 1 ? "minute" : minutes + " minutes";
    }
}
