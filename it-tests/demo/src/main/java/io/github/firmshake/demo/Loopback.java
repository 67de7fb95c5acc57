package io.github.firmshake.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/** Listening sockets on this machine alone. */
final class Loopback {

    static final String ADDRESS = "127.0.0.1";

    private Loopback() {}

    /** Binds the wanted port, or where it is in use any other, and says so. */
    static ServerSocket listen(int wanted, Consumer<String> say) throws IOException {
        try {
            return listen(wanted);
        } catch (BindException inUse) {
            ServerSocket other = listen(0);
            say.accept(taken(wanted, other.getLocalPort()));
            return other;
        }
    }

    /** Whether nobody listens on a port. */
    static boolean isFree(int port) throws IOException {
        try {
            listen(port).close();
            return true;
        } catch (BindException inUse) {
            return false;
        }
    }

    /** What is said where another port was taken. */
    static String taken(int wanted, int other) {
        return "port " + wanted + " is in use, taking " + other;
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(ADDRESS, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
