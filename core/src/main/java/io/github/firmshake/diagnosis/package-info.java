/**
 * From a request and the rules it breaks to the hop that probably did it and the setting that fixes it; the log line;
 * {@code explain}, the same on the command line.
 */
@NullMarked
package io.github.firmshake.diagnosis;

import org.jspecify.annotations.NullMarked;
