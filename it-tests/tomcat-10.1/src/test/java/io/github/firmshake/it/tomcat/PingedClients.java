package io.github.firmshake.it.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Many clients on one thread of their own: each answers every Ping at once, and keeps when the last one came. */
final class PingedClients implements AutoCloseable {

    private static final int PING = 0x89;

    /** One client. */
    private static final class Client {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(1024);
        private volatile long pingedAt;
        private volatile boolean closed;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void open(String handshake) throws IOException {
            channel.write(ByteBuffer.wrap(handshake.getBytes(StandardCharsets.ISO_8859_1)));
            String head = "";
            while (!head.contains("\r\n\r\n")) {
                assertThat(channel.read(in)).as("bytes of a 101").isPositive();
                head = StandardCharsets.ISO_8859_1.decode(in.duplicate().flip()).toString();
            }
            assertThat(head).startsWith("HTTP/1.1 101 ");
            in.flip().position(head.indexOf("\r\n\r\n") + 4);
            in.compact();
            answer(); // a Ping may have come with the 101, and no other comes before that is answered
            channel.configureBlocking(false);
        }

        void read() throws IOException {
            closed = channel.read(in) < 0;
            answer();
        }

        private void answer() throws IOException {
            in.flip();
            while (in.remaining() >= 2 && in.remaining() >= 2 + in.get(in.position() + 1)) {
                int first = in.get() & 0xff;
                byte[] payload = new byte[in.get()];
                in.get(payload);
                if (first == PING) {
                    pingedAt = System.nanoTime();
                    channel.write(ByteBuffer.wrap(Bytes.frame(0x8a, payload)));
                }
            }
            in.compact();
        }
    }

    private final List<Client> clients = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final Thread thread = new Thread(this::run, "pinged clients");

    private PingedClients() throws IOException {}

    /** Opens so many, each with the handshake of its number. */
    static PingedClients open(int port, int count, IntFunction<String> handshake) throws IOException {
        PingedClients all = new PingedClients();
        for (int i = 0; i < count; i++) {
            Client client = new Client(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
            all.clients.add(client);
            client.open(handshake.apply(i).replace("\n", "\r\n"));
            client.channel.register(all.selector, SelectionKey.OP_READ, client);
        }
        all.thread.start();
        return all;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> {
                    try {
                        Client client = (Client) key.attachment();
                        client.read();
                        if (client.closed) {
                            key.cancel();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (ClosedSelectorException e) {
            // The end of the test.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until each was pinged after one moment, or until another, and names those that were not. */
    List<String> awaitPings(long after, long until) throws InterruptedException {
        while (!left(after).isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(20);
        }
        return left(after);
    }

    private List<String> left(long after) {
        return IntStream.range(0, clients.size())
                .filter(i -> clients.get(i).pingedAt - after <= 0)
                .mapToObj(i -> i + " pinged " + (after - clients.get(i).pingedAt) / 1_000_000 + " ms before")
                .toList();
    }

    /** How many the server has closed. */
    long closed() {
        return clients.stream().filter(client -> client.closed).count();
    }

    @Override
    public void close() throws IOException {
        selector.close(); // which ends the thread
        for (Client client : clients) {
            client.channel.close();
        }
    }
}
