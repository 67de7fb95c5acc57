package io.github.firmshake.demo.hop;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;

/**
 * Carries bytes both ways between two sockets until both directions have ended. The streams are the sockets' own, with
 * what was read ahead of the tunnel.
 */
final class Tunnel {

    private final Hop hop;
    private final Side client;
    private final Side application;

    Tunnel(Hop hop, Socket client, InputStream fromClient, Socket application, InputStream fromApplication) {
        this.hop = hop;
        this.client = new Side(client, fromClient);
        this.application = new Side(application, fromApplication);
    }

    private static final class Side {
        private final Socket socket;
        private final InputStream in;
        private volatile boolean leftUnheard;

        private Side(Socket socket, InputStream in) {
            this.socket = socket;
            this.in = in;
        }
    }

    /** Starts the way to the application on a thread of the hop. */
    CompletableFuture<Void> upward() throws SocketException {
        client.socket.setSoTimeout(0);
        application.socket.setSoTimeout(0);
        return CompletableFuture.runAsync(() -> pump(client, application), hop::run);
    }

    /** Serves the way back to the client on the calling thread. */
    void downward() {
        pump(application, client);
    }

    /** Copies until the end and passes the end on, so that the other direction may still finish. */
    private void pump(Side from, Side to) {
        try {
            hop.cable().carry(from.in, to.socket.getOutputStream(), () -> to.leftUnheard);
            if (hop.cable().isCut()) {
                from.leftUnheard = true;
            } else {
                to.socket.shutdownOutput();
            }
        } catch (IOException broken) {
            hop.forget(client.socket);
            hop.forget(application.socket);
        }
    }
}
