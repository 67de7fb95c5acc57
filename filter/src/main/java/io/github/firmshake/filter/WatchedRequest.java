package io.github.firmshake.filter;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;

/** A request that tells the heartbeat what took its connection over. */
final class WatchedRequest extends HttpServletRequestWrapper {

    private final ServletHeartbeat heartbeat;

    WatchedRequest(HttpServletRequest request, ServletHeartbeat heartbeat) {
        super(request);
        this.heartbeat = heartbeat;
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> type) throws IOException, ServletException {
        T handler = super.upgrade(type);
        heartbeat.watch(this, handler);
        return handler;
    }
}
