package io.github.firmshake.filter;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Takes a connection over for the dedicated endpoint. Made by the container; of no use to applications. */
public final class HeartbeatUpgrade implements HttpUpgradeHandler {

    private @Nullable ServletHeartbeat endpoint;
    private @Nullable String peer;
    private @Nullable Object application;
    private @Nullable BooleanSupplier stopped;
    private @Nullable HeartbeatSession session;
    private @Nullable WebConnection connection;

    /** Created by the container. */
    public HeartbeatUpgrade() {}

    /** Called right after the upgrade; the container calls {@link #init} later, when the 101 is out. */
    void belongTo(ServletHeartbeat owner, @Nullable String openedBy, Object openedIn, BooleanSupplier hasStopped) {
        endpoint = owner;
        peer = openedBy;
        application = openedIn;
        stopped = hasStopped;
    }

    @Override
    public void init(WebConnection upgraded) {
        connection = upgraded;
        try {
            if (endpoint != null && application != null && stopped != null) {
                session = new HeartbeatSession(
                        endpoint, peer, application, upgraded.getInputStream(), upgraded.getOutputStream());
                session.open(stopped.getAsBoolean()); // asked when the session can be found already
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
        // Beyond its streams, which are closed: Tomcat keeps count of upgraded connections, for ever if not told here.
        WebConnection last = connection;
        connection = null;
        try {
            if (last != null) {
                last.close();
            }
        } catch (Exception e) {
            // Lost already.
        }
    }
}
