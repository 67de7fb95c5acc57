package io.github.firmshake.heartbeat;

import io.github.firmshake.handshake.Addresses;
import java.util.HashMap;
import java.util.Map;
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
        return peer == null ? "" : Addresses.network(peer);
    }
}
