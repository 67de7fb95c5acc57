/**
 * The opening handshake of RFC 6455 and RFC 8441: the request as it arrived, the rules it has to meet, the verdict, and
 * what of a damaged one may be restored. Values and pure functions only: no I/O, no clock, no logging, no servlet type.
 */
@NullMarked
package io.github.firmshake.handshake;

import org.jspecify.annotations.NullMarked;
