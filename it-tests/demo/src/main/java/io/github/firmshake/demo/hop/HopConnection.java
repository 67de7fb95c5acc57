package io.github.firmshake.demo.hop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * One connection of a client to a hop: one request and its answer, then a tunnel if the answer is 101, else the end. A
 * client that would have kept the connection is told by {@code Connection: close} that it may not.
 */
final class HopConnection implements Runnable {

    private static final int IDLE_MILLIS = 30_000;

    private final Hop hop;
    private final Socket client;

    HopConnection(Hop hop, Socket client) {
        this.hop = hop;
        this.client = client;
    }

    @Override
    public void run() {
        try {
            client.setSoTimeout(IDLE_MILLIS);
            client.setTcpNoDelay(true);
            serve(new BufferedInputStream(client.getInputStream()));
        } catch (IOException | RejectedExecutionException ended) {
            // The client left, the application did, or the demo ends: nothing is left to do but to close.
        } finally {
            hop.forget(client);
        }
    }

    private void serve(InputStream in) throws IOException {
        Head request;
        try {
            request = Head.read(in);
        } catch (Head.TooLargeException e) {
            refuse(in, "431 Request Header Fields Too Large", "the head is larger than " + Head.MOST_BYTES + " bytes");
            return;
        }
        if (request == null) { // browsers open connections ahead of need
            return;
        }
        Optional<String> own = hop.answer(request);
        if (own.isPresent()) {
            answer(in, "200 OK", "application/json", own.get());
            return;
        }
        if (hop.cable().isCut() && swallowed(request, in)) {
            return;
        }
        if (request.has("Transfer-Encoding")) {
            refuse(in, "411 Length Required", "this hop passes on bodies with a Content-Length only");
            return;
        }
        Socket application;
        try {
            application = hop.connect();
        } catch (IOException e) {
            refuse(in, "502 Bad Gateway", "the application does not answer: " + e.getMessage());
            return;
        }
        try {
            application.setSoTimeout(IDLE_MILLIS);
            application.setTcpNoDelay(true);
            exchange(request, in, application);
        } finally {
            hop.forget(application);
        }
    }

    private boolean swallowed(Head request, InputStream rest) throws IOException {
        client.setSoTimeout(0);
        boolean swallowed = hop.cable().swallow(request.bytes().length, rest, () -> hop.forget(client));
        client.setSoTimeout(IDLE_MILLIS);
        return swallowed;
    }

    private void exchange(Head request, InputStream in, Socket application) throws IOException {
        application.getOutputStream().write(hop.change(request).bytes());
        passBody(request.value("Content-Length"), in, application);
        InputStream answers = new BufferedInputStream(application.getInputStream());
        Head answer = Head.read(answers);
        while (answer != null && answer.status() / 100 == 1 && answer.status() != 101) { // RFC 9110 15.2
            send(answer);
            answer = Head.read(answers);
        }
        if (answer == null) {
            refuse(in, "502 Bad Gateway", "the application closed the connection without an answer");
        } else if (answer.status() == 101) {
            Tunnel tunnel = new Tunnel(hop, client, in, application, answers);
            CompletableFuture<Void> upward = tunnel.upward();
            send(answer);
            tunnel.downward();
            upward.join();
        } else {
            application.shutdownOutput(); // it closes once it has answered: so the end of the body is the end of stream
            send(lastOnItsConnection(answer));
            hop.cable().carry(answers, client.getOutputStream(), () -> false);
            waitForClient(in);
        }
    }

    private static void passBody(String length, InputStream in, Socket application) throws IOException {
        if (length.matches("\\d{1,9}")) {
            byte[] buffer = new byte[8192];
            int left = Integer.parseInt(length);
            for (int got; left > 0 && (got = in.read(buffer, 0, Math.min(left, buffer.length))) >= 0; left -= got) {
                application.getOutputStream().write(buffer, 0, got);
            }
        }
    }

    private static Head lastOnItsConnection(Head answer) {
        boolean closes = answer.value("Connection").matches("(?i)(.*,)?\\s*close\\s*(,.*)?");
        Head closing = answer.without("Connection").without("Keep-Alive").with("Connection: close");
        return closes ? answer : closing;
    }

    private void refuse(InputStream in, String status, String text) throws IOException {
        answer(in, status, "text/plain; charset=utf-8", text + "\n");
    }

    private void answer(InputStream in, String status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        send(new Head(
                "HTTP/1.1 " + status,
                List.of(
                        "Content-Type: " + type,
                        "Content-Length: " + body.length,
                        "Cache-Control: no-store",
                        "Connection: close")));
        client.getOutputStream().write(body);
        waitForClient(in);
    }

    private void send(Head head) throws IOException {
        client.getOutputStream().write(head.bytes());
    }

    /** Lets the client read to the end before the socket closes: unread bytes would turn the close into a reset. */
    private void waitForClient(InputStream in) throws IOException {
        client.shutdownOutput();
        client.setSoTimeout(1_000);
        byte[] ignored = new byte[8192];
        for (int reads = 0; reads < 1_000 && in.read(ignored) >= 0; reads++) {}
    }
}
