package io.github.firmshake.benchmarks.heartbeat;

/** A session that was closed, an answer that is wrong or missing: the figures of such a run are worth nothing. */
@SuppressWarnings("serial") // nobody serializes it
final class LoadFailure extends RuntimeException {

    LoadFailure(String message) {
        super(message);
    }
}
