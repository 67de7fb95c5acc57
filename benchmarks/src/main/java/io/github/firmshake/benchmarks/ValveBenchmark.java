package io.github.firmshake.benchmarks;

import io.github.firmshake.tomcat.FirmshakeValve;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.HealthCheckValve;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;
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

/** What a request that is no handshake pays in the valve, beside one that does nothing and two of Tomcat's own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ValveBenchmark {

    /** The valve measured. */
    @Param({"nothing", "Firmshake", "HealthCheckValve", "RemoteIpValve"})
    public String valve;

    private Valve measured;
    private LiveTomcatRequest live;

    /** Parses the request and starts the valve. */
    @Setup
    public void start(Blackhole blackhole) throws Exception {
        measured = switch (valve) {
            case "Firmshake" -> new FirmshakeValve();
            case "HealthCheckValve" -> new HealthCheckValve();
            case "RemoteIpValve" -> new RemoteIpValve();
            default -> new Nothing();
        };
        live = new LiveTomcatRequest(PassThroughBenchmark.PAGE, measured, blackhole);
    }

    /** Answers the request and stops the server. */
    @TearDown
    public void stop() throws Exception {
        live.end();
    }

    /** One request through one valve. */
    @Benchmark
    public void pass() throws IOException, ServletException {
        measured.invoke(live.request(), live.response());
    }

    private static final class Nothing extends ValveBase {

        private Nothing() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
        }
    }
}
