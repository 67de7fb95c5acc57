/** Firmshake in Jetty's core, in front of every kind of WebSocket that Jetty has, without touching an application. */
@NullMarked
package io.github.firmshake.jetty;

import org.jspecify.annotations.NullMarked;
