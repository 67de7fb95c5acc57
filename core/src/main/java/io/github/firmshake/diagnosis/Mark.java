package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.util.List;

/**
 * What shows that a product is there.
 *
 * @param ofDamage whether it is the shape of the damage alone, which counts on a damaged handshake only
 * @param confidence how sure it makes
 * @param evidence the mark in words
 * @param conditions what has to hold, all of it
 * @param unless products that send the same; where one of them is as sure, this says nothing
 */
record Mark(boolean ofDamage, Confidence confidence, String evidence, List<Condition> conditions, List<String> unless) {

    Mark {
        conditions = List.copyOf(conditions);
        unless = List.copyOf(unless);
    }

    boolean isOn(RequestHead request) {
        return conditions.stream().allMatch(condition -> condition.holds(request));
    }
}
