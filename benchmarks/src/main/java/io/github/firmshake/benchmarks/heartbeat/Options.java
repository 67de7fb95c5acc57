package io.github.firmshake.benchmarks.heartbeat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What the command line says.
 *
 * @param sessions on each server; every process may open 20,000 files on some machines
 * @param seconds of pings for each server in each round
 * @param rounds that count; one more comes before
 * @param outstanding pings under way at once
 * @param servers in this order
 */
record Options(int sessions, int seconds, int rounds, int outstanding, List<Variant> servers) {

    static Options parse(String... args) {
        Options options = new Options(10_000, 10, 5, 64, List.of(Variant.values()));
        if (args.length % 2 != 0) {
            throw new IllegalArgumentException("an option lacks its value");
        }
        for (int i = 0; i < args.length; i += 2) {
            options = options.with(args[i], args[i + 1]);
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--sessions" -> new Options(number(value, 100, 19_000), seconds, rounds, outstanding, servers);
            case "--seconds" -> new Options(sessions, number(value, 1, 60), rounds, outstanding, servers);
            case "--rounds" -> new Options(sessions, seconds, number(value, 1, 50), outstanding, servers);
            case "--outstanding" -> new Options(sessions, seconds, rounds, number(value, 1, 100), servers);
            case "--servers" -> new Options(sessions, seconds, rounds, outstanding, variants(value));
            default -> throw new IllegalArgumentException("no option " + name);
        };
    }

    private static int number(String text, int min, int max) {
        int number = Integer.parseInt(text);
        if (number < min || number > max) {
            throw new IllegalArgumentException(text + " is not between " + min + " and " + max);
        }
        return number;
    }

    private static List<Variant> variants(String labels) {
        return Arrays.stream(labels.split(",")).map(Variant::of).toList();
    }

    /** After this it has to be over. */
    Duration limit() {
        long rounds = servers.size() * (1L + this.rounds);
        return Duration.ofSeconds(60 + rounds * (60 + seconds));
    }

    @Override
    public String toString() {
        return sessions + " sessions, " + outstanding + " pings under way, " + rounds + " rounds of " + seconds
                + " s for each server";
    }
}
