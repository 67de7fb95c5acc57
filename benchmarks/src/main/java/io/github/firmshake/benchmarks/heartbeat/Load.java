package io.github.firmshake.benchmarks.heartbeat;

import io.github.firmshake.benchmarks.heartbeat.Clients.Pings;
import io.github.firmshake.benchmarks.heartbeat.ServerProcess.Memory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many sessions on Firmshake's heartbeat and on the container's own echo endpoint, over loopback: what one costs in heap,
 * and how many pings a second are answered. Each server is a process of its own, the client is this one. Servers take
 * turns in every round, so that what else happens on the machine meets all alike. Ends with an exception, and with all
 * its processes, as soon as a session is closed or an answer is wrong or missing.
 *
 * <pre>
 * java -cp benchmarks.jar io.github.firmshake.benchmarks.heartbeat.Load [--sessions 10000] [--seconds 10] [--rounds 5]
 *     [--outstanding 64] [--servers tomcat-own,tomcat-filter,tomcat-valve,jetty-core,jetty-handler]
 * </pre>
 */
public final class Load {

    private Load() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        Options options = Options.parse(args);
        Thread limit = new Thread(() -> endAfter(options.limit()), "limit");
        limit.setDaemon(true);
        limit.start();
        Report report = new Report(options);
        List<ServerProcess> servers = new ArrayList<>();
        try {
            for (Variant variant : options.servers()) {
                servers.add(new ServerProcess(variant, options.sessions() + 1_000));
            }
            for (ServerProcess server : servers) {
                round(server, 100, 1, 1); // loads what stays
                report.baseline(server.variant(), server.memory());
                round(server, options.sessions(), options.seconds(), options.outstanding()); // has it compiled
            }
            for (int i = 1; i <= options.rounds(); i++) {
                for (ServerProcess server : servers) {
                    Result result = round(server, options.sessions(), options.seconds(), options.outstanding());
                    report.add(server.variant(), result);
                    System.out.println(i + " " + server.variant().label() + " " + result);
                }
            }
        } finally {
            for (ServerProcess server : servers) {
                server.close();
            }
        }
        System.out.println(report);
    }

    private static Result round(ServerProcess server, int sessions, int seconds, int outstanding) throws IOException {
        try (Clients clients = new Clients()) {
            clients.open(server.variant(), server.port(), sessions);
            Memory opened = clients.attend(server::memory);
            long before = server.cpu();
            Pings pings = clients.ping(Duration.ofSeconds(seconds), outstanding);
            long cpu = server.cpu() - before;
            Memory used = clients.attend(server::memory);
            clients.leave();
            return new Result(
                    opened,
                    used,
                    pings.perSecond(),
                    pings.micros(0.5),
                    pings.micros(0.99),
                    cpu / 1e3 / pings.roundTrips().length,
                    pings.fromServer());
        }
    }

    // Servers end with their standard input, so with this process.
    private static void endAfter(Duration limit) {
        try {
            Thread.sleep(limit.toMillis());
            System.err.println("not over after " + limit);
            Runtime.getRuntime().halt(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
