package io.github.firmshake.demo;

import io.github.firmshake.demo.hop.Behaviour;
import io.github.firmshake.demo.hop.Cable;
import io.github.firmshake.demo.hop.Hop;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.LifecycleException;

/**
 * The demo: a chat, Firmshake's listener in front of it, and three hops beside it. Started by {@code mvn -q -Pdemo}; with
 * {@code -Dexec.args="--port 9000"} it takes 9000 to 9003 instead of 8080 to 8083.
 */
public final class Demo implements AutoCloseable {

    private static final int FIRST_PORT = 8080;

    private final Ports ports;
    private final List<AutoCloseable> running;

    private Demo(Ports ports, List<AutoCloseable> running) {
        this.ports = ports;
        this.running = running;
    }

    /** Runs until the process is asked to end. The only argument, {@code --port N}, is the first of four ports. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        try {
            Demo demo = start(Ports.from(firstPort(args)), out);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> demo.end(out), "demo-end"));
            out.print(Guide.text(demo.ports()));
        } catch (IllegalArgumentException | IOException | LifecycleException e) {
            out.println("The demo did not start: " + reason(e));
            System.exit(1);
        }
        Thread.currentThread().join(); // the hook above ends the rest
    }

    private static int firstPort(String[] args) {
        if (args.length == 0) {
            return FIRST_PORT;
        }
        if (args.length == 2 && args[0].equals("--port") && args[1].matches("\\d{4,5}")) {
            int port = Integer.parseInt(args[1]);
            if (port >= 1024 && port <= 65532) {
                return port;
            }
        }
        throw new IllegalArgumentException(
                "arguments are \"" + String.join(" ", args) + "\", expected none, or --port and 1024 to 65532");
    }

    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? failure.getMessage() : failure.getMessage() + ": " + root.getMessage();
    }

    /** Starts everything. A wanted port that is in use is replaced, and a line says so. */
    static Demo start(Ports wanted, PrintStream out) throws IOException, LifecycleException {
        ConsoleLog.install(out);
        List<AutoCloseable> running = new ArrayList<>();
        try {
            int chat = chat(wanted.chat(), out, running);
            Cable cable = new Cable();
            int fine = run(
                    Hop.start(listen(wanted.fine(), out), chat, Behaviour.FINE, cable, new CableSwitch(cable)),
                    running);
            int strips = run(Hop.start(listen(wanted.strips(), out), chat, Behaviour.STRIPS), running);
            int downgrades = run(Hop.start(listen(wanted.downgrades(), out), chat, Behaviour.DOWNGRADES), running);
            return new Demo(new Ports(chat, fine, strips, downgrades), running);
        } catch (IOException | LifecycleException e) {
            close(running);
            throw e;
        }
    }

    private static int chat(int wanted, PrintStream out, List<AutoCloseable> running)
            throws IOException, LifecycleException {
        boolean free = Loopback.isFree(wanted);
        ChatServer chat = ChatServer.start(free ? wanted : 0);
        running.add(chat);
        if (!free) {
            out.println(Loopback.taken(wanted, chat.port()));
        }
        return chat.port();
    }

    private static ServerSocket listen(int wanted, PrintStream out) throws IOException {
        return Loopback.listen(wanted, out::println);
    }

    private static int run(Hop hop, List<AutoCloseable> running) {
        running.add(hop); // after the chat, so that its goodbye still reaches every visitor
        return hop.port();
    }

    Ports ports() {
        return ports;
    }

    private void end(PrintStream out) {
        out.println();
        close();
        out.println("The demo has ended.");
    }

    @Override
    public void close() {
        close(running);
    }

    private static void close(List<AutoCloseable> parts) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                // What is left ends with the process.
            }
        }
    }
}
