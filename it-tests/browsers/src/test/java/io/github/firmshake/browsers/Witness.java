package io.github.firmshake.browsers;

import java.time.Duration;
import java.util.List;

/** Somebody who tells what happened, and when. */
interface Witness {

    Duration PATIENCE = Duration.ofMinutes(2);

    /** All that happened, in order. */
    List<Event> events();

    /** Waits for something that happens, or has happened, at this time or later. */
    default Event await(String what, long since) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (Event event : since(since)) {
                if (event.what().equals(what)) {
                    return event;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no \"" + what + "\" within " + PATIENCE + " in " + events());
    }

    /** What happened at this time or later. */
    default List<Event> since(long since) {
        return events().stream().filter(event -> event.at() >= since).toList();
    }

    /** The same without the times. */
    default List<String> whatSince(long since) {
        return since(since).stream().map(Event::what).toList();
    }
}
