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
record Tunnel(Hop hop, Socket client, InputStream fromClient, Socket application, InputStream fromApplication) {

    /** Starts the way to the application on a thread of the hop. */
    CompletableFuture<Void> upward() throws SocketException {
        client.setSoTimeout(0);
        application.setSoTimeout(0);
        return CompletableFuture.runAsync(() -> pump(fromClient, application), hop::run);
    }

    /** Serves the way back to the client on the calling thread. */
    void downward() {
        pump(fromApplication, client);
    }

    /** Copies until the end and passes the end on, so that the other direction may still finish. */
    private void pump(InputStream from, Socket to) {
        try {
            from.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            hop.forget(client);
            hop.forget(application);
        }
    }
}
