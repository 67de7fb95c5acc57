package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.ReasonCode;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many handshakes of a path and a peer arrived whole and how many damaged, in the last ten minutes. All of them
 * damaged is configuration; a few is a pooled connection or one bad node. Remembers the paths and peers that were seen last.
 * Time is an argument. Thread-safe.
 */
final class PathTally {

    /**
     * The counts with one more handshake.
     *
     * @param damaged those damaged in the same way
     * @param all whole and damaged ones
     * @param recoveredFrom how many damaged ones there were, where enough whole ones have followed just now; else 0
     */
    record Count(int damaged, int all, int recoveredFrom) {
        static final Count NONE = new Count(0, 0, 0);
    }

    static final int MAX_ENTRIES = 512;
    private static final int GOOD_ONES = 10;
    private static final int ENOUGH_TO_TELL = 10;
    private static final int MINUTES = 10;
    private static final long MINUTE = 60_000_000_000L;

    private static final class Entry {
        private final int[] whole = new int[MINUTES];
        private final Map<ReasonCode, int[]> damaged = new EnumMap<>(ReasonCode.class);
        private long minute;
        private int goodSince;
        private boolean broken;

        private Entry(long minute) {
            this.minute = minute;
        }

        private void advance(long to) {
            for (int i = 0; i < MINUTES && minute < to; i++) {
                minute++;
                int slot = (int) (minute % MINUTES);
                whole[slot] = 0;
                damaged.values().forEach(counts -> counts[slot] = 0);
            }
            minute = to;
        }

        private int damagedInAll() {
            return damaged.values().stream().mapToInt(Entry::sum).sum();
        }

        private Count add(@Nullable ReasonCode damage) {
            int slot = (int) (minute % MINUTES);
            if (damage != null) {
                int[] counts = damaged.computeIfAbsent(damage, code -> new int[MINUTES]);
                counts[slot]++;
                broken = true;
                goodSince = 0;
                return new Count(sum(counts), sum(whole) + damagedInAll(), 0);
            }
            whole[slot]++;
            goodSince++;
            boolean recovered = broken && goodSince == GOOD_ONES;
            int bad = damagedInAll();
            broken &= !recovered;
            return new Count(0, sum(whole) + bad, recovered ? Math.max(1, bad) : 0);
        }

        private static int sum(int[] counts) {
            int sum = 0;
            for (int count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    private final Map<List<String>, Entry> entries = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Entry> eldest) {
            return size() > MAX_ENTRIES;
        }
    };
    private boolean started;
    private long origin;

    /**
     * Counts one handshake that arrived whole, or damaged.
     *
     * @param damage the leading code of a damaged one, null for a whole one
     */
    synchronized Count add(String pattern, String peer, @Nullable ReasonCode damage, long now) {
        if (!started) {
            started = true;
            origin = now;
        }
        long minute = Math.max(0, (now - origin) / MINUTE);
        Entry entry = entries.computeIfAbsent(List.of(pattern, peer), key -> new Entry(minute));
        entry.advance(Math.max(minute, entry.minute));
        return entry.add(damage);
    }

    /** How many paths and peers are remembered. */
    synchronized int size() {
        return entries.size();
    }

    /** The meaning of the share of damaged ones, as a clause; empty where it is too early to tell. */
    static String meaning(Count count) {
        if (count.all() < ENOUGH_TO_TELL) {
            return "";
        }
        if (count.damaged() == count.all()) {
            return ", so configuration rather than a pooled connection or one bad node";
        }
        return count.damaged() * 4L <= count.all()
                ? ", so a pooled connection or one bad node rather than configuration"
                : "";
    }
}
