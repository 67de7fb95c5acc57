package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a handshake is repaired, and why or why not. Computed by {@link #decide}, a pure function.
 *
 * @param shape the shape of the damage
 * @param allowed whether it is to be restored
 * @param restored what is restored, or would be; empty where the shape is {@link RepairShape#NONE}
 * @param reason one clause: what allows it, or what would have to be different
 */
public record Repair(RepairShape shape, boolean allowed, List<String> restored, String reason) {

    private static final Set<String> HARMLESS_OPTIONS = Set.of("upgrade", "keep-alive", "close");

    public Repair {
        restored = List.copyOf(restored);
    }

    /**
     * Decides.
     *
     * @param examination what the rules said
     * @param level how far a repair may go
     * @param noTunnel why the hop that did the damage is known not to tunnel, or null where nothing such is known
     */
    public static Repair decide(Examination examination, RepairLevel level, @Nullable String noTunnel) {
        if (examination.verdict() != Verdict.DAMAGED) {
            return none(
                    switch (examination.verdict()) {
                        case VALID -> "nothing to repair";
                        case PLAIN -> "not a handshake";
                        default -> "only what a hop damaged is repaired, and more than that is wrong here";
                    });
        }
        RequestHead request = examination.request();
        if (!request.isHttp1()) {
            return none("only HTTP/1.x handshakes are repaired");
        }
        if (examination.has(ReasonCode.SEC_HEADERS_STRIPPED)) {
            return none("a key or version is never made up");
        }
        if (request.has("HTTP2-Settings") || examination.has(ReasonCode.UPGRADE_NOT_WEBSOCKET)) {
            return none("Upgrade names something else than websocket, or a hop offered h2c");
        }
        List<String> upgrade = request.members("Upgrade");
        if (upgrade.size() > 1) {
            return none("Upgrade names something else beside websocket");
        }
        RepairShape shape = upgrade.isEmpty() ? RepairShape.STRIPPED : shapeOfConnection(request);
        if (shape == RepairShape.NONE) {
            return none("Connection holds options that no known hop sends on a damaged handshake");
        }
        boolean allowed = level.covers(shape) && noTunnel == null;
        return new Repair(shape, allowed, restored(examination), reason(shape, allowed, noTunnel));
    }

    private static RepairShape shapeOfConnection(RequestHead request) {
        List<String> options = request.members("Connection"); // no Set.copyOf: equal hash codes make it quadratic
        if (options.isEmpty()) {
            return RepairShape.CONNECTION;
        }
        if (request.isOlderThanHttp11()) {
            return HARMLESS_OPTIONS.containsAll(options) ? RepairShape.SAFE : RepairShape.NONE;
        }
        if (options.stream().allMatch("close"::equals)) {
            return RepairShape.SAFE;
        }
        return options.stream().allMatch("keep-alive"::equals) ? RepairShape.CONNECTION : RepairShape.NONE;
    }

    private static List<String> restored(Examination examination) {
        RequestHead request = examination.request();
        List<String> restored = new ArrayList<>();
        if (request.isOlderThanHttp11()) {
            restored.add("HTTP/1.1");
        }
        if (request.members("Upgrade").isEmpty()) {
            restored.add("Upgrade: websocket");
        }
        if (!request.members("Connection").contains("upgrade")) {
            restored.add("Connection: Upgrade");
        }
        return restored;
    }

    private static String reason(RepairShape shape, boolean allowed, @Nullable String noTunnel) {
        if (allowed) {
            return "repair=safe allows it";
        }
        if (noTunnel != null) {
            return noTunnel;
        }
        return shape == RepairShape.SAFE
                ? "possible with repair=safe, which trusts " + shape.trusts()
                : "unsafe, a repair would trust " + shape.trusts();
    }

    private static Repair none(String reason) {
        return new Repair(RepairShape.NONE, false, List.of(), reason);
    }
}
