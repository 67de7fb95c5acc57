package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Guard;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;

/** A request that tells the heartbeat what took its connection over. */
final class WatchedRequest extends HttpServletRequestWrapper {

    private final ServletHeartbeat heartbeat;
    private final Guard guard;

    WatchedRequest(HttpServletRequest request, ServletHeartbeat heartbeat, Guard guard) {
        super(request);
        this.heartbeat = heartbeat;
        this.guard = guard;
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> type) throws IOException, ServletException {
        T handler = super.upgrade(type);
        guard.run(() -> heartbeat.watch(this, handler), ServletHandshakes.UNWATCHED);
        return handler;
    }
}
