package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;

/** One condition of the fingerprint file. */
@FunctionalInterface
interface Condition {

    boolean holds(RequestHead request);
}
