package io.github.firmshake.filter;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Runs something once when an asynchronous request ends. */
final class Completion implements AsyncListener {

    private final Runnable action;

    /** For WildFly, which wants to be able to create every AsyncListener that it finds in an application. */
    Completion() {
        this(() -> {});
    }

    Completion(Runnable action) {
        this.action = action;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // onComplete follows
    }

    @Override
    public void onError(AsyncEvent event) {
        // onComplete follows
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this); // a new cycle forgets its listeners
    }
}
