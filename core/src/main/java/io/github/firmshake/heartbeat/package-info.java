/**
 * The heartbeat: its wire format, the liveness of sessions, and a small server side of RFC 6455. No I/O, no timer, no
 * clock: bytes and time, in nanoseconds as {@link System#nanoTime()} gives it, are arguments.
 */
@NullMarked
package io.github.firmshake.heartbeat;

import org.jspecify.annotations.NullMarked;
