package io.github.firmshake.benchmarks;

import io.github.firmshake.jetty.FirmshakeHandler;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.ThreadLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a request that is no handshake pays in the handler, beside one that does nothing and two of Jetty's own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HandlerBenchmark {

    /** The handler measured. */
    @Param({"nothing", "Firmshake", "CrossOriginHandler", "ThreadLimitHandler"})
    public String handler;

    private final CompletableFuture<Live> live = new CompletableFuture<>();
    private Server server;
    private Handler measured;
    private Live held;

    private record Live(Request request, Response response, Callback callback) {}

    /** Parses the request and starts the handler. */
    @Setup
    public void start(Blackhole blackhole) throws Exception {
        server = new Server();
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        Handler.Wrapper wrapper = switch (handler) {
            case "Firmshake" -> new FirmshakeHandler();
            case "CrossOriginHandler" -> crossOrigin();
            case "ThreadLimitHandler" -> new ThreadLimitHandler("X-Forwarded-For");
            default -> new Handler.Wrapper();
        };
        Handler sink = new Sink(blackhole);
        if (wrapper instanceof FirmshakeHandler firmshake) {
            server.setHandler(sink);
            FirmshakeHandler.install(server, firmshake);
        } else {
            wrapper.setHandler(sink);
            server.setHandler(wrapper);
        }
        measured = wrapper;
        server.start();
        connector.executeRequest(PassThroughBenchmark.PAGE.replace("\n", "\r\n"));
        held = live.get(10, TimeUnit.SECONDS);
    }

    private static CrossOriginHandler crossOrigin() {
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(Set.of("https://app\\.example\\.com"));
        return handler;
    }

    /** Answers the request and stops the server. */
    @TearDown
    public void stop() throws Exception {
        held.callback().succeeded();
        server.stop();
    }

    /** One request through one handler. */
    @Benchmark
    public boolean pass() throws Exception {
        return measured.handle(held.request(), held.response(), held.callback());
    }

    // Holds the first request that comes, and swallows it whenever it comes again.
    private final class Sink extends Handler.Abstract {

        private final Blackhole blackhole;

        private Sink(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (live.isDone()) {
                blackhole.consume(request);
            } else {
                live.complete(new Live(request, response, callback));
            }
            return true;
        }
    }
}
