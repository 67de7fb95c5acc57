/** What every adapter serves, as values: status, header fields, bytes. */
@NullMarked
package io.github.firmshake.web;

import org.jspecify.annotations.NullMarked;
