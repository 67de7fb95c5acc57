package io.github.firmshake.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The ratios of {@link WireBenchmark} where a machine has other work to do and JMH's seconds meet different moments: all
 * servers run at once and are asked in turn, and the medians of small blocks are compared.
 *
 * <pre>
 * java -cp benchmarks.jar io.github.firmshake.benchmarks.WireRatios [BLOCKS]
 * </pre>
 */
public final class WireRatios {

    // Each pair once more without Firmshake: how far from 1 that comes is what the method is worth.
    private static final List<String> LABELS =
            List.of("tomcat", "tomcat, again", "tomcat, valve", "jetty", "jetty, again", "jetty, handler");
    private static final int BLOCK = 50;
    private static final int WARM_UP = 100; // blocks: 5,000 requests compile what there is to compile

    private final Random random = new Random(1);
    private final List<WireBenchmark> servers = new ArrayList<>();

    private WireRatios() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int blocks = args.length == 0 ? 200 : Integer.parseInt(args[0]);
        WireRatios ratios = new WireRatios();
        try {
            for (String label : LABELS) {
                WireBenchmark server = new WireBenchmark();
                server.server = label;
                server.start();
                ratios.servers.add(server);
            }
            ratios.measure("page", WireBenchmark::page, blocks); // first: what is kept alive does not live for ever
            ratios.measure("handshake", WireBenchmark::handshake, blocks);
        } finally {
            for (WireBenchmark server : ratios.servers) {
                server.stop();
            }
        }
        System.exit(0); // whatever threads are left
    }

    private interface Operation {
        int run(WireBenchmark server) throws IOException;
    }

    private void measure(String name, Operation operation, int blocks) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            block(operation);
        }
        double[][] medians = new double[blocks][];
        for (int i = 0; i < blocks; i++) {
            medians[i] = block(operation);
        }
        for (int server = 0; server < LABELS.size(); server++) {
            int with = server;
            int own = LABELS.get(server).startsWith("tomcat") ? 0 : LABELS.indexOf("jetty");
            double perSecond = 1e9 / quantile(column(medians, block -> block[with]), 0.5);
            double[] ratios = column(medians, block -> block[own] / block[with]);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %-15s %6.0f/s, ratio %.3f (half of the blocks %.3f to %.3f)%n",
                    name,
                    LABELS.get(with),
                    perSecond,
                    quantile(ratios, 0.5),
                    quantile(ratios, 0.25),
                    quantile(ratios, 0.75));
        }
    }

    // One request to each server, over and over, in any order: each pays for what the one before left behind.
    private double[] block(Operation operation) throws IOException {
        double[][] times = new double[LABELS.size()][BLOCK];
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, LABELS.size()).boxed().toList());
        for (int i = 0; i < BLOCK; i++) {
            Collections.shuffle(order, random);
            for (int server : order) {
                long start = System.nanoTime();
                operation.run(servers.get(server));
                times[server][i] = System.nanoTime() - start;
            }
        }
        return Arrays.stream(times).mapToDouble(each -> quantile(each, 0.5)).toArray();
    }

    private interface Value {
        double of(double[] block);
    }

    private static double[] column(double[][] blocks, Value value) {
        return Arrays.stream(blocks).mapToDouble(value::of).toArray();
    }

    private static double quantile(double[] values, double quantile) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[(int) (quantile * (sorted.length - 1))];
    }
}
