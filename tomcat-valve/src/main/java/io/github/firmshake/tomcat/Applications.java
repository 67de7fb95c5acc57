package io.github.firmshake.tomcat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;

/**
 * The applications in which a valve has opened sessions: the valve outlives them, and a session that stayed would keep an
 * undeployed application in memory. Thread-safe.
 */
final class Applications implements LifecycleListener {

    private final Set<Context> watched = ConcurrentHashMap.newKeySet();
    private final Consumer<Context> end;

    /**
     * Watches none yet.
     *
     * @param end told of each that has stopped
     */
    Applications(Consumer<Context> end) {
        this.end = end;
    }

    /** Watches an application from now on, until it stops. */
    void watch(Context application) {
        if (watched.add(application)) {
            application.addLifecycleListener(this);
            if (isStopped(application)) { // and will not say so again
                forget(application);
            }
        }
    }

    static boolean isStopped(Context application) {
        return !application.getState().isAvailable();
    }

    // After the stop: until then a handshake that was under way may open another session.
    @Override
    public void lifecycleEvent(LifecycleEvent event) {
        if (event.getType().equals(Lifecycle.AFTER_STOP_EVENT) && event.getLifecycle() instanceof Context application) {
            forget(application);
            end.accept(application);
        }
    }

    /** Watches none any more. */
    void forgetAll() {
        watched.forEach(this::forget);
    }

    private void forget(Context application) {
        watched.remove(application);
        application.removeLifecycleListener(this);
    }
}
