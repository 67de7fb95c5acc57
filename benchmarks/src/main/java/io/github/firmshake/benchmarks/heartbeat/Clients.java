package io.github.firmshake.benchmarks.heartbeat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** All sessions with one server, on one thread: whatever is measured, the client costs the same. */
final class Clients implements ClientSession.Events, AutoCloseable {

    /** What was measured: round trips in nanoseconds, sorted; how long it took; how many Pings the server sent. */
    record Pings(long[] roundTrips, long nanos, int fromServer) {

        double perSecond() {
            return roundTrips.length * 1e9 / nanos;
        }

        double micros(double quantile) {
            return roundTrips[(int) (quantile * (roundTrips.length - 1))] / 1e3;
        }
    }

    // An address has some 28,000 ports, and some of those wait a minute after each round.
    private static final int ADDRESSES = 8;
    private static final int HANDSHAKES_AT_ONCE = 64;
    private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

    private final List<ClientSession> sessions = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);
    private int open;
    private int closed;
    private int pings;

    private long[] roundTrips = {};
    private int sent;
    private int answered;
    private long start;
    private long nanos; // for which pings are sent
    private int next;

    Clients() throws IOException {}

    /** Opens sessions, a few at a time. */
    void open(Variant variant, int port, int count) throws IOException {
        long deadline = System.nanoTime() + PATIENCE;
        InetSocketAddress to = new InetSocketAddress("127.0.0.1", port);
        while (open < count) {
            while (sessions.size() < count && sessions.size() - open < HANDSHAKES_AT_ONCE) {
                ClientSession session = new ClientSession(variant, sessions.size(), this);
                sessions.add(session);
                int address = 2 + sessions.size() % ADDRESSES;
                session.connect(new InetSocketAddress("127.0.0." + address, 0), to, selector);
            }
            turn(deadline, "the handshake");
        }
    }

    /**
     * Sends pings and waits for their answers, a fixed number of them under way at any time, each on the session that has
     * waited for its turn longest. Ends early where a heartbeat would have had enough: 10 pings at once and 2 a second
     * are what a session may send.
     */
    Pings ping(Duration time, int underWay) throws IOException {
        start = System.nanoTime();
        nanos = time.toNanos();
        roundTrips = new long[(int) allowed(nanos) + 1];
        sent = 0;
        answered = 0;
        int before = pings;
        for (int i = 0; i < underWay; i++) {
            pingNext(start);
        }
        while (answered < sent) {
            turn(start + nanos + PATIENCE, "an answer");
        }
        long took = System.nanoTime() - start;
        return new Pings(Arrays.stream(roundTrips, 0, answered).sorted().toArray(), took, pings - before);
    }

    // Of the burst two are left over: our clock is not the server's.
    private double allowed(long elapsed) {
        return sessions.size() * (8 + 2e-9 * elapsed);
    }

    private void pingNext(long now) throws IOException {
        if (now - start >= nanos) {
            return;
        }
        if (sent >= (int) allowed(now - start)) {
            nanos = 0;
            return;
        }
        ClientSession session = sessions.get(next++ % sessions.size());
        while (session.isWaiting()) {
            session = sessions.get(next++ % sessions.size());
        }
        sent++;
        session.ping(next, now);
    }

    @Override
    public void opened() {
        open++;
    }

    @Override
    public void answered(ClientSession session) throws IOException {
        long now = System.nanoTime();
        roundTrips[answered++] = now - session.sent();
        pingNext(now);
    }

    @Override
    public void pinged() {
        pings++;
    }

    @Override
    public void closed() {
        closed++;
    }

    private void turn(long deadline, String awaited) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new LoadFailure(awaited + " did not come within " + PATIENCE / 1_000_000_000 + " seconds");
        }
        selector.select(this::ready, 1_000);
    }

    private void ready(SelectionKey key) {
        ClientSession session = (ClientSession) key.attachment();
        try {
            if (key.isConnectable()) {
                session.connected(key);
            } else {
                session.read(buffer);
            }
        } catch (IOException e) {
            throw session.failure("failed: " + e);
        }
    }

    /** Answers the server's Pings until something else is done. */
    <T> T attend(Callable<T> task) throws IOException {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future, "attended");
        thread.setDaemon(true);
        thread.start();
        while (!future.isDone()) {
            selector.select(this::ready, 20);
        }
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Leaves properly: every session says goodbye, and is answered and closed by the server. */
    void leave() throws IOException {
        for (ClientSession session : sessions) {
            session.goodbye();
        }
        long deadline = System.nanoTime() + PATIENCE;
        while (closed < sessions.size()) {
            turn(deadline, "the Close");
        }
    }

    /** Ends whatever is open still. */
    @Override
    public void close() throws IOException {
        for (ClientSession session : sessions) {
            session.abort();
        }
        selector.close();
    }
}
