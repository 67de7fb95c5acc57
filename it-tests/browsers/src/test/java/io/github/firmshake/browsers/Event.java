package io.github.firmshake.browsers;

/**
 * What one of the processes saw. They are on one machine, so their clocks are one.
 *
 * @param at milliseconds of the epoch
 * @param what its name, and what belongs to it
 */
record Event(long at, String what) {

    /** Reads a line that begins with the time. */
    static Event parse(String line) {
        String[] parts = line.split(" ", 2);
        return new Event(Long.parseLong(parts[0]), parts[1].strip());
    }
}
