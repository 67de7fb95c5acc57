package io.github.firmshake.benchmarks.heartbeat;

import io.github.firmshake.benchmarks.heartbeat.ServerProcess.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All results as tables in Markdown. */
final class Report {

    private final Options options;
    private final Map<Variant, Memory> baselines = new EnumMap<>(Variant.class);
    private final Map<Variant, List<Result>> results = new EnumMap<>(Variant.class);

    Report(Options options) {
        this.options = options;
    }

    void baseline(Variant variant, Memory memory) {
        baselines.put(variant, memory);
    }

    void add(Variant variant, Result result) {
        results.computeIfAbsent(variant, none -> new ArrayList<>()).add(result);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\n" + options + "; median (lowest to highest)\n\n");
        text.append("| server | heap KB/session | after pings | direct | pings/s | p50 ms | p99 ms | CPU µs/ping |\n");
        text.append("|---|---|---|---|---|---|---|---|\n");
        results.forEach((variant, all) -> {
            text.append("| ").append(variant.label());
            cell(
                    text,
                    "%.2f",
                    all,
                    result -> perSession(
                            result.opened().heap() - baselines.get(variant).heap()));
            cell(
                    text,
                    "%.2f",
                    all,
                    result -> perSession(
                            result.used().heap() - baselines.get(variant).heap()));
            cell(
                    text,
                    "%.2f",
                    all,
                    result -> perSession(
                            result.used().direct() - baselines.get(variant).direct()));
            cell(text, "%.0f", all, Result::perSecond);
            cell(text, "%.2f", all, result -> result.median() / 1e3);
            cell(text, "%.2f", all, result -> result.p99() / 1e3);
            cell(text, "%.1f", all, Result::cpu);
            text.append(" |\n");
        });
        text.append("\n| Firmshake : the container's own, round by round | pings/s | p99 | CPU/ping |\n");
        text.append("|---|---|---|---|\n");
        results.forEach((variant, all) -> {
            List<Result> own = results.get(variant.reference());
            if (variant.isHeartbeat() && own != null) {
                text.append("| ")
                        .append(variant.label())
                        .append(" : ")
                        .append(variant.reference().label());
                ratio(text, all, own, Result::perSecond);
                ratio(text, all, own, Result::p99);
                ratio(text, all, own, Result::cpu);
                text.append(" |\n");
            }
        });
        return text.toString();
    }

    // KB as everybody who counts heap has them.
    private double perSession(long bytes) {
        return bytes / 1024.0 / options.sessions();
    }

    private static void cell(StringBuilder text, String format, List<Result> all, ToDoubleFunction<Result> value) {
        spread(text, format, all.stream().mapToDouble(value).toArray());
    }

    private static void ratio(StringBuilder text, List<Result> a, List<Result> b, ToDoubleFunction<Result> value) {
        spread(
                text,
                "%.2f",
                IntStream.range(0, a.size())
                        .mapToDouble(i -> value.applyAsDouble(a.get(i)) / value.applyAsDouble(b.get(i)))
                        .toArray());
    }

    private static void spread(StringBuilder text, String format, double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int last = sorted.length - 1;
        double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
        text.append(" | ").append(format(format, median));
        text.append(" (").append(format(format, sorted[0]));
        text.append(" to ").append(format(format, sorted[last])).append(')');
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
