package io.github.firmshake.browsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.firmshake.heartbeat.AcceptKey;
import io.github.firmshake.heartbeat.HeartbeatText;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of pages and WebSockets that also does what no container would: it breaks connections, and the rules of
 * frames. The path of a WebSocket names what it gets. It answers the heartbeat as an application does.
 */
final class RawServer implements AutoCloseable {

    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;
    private static final int FINAL = 0x80;

    private static final Map<String, String> TYPES = Map.of("html", "text/html", "js", "text/javascript");

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<Socket>> rooms = new ConcurrentHashMap<>();

    RawServer() throws IOException {
        workers.execute(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        workers.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                workers.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Connection(socket).serve();
        } catch (IOException | InterruptedException gone) {
            // the page closed it, or the test ends
        } finally {
            sockets.remove(socket);
            rooms.values().forEach(room -> room.remove(socket));
        }
    }

    private record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, UTF_8);
        }
    }

    private final class Connection {
        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private final Map<String, String> fields = new HashMap<>();
        private final Map<String, String> query = new HashMap<>();
        private String head = "";
        private String path = "";
        private int texts;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        void serve() throws IOException, InterruptedException {
            readHead();
            if (!fields.containsKey("sec-websocket-key")) {
                page();
                return;
            }
            if (refuses()) {
                return;
            }
            if (path.equals("slow")) {
                Thread.sleep(6000); // longer than the script waits
            }
            upgrade("101 Switching Protocols", AcceptKey.of(fields.get("sec-websocket-key")), subprotocol());
            if (greets()) {
                frames();
            }
        }

        private void readHead() throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.readUnsignedByte());
            }
            head = text.toString();
            String[] lines = head.split("\r\n");
            String[] target = lines[0].split(" ")[1].substring(1).split("\\?", 2);
            path = target[0];
            for (String pair : target.length == 2 ? target[1].split("&") : new String[0]) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], parts.length == 2 ? URLDecoder.decode(parts[1], UTF_8) : "");
            }
            for (int i = 1; i < lines.length; i++) {
                String[] parts = lines[i].split(":", 2);
                fields.put(parts[0].toLowerCase(), parts[1].strip());
            }
        }

        private void page() throws IOException {
            String name = path.equals("firmshake.js") ? "/io/github/firmshake/web/" + path : "/webapp/" + path;
            try (InputStream file = RawServer.class.getResourceAsStream(name)) {
                byte[] body = file == null ? new byte[0] : file.readAllBytes();
                String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/plain");
                write((file == null ? "HTTP/1.1 404 Not Found" : "HTTP/1.1 200 OK") + "\r\nContent-Type: " + type
                        + ";charset=UTF-8\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n");
                out.write(body);
            }
        }

        /** The handshakes that fail. */
        private boolean refuses() throws IOException {
            String accept = AcceptKey.of(fields.get("sec-websocket-key"));
            switch (path) {
                case "status" -> write("HTTP/1.1 " + query.get("code") + " Status\r\nContent-Length: 0\r\n\r\n");
                case "accept" -> upgrade("101 Switching Protocols", AcceptKey.of("another"), "");
                case "stranger" -> upgrade("101 Switching Protocols", accept, "Sec-WebSocket-Protocol: other\r\n");
                case "noupgrade" ->
                    write("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n");
                case "hangup" -> socket.close();
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void upgrade(String status, String accept, String more) throws IOException {
            write("HTTP/1.1 " + status + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + accept + "\r\n" + more + "\r\n");
        }

        private String subprotocol() {
            String offered = fields.get("sec-websocket-protocol");
            return offered == null ? "" : "Sec-WebSocket-Protocol: " + offered.split(",")[0].strip() + "\r\n";
        }

        /** Sends what comes right after the handshake. Returns whether the connection then goes on. */
        private boolean greets() throws IOException, InterruptedException {
            switch (path) {
                case "close" -> {
                    frame(FINAL | CLOSE, closing(query.get("code"), query.getOrDefault("reason", "")));
                    read();
                    return false;
                }
                case "drop" -> {
                    Thread.sleep(50); // the page is told that it is open
                    return false;
                }
                case "garbage" -> frame(FINAL | 0x3, new byte[0]);
                case "masked" -> out.write(new byte[] {(byte) (FINAL | TEXT), (byte) 0x81, 0, 0, 0, 0, 'x'});
                case "latin1" -> frame(FINAL | TEXT, "\u00e9".getBytes(ISO_8859_1));
                case "badclose" -> frame(FINAL | CLOSE, closing("1005", ""));
                case "fragments" -> {
                    frame(TEXT, "one ".getBytes(UTF_8));
                    frame(FINAL, "message".getBytes(UTF_8));
                }
                case "ping" -> frame(FINAL | PING, "from the server".getBytes(UTF_8));
                case "head" -> frame(FINAL | TEXT, head.getBytes(UTF_8));
                case "room" -> room().add(socket);
                default -> {}
            }
            return true;
        }

        private Set<Socket> room() {
            return rooms.computeIfAbsent(query.get("name"), name -> ConcurrentHashMap.newKeySet());
        }

        private void frames() throws IOException {
            for (Frame frame = read(); ; frame = read()) {
                switch (frame.opcode()) {
                    case TEXT -> text(frame);
                    case BINARY -> frame(FINAL | BINARY, frame.payload());
                    case PONG -> frame(FINAL | TEXT, "pong received".getBytes(UTF_8));
                    case CLOSE -> {
                        frame(FINAL | CLOSE, frame.payload());
                        return;
                    }
                    default -> throw new IOException("opcode " + frame.opcode());
                }
            }
        }

        private void text(Frame frame) throws IOException {
            texts++;
            String reply = HeartbeatText.replyTo(frame.text(), HeartbeatText.PREFIX);
            if (reply != null) {
                frame(FINAL | TEXT, reply.getBytes(UTF_8));
            } else if (path.equals("count")) {
                frame(FINAL | TEXT, Integer.toString(texts).getBytes(UTF_8));
            } else if (frame.text().equals("how many are here?")) {
                frame(FINAL | TEXT, Integer.toString(room().size()).getBytes(UTF_8));
            } else if (frame.text().equals("drop all")) {
                for (Socket member : room()) {
                    member.close();
                }
            } else {
                frame(FINAL | TEXT, frame.payload());
            }
        }

        private Frame read() throws IOException {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = Math.toIntExact(in.readLong());
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException();
            }
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            return new Frame(first & 0xf, payload);
        }

        private void frame(int first, byte[] payload) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(first);
            if (payload.length < 126) {
                bytes.write(payload.length);
            } else if (payload.length < 65536) {
                bytes.write(126);
                bytes.write(payload.length >> 8);
                bytes.write(payload.length);
            } else {
                bytes.write(127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    bytes.write((int) ((long) payload.length >> shift));
                }
            }
            bytes.writeBytes(payload);
            synchronized (out) {
                out.write(bytes.toByteArray());
            }
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(UTF_8));
        }
    }

    private static byte[] closing(String code, String reason) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        if (code != null) {
            payload.write(Integer.parseInt(code) >> 8);
            payload.write(Integer.parseInt(code));
            payload.writeBytes(reason.getBytes(UTF_8));
        }
        return payload.toByteArray();
    }
}
