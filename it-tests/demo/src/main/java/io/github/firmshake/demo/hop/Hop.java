package io.github.firmshake.demo.hop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A proxy on a port of its own, on loopback: real sockets, one request a connection, WebSocket included. Started by
 * {@link #start}; {@link #close} ends it and every connection through it.
 */
public final class Hop implements AutoCloseable {

    /** Two threads serve one open WebSocket, so 64 of them at a time. */
    private static final int MOST_THREADS = 128;

    private final ServerSocket listener;
    private final InetSocketAddress application;
    private final Behaviour behaviour;
    private final Cable cable;
    private final OwnPages pages;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Hop(
            ServerSocket listener, InetSocketAddress application, Behaviour behaviour, Cable cable, OwnPages pages) {
        this.listener = listener;
        this.application = application;
        this.behaviour = behaviour;
        this.cable = cable;
        this.pages = pages;
        this.threads = new ThreadPoolExecutor(
                0,
                MOST_THREADS,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new Thread(task, "hop-" + listener.getLocalPort()));
    }

    /** Starts one whose cable nobody cuts. */
    public static Hop start(ServerSocket listener, int applicationPort, Behaviour behaviour) {
        return start(listener, applicationPort, behaviour, new Cable(), OwnPages.NONE);
    }

    /**
     * Starts one.
     *
     * @param listener bound already; the hop closes it
     * @param applicationPort the port on loopback that requests go on to
     * @param behaviour what happens to them on the way
     * @param cable on the far side of the hop, between it and the application
     * @param pages what the hop answers itself
     */
    public static Hop start(
            ServerSocket listener, int applicationPort, Behaviour behaviour, Cable cable, OwnPages pages) {
        InetSocketAddress application = new InetSocketAddress("127.0.0.1", applicationPort);
        Hop hop = new Hop(listener, application, behaviour, cable, pages);
        new Thread(hop::accept, "hop-accept-" + hop.port()).start();
        return hop;
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException closed) {
                // By close(), or one connection was gone before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try {
            threads.execute(new HopConnection(this, client));
        } catch (RejectedExecutionException full) {
            forget(client);
        }
    }

    /** Hands the second half of a tunnel to a thread. */
    void run(Runnable task) {
        threads.execute(task);
    }

    Head change(Head request) {
        return behaviour.apply(request);
    }

    Cable cable() {
        return cable;
    }

    Optional<String> answer(Head request) {
        String[] line = request.startLine().split(" ");
        return line.length == 3 ? pages.answer(line[0], line[1]) : Optional.empty();
    }

    Socket connect() throws IOException {
        Socket server = new Socket();
        open.add(server);
        try {
            server.connect(application, 5_000);
            return server;
        } catch (IOException e) {
            forget(server);
            throw e;
        }
    }

    void forget(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
        threads.shutdown();
        open.forEach(this::forget);
    }
}
