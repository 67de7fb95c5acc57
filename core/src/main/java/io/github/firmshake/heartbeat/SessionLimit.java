package io.github.firmshake.heartbeat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions of the dedicated endpoint may be open at once, and who may open the next one. At 80 % of them a
 * network that holds more than half of what is open gets no more; nobody is closed for the sake of another. A network is
 * an IPv4 address or the /64 of an IPv6 address. It remembers the networks with open sessions and no others. Time is an
 * argument. Thread-safe.
 */
public final class SessionLimit {

    private static final long BETWEEN_WARNINGS = 600_000_000_000L;
    private static final Network NOBODY = new Network("");

    private final int most;
    private final Map<String, Network> networks = new HashMap<>();
    private int open;
    private boolean crowded; // and said so; until fewer than 80 % are open again
    private boolean warned;
    private long lastWarning;

    private static final class Network {
        private final String name;
        private int open;

        private Network(String name) {
            this.name = name;
        }
    }

    /** The place of one session. */
    public final class Seat {

        private final @Nullable String refusal;
        private final @Nullable String warning;
        private @Nullable Network network; // null once it is free again

        private Seat(@Nullable String refusal, @Nullable Network network, @Nullable String warning) {
            this.refusal = refusal;
            this.network = network;
            this.warning = warning;
        }

        /** Why the session may not stay; null where it may. */
        public @Nullable String refusal() {
            return refusal;
        }

        /** Something for the log at WARN, seldom; else null. */
        public @Nullable String warning() {
            return warning;
        }

        /** Frees the place. Has an effect once. */
        public void leave() {
            synchronized (SessionLimit.this) {
                if (network != null) {
                    SessionLimit.this.leave(network);
                    network = null;
                }
            }
        }
    }

    /** Creates a limit of so many sessions. */
    public SessionLimit(int most) {
        this.most = most;
    }

    /** Sessions that are open now. */
    public synchronized int open() {
        return open;
    }

    /**
     * Why a session may not be opened now; null where it may.
     *
     * @param peer the socket's other address, null where it is not known; then only the number of all sessions counts
     */
    public synchronized @Nullable String refusal(@Nullable String peer) {
        return refusal(networks.getOrDefault(network(peer), NOBODY));
    }

    private @Nullable String refusal(Network network) {
        if (open >= most) {
            return "heartbeatMaxSessions=" + most + " are open";
        }
        return isCrowded() && network.open * 2L > open
                ? open + " of heartbeatMaxSessions=" + most + " are open, more than half of them from this address"
                : null;
    }

    /**
     * Takes a place, or none: several sessions may pass {@link #refusal} before one of them is open.
     *
     * @param peer as there
     */
    public synchronized Seat enter(@Nullable String peer, long now) {
        String name = network(peer);
        String refusal = refusal(networks.getOrDefault(name, NOBODY));
        if (refusal != null) {
            return new Seat(refusal, null, null);
        }
        Network network = name.isEmpty() ? NOBODY : networks.computeIfAbsent(name, Network::new);
        if (network != NOBODY) {
            network.open++;
        }
        open++;
        return new Seat(null, network, warning(now));
    }

    private @Nullable String warning(long now) {
        if (crowded || !isCrowded()) {
            return null;
        }
        crowded = true;
        if (warned && now - lastWarning < BETWEEN_WARNINGS) {
            return null;
        }
        warned = true;
        lastWarning = now;
        return open + " of heartbeatMaxSessions=" + most + " sessions are open; an address that holds more than half of"
                + " them gets no more (503), and nobody does when all are taken";
    }

    private void leave(Network network) {
        open--;
        crowded = crowded && isCrowded();
        if (network != NOBODY && --network.open == 0) {
            networks.remove(network.name);
        }
    }

    private boolean isCrowded() {
        return open * 5L >= most * 4L;
    }

    private static String network(@Nullable String peer) {
        if (peer == null || peer.indexOf(':') < 0 || peer.indexOf('.') >= 0) {
            return peer == null ? "" : peer;
        }
        int start = peer.startsWith("[") ? 1 : 0;
        int zone = peer.indexOf('%');
        String bare = peer.substring(start, zone < 0 ? peer.length() - start : zone);
        int gap = bare.indexOf("::");
        List<String> groups = groups(gap < 0 ? bare : bare.substring(0, gap));
        List<String> behind = gap < 0 ? List.of() : groups(bare.substring(gap));
        while (gap >= 0 && groups.size() + behind.size() < 8) {
            groups.add("0");
        }
        groups.addAll(behind);
        return String.join(":", groups.subList(0, Math.min(4, groups.size())));
    }

    private static List<String> groups(String text) {
        List<String> groups = new ArrayList<>();
        StringTokenizer all = new StringTokenizer(text, ":");
        while (all.hasMoreTokens()) {
            String group = all.nextToken();
            int zeros = 0;
            while (zeros < group.length() - 1 && group.charAt(zeros) == '0') {
                zeros++;
            }
            groups.add(group.substring(zeros).toLowerCase(Locale.ROOT));
        }
        return groups;
    }
}
