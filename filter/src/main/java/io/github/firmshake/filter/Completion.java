package io.github.firmshake.filter;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Runs something once when an asynchronous request ends. */
record Completion(Runnable action) implements AsyncListener {

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
