package io.github.firmshake.browsers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.RequiredTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/**
 * A client, a router and a server, each in a network namespace. The router can drop everything between the two without a
 * word, as if a machine further on had lost its cable: nobody's link goes down, and nobody gets an ICMP message.
 */
final class Network implements AutoCloseable {

    private static final Pattern LAST_RECEIVED = Pattern.compile(" lastrcv:(\\d+)");

    static final String SERVER_ADDRESS = "10.78.0.2";

    private final String ip;
    private final String nft;
    // No other run has these names, so what a killed one has left is in nobody's way.
    private final String run = "firmshake-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final String client = run + "-client";
    private final String router = run + "-router";
    private final String server = run + "-server";
    private final Thread hook = new Thread(this::remove);

    private Network(Path ip, Path nft) {
        this.ip = ip.toString();
        this.nft = nft.toString();
    }

    /** Makes one; fails the test that asks where that is not allowed. */
    static Network create(Class<?> test) throws Exception {
        Network network = new Network(RequiredTool.need("ip", test), RequiredTool.need("nft", test));
        Runtime.getRuntime().addShutdownHook(network.hook);
        try {
            network.make();
            return network;
        } catch (IOException e) {
            network.close();
            return Assertions.fail(
                    "network namespaces cannot be made here, which takes root and a machine that lets root do it"
                            + " (-pl '!it-tests/browsers' leaves these tests out): "
                            + e.getMessage());
        }
    }

    private void make() throws IOException, InterruptedException {
        for (String name : List.of(client, router, server)) {
            Command.run(ip, "netns", "add", name);
            Command.run(ip, "-n", name, "link", "set", "lo", "up");
        }
        connect(client, "client", "10.77.0");
        connect(server, "server", "10.78.0");
        // Not a default route: what browsers ask of the rest of the world fails at once.
        Command.run(ip, "-n", client, "route", "add", "10.78.0.0/24", "via", "10.77.0.1");
        Command.run(ip, "-n", server, "route", "add", "10.77.0.0/24", "via", "10.78.0.1");
        set(router, "ip_forward", 1);
        inRouter(nft, "add", "table", "inet", "cut");
        inRouter(nft, "add", "chain", "inet", "cut", "everything", "{ type filter hook forward priority 0; }");
    }

    private void connect(String end, String name, String subnet) throws IOException, InterruptedException {
        Command.run(ip, "-n", end, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", router);
        Command.run(ip, "-n", end, "address", "add", subnet + ".2/24", "dev", "eth0");
        Command.run(ip, "-n", end, "link", "set", "eth0", "up");
        Command.run(ip, "-n", router, "address", "add", subnet + ".1/24", "dev", name);
        Command.run(ip, "-n", router, "link", "set", name, "up");
    }

    /** From now on the router drops everything. */
    void cut() throws IOException, InterruptedException {
        inRouter(nft, "add", "rule", "inet", "cut", "everything", "drop");
    }

    /** From now on the router forwards everything. */
    void restore() throws IOException, InterruptedException {
        inRouter(nft, "flush", "chain", "inet", "cut", "everything");
    }

    /**
     * Waits until the server's kernel has given up the connections that it gets no answer on: the end of a long cut,
     * in a short one. Else the link comes back, and the kernel sends once more what says that the connection is over.
     */
    void awaitServerForgets() throws IOException, InterruptedException {
        long end = System.nanoTime() + Witness.PATIENCE.toNanos();
        while (unanswered().isEmpty()) { // the Close may be on its way down to the kernel
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
        set(server, "tcp_retries2", 1); // 15 in real life, which takes 15 minutes
        set(server, "tcp_orphan_retries", 1);
        while (!unanswered().isEmpty()) {
            unanswered().forEach(this::kill);
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
        set(server, "tcp_retries2", 15);
        set(server, "tcp_orphan_retries", 0);
    }

    // At once, where the kernel can. What it has sent several times already it may send again only after longer than a
    // browser's own keepalive waits.
    private void kill(String connection) {
        String peer = connection.strip().replaceFirst(".* ", "");
        try {
            Command.run(ip, "netns", "exec", server, "ss", "-Knt", "dst", peer);
        } catch (IOException e) {
            // The kernel gives it up by itself, a little later.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server's connections, as lines of ss, that wait for an acknowledgement. */
    private List<String> unanswered() throws IOException, InterruptedException {
        return connections(server)
                .filter(line -> !line.matches("ESTAB +\\d+ +0 .*"))
                .toList();
    }

    private Stream<String> connections(String namespace) throws IOException, InterruptedException {
        return Command.run(ip, "netns", "exec", namespace, "ss", "-Hnt").lines();
    }

    /** How long ago the server's kernel received the last that a client has sent, in milliseconds. */
    long silence() throws IOException, InterruptedException {
        return Command.run(ip, "netns", "exec", server, "ss", "-Hnti")
                .lines()
                .filter(line -> line.contains(" rto:"))
                .map(LAST_RECEIVED::matcher)
                .mapToLong(found -> found.find() ? Long.parseLong(found.group(1)) : 0) // ss leaves a zero out
                .min()
                .orElseThrow();
    }

    /**
     * Cuts while nothing of the client's is on its way: a Pong that got lost would be sent again when the link is back,
     * and a server that has forgotten the connection would answer that it is over.
     */
    void cutBetweenFrames() throws IOException, InterruptedException {
        long end = System.nanoTime() + Witness.PATIENCE.toNanos();
        cut();
        while (clientIsSending()) {
            restore();
            while (clientIsSending()) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            cut();
        }
    }

    // What was on its way has arrived by then, or is missed. What has arrived and is not read yet, such as a
    // Ping, is to be answered.
    private boolean clientIsSending() throws IOException, InterruptedException {
        Thread.sleep(200);
        return connections(client).anyMatch(line -> line.startsWith("ESTAB") && !line.matches("ESTAB +0 +0 .*"));
    }

    /** Prepares a program that is to run where the client is. */
    ProcessBuilder inClient(List<String> command) {
        return in(client, command);
    }

    /** Prepares a program that is to run where the server is. */
    ProcessBuilder inServer(List<String> command) {
        return in(server, command);
    }

    private ProcessBuilder in(String name, List<String> command) {
        List<String> all = new ArrayList<>(List.of(ip, "netns", "exec", name));
        all.addAll(command);
        return new ProcessBuilder(all);
    }

    private void inRouter(String... command) throws IOException, InterruptedException {
        Command.run(in(router, List.of(command)).command().toArray(String[]::new));
    }

    private void set(String name, String setting, int value) throws IOException, InterruptedException {
        String write = "echo " + value + " >/proc/sys/net/ipv4/" + setting;
        Command.run(ip, "netns", "exec", name, "sh", "-c", write);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        remove();
    }

    /** Ends what still runs where the client is: a part of a browser would go on writing into the browser's home. */
    void endClients() throws IOException, InterruptedException {
        end(client);
    }

    private void remove() {
        for (String name : List.of(client, server, router)) {
            try {
                end(name); // a namespace without a name lives on as long as somebody is in it
                Command.run(ip, "netns", "delete", name);
            } catch (IOException e) {
                // It was not made.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(String name) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 100; attempt++) {
            List<Long> left = Command.run(ip, "netns", "pids", name)
                    .lines()
                    .map(Long::valueOf)
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(50);
        }
    }
}
