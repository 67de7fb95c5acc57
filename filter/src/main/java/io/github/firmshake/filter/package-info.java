/** Firmshake as a portable Jakarta Servlet filter, for applications on any container. */
@NullMarked
package io.github.firmshake.filter;

import org.jspecify.annotations.NullMarked;
