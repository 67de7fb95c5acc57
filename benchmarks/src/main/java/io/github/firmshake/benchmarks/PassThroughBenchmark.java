package io.github.firmshake.benchmarks;

import io.github.firmshake.filter.FirmshakeFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.filters.CorsFilter;
import org.apache.catalina.filters.HttpHeaderSecurityFilter;
import org.apache.catalina.filters.RemoteIpFilter;
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

/**
 * What a request that is no handshake pays, beside a filter that does nothing and three of Tomcat's own. The request is
 * one that a browser sends for an ordinary page.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PassThroughBenchmark {

    static final String PAGE = """
            GET /orders/4711 HTTP/1.1
            Host: app.example.com
            Connection: keep-alive
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: http://app.example.com/orders
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9

            """;

    /** The filter measured. */
    @Param({"nothing", "Firmshake", "CorsFilter", "HttpHeaderSecurityFilter", "RemoteIpFilter"})
    public String filter;

    private Filter measured;
    private LiveRequest live;
    private FilterChain chain;

    /** Parses the request and initializes the filter. */
    @Setup
    public void start(Blackhole blackhole) throws Exception {
        measured = switch (filter) {
            case "Firmshake" -> new FirmshakeFilter();
            case "CorsFilter" -> new CorsFilter();
            case "HttpHeaderSecurityFilter" -> new HttpHeaderSecurityFilter();
            case "RemoteIpFilter" -> new RemoteIpFilter();
            default -> (request, response, rest) -> rest.doFilter(request, response);
        };
        live = new LiveRequest(PAGE, measured);
        chain = (request, response) -> blackhole.consume(request);
    }

    /** Answers the request and stops the server. */
    @TearDown
    public void stop() throws Exception {
        live.end();
    }

    /** One request through one filter. */
    @Benchmark
    public void pass() throws IOException, ServletException {
        measured.doFilter(live.request(), live.response(), chain);
    }
}
