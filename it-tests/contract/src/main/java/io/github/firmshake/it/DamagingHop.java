package io.github.firmshake.it;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy that rewrites the version and Connection of each request head on its way to a server, and passes everything
 * else, answers included, unchanged in both directions.
 */
final class DamagingHop implements AutoCloseable {

    private final ServerSocket listener;
    private final int server;
    private final String version;
    private final String connection;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();

    /**
     * Starts on a free port.
     *
     * @param server the port it forwards to
     * @param version the HTTP version it writes, such as {@code HTTP/1.0}
     * @param connection the Connection field it writes
     */
    DamagingHop(int server, String version, String connection) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.server = server;
        this.version = version;
        this.connection = connection;
        open.add(listener);
        start("hop " + version, this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Closeable socket : open) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket upstream = new Socket("127.0.0.1", server);
            open.addAll(List.of(client, upstream));
            InputStream in = new BufferedInputStream(client.getInputStream());
            upstream.getOutputStream().write(damaged(head(in)).getBytes(StandardCharsets.ISO_8859_1));
            start("hop up", () -> pump(in, upstream));
            start("hop down", () -> pump(upstream.getInputStream(), client));
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the client left within its request");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private String damaged(String head) {
        String damaged = head.replaceFirst("HTTP/1\\.1\r\n", version + "\r\n")
                .replaceFirst("(?i)\r\nconnection: [^\r]*", "\r\nConnection: " + connection);
        if (!damaged.contains(" " + version + "\r\n") || !damaged.contains("\r\nConnection: " + connection + "\r\n")) {
            throw new IllegalStateException("not damaged as intended: " + damaged);
        }
        return damaged;
    }

    private static void pump(InputStream from, Socket to) throws IOException {
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
        to.shutdownOutput();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // a socket was closed: the test is over, or notices
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
