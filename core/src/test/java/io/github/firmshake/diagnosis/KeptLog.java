package io.github.firmshake.diagnosis;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** Keeps every line, those at DEBUG where asked to. */
final class KeptLog implements HandshakeLog {

    final List<String> lines = new ArrayList<>();
    boolean debug;

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.DEBUG || debug;
    }

    @Override
    public void log(Level level, String message) {
        lines.add(level + " " + message);
    }
}
