package io.github.firmshake.filter;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes a connection over for the dedicated endpoint. Made by the container; of no use to applications. */
public final class HeartbeatUpgrade implements HttpUpgradeHandler {

    private @Nullable ServletHeartbeat endpoint;
    private @Nullable Object application;
    private @Nullable HeartbeatSession session;

    /** Created by the container. */
    public HeartbeatUpgrade() {}

    /** Called right after the upgrade; the container calls {@link #init} later, when the 101 is out. */
    void belongTo(ServletHeartbeat owner, Object openedIn) {
        endpoint = owner;
        application = openedIn;
    }

    @Override
    public void init(WebConnection connection) {
        try {
            if (endpoint != null && application != null) {
                session = new HeartbeatSession(
                        endpoint, application, connection.getInputStream(), connection.getOutputStream());
                session.open();
            }
        } catch (IOException | RuntimeException e) {
            destroy(); // the client left before we were asked
        }
    }

    @Override
    public void destroy() {
        if (session != null) {
            session.drop();
        }
    }
}
