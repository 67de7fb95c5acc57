package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a product damages a handshake.
 *
 * @param culpability how natural that is for it
 * @param text what is wrong there
 * @param conditions the shape of the damage, all of it
 * @param fix the lines that fix it
 * @param noTunnel why a 101 does not reach the client through it, or null
 */
record Cause(
        Culpability culpability,
        String text,
        List<Condition> conditions,
        List<String> fix,
        @Nullable String noTunnel) {

    Cause {
        conditions = List.copyOf(conditions);
        fix = List.copyOf(fix);
    }

    boolean explains(RequestHead request) {
        return conditions.stream().allMatch(condition -> condition.holds(request));
    }
}
