/** Firmshake as a Tomcat valve, for an engine, a host or a context, without touching an application. */
@NullMarked
package io.github.firmshake.tomcat;

import org.jspecify.annotations.NullMarked;
