package io.github.firmshake.handshake;

/**
 * The shape of a damaged handshake as it arrived, which says what restoring it would trust. Nothing but Connection,
 * Upgrade and the HTTP version is ever restored.
 */
public enum RepairShape {
    /** Nothing to restore, or nothing that may be. */
    NONE("nothing"),
    /**
     * Upgrade is exactly {@code websocket}, and either HTTP/1.0 with a Connection of {@code upgrade},
     * {@code keep-alive} and {@code close}, or HTTP/1.1 with {@code Connection: close}. No real proxy was seen to fall
     * out of step through it. Over HTTP/1.0 it departs from RFC 9110 section 7.8, which wants Upgrade ignored there.
     */
    SAFE("that a hop which forwards Upgrade also tunnels after a 101"),
    /** Upgrade is exactly {@code websocket}, and Connection is absent, or {@code keep-alive} on HTTP/1.1. */
    CONNECTION("that the peer does not forward Upgrade blindly; a hand-written proxy that does can be desynchronized"),
    /** Upgrade is missing. Through some correctly configured proxies an attacker can forge this shape. */
    STRIPPED("that the one hop in front tunnels, and that nobody else's request can land on its connection");

    private final String trusts;

    RepairShape(String trusts) {
        this.trusts = trusts;
    }

    /** What a repair of this shape would rely on. */
    public String trusts() {
        return trusts;
    }
}
