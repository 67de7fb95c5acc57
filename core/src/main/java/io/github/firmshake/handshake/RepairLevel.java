package io.github.firmshake.handshake;

/** How far a repair may go: the setting {@code repair}. */
public enum RepairLevel {
    /** Nothing is restored. */
    OFF,
    /** {@link RepairShape#SAFE} is restored. */
    SAFE;

    boolean covers(RepairShape shape) {
        return this == SAFE && shape == RepairShape.SAFE;
    }
}
