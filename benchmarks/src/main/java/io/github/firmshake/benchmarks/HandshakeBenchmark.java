package io.github.firmshake.benchmarks;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a handshake pays: the snapshot of its head, and all that is known of it afterwards. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HandshakeBenchmark {

    private final Settings settings = Settings.parse(Map.of());

    /** A valid handshake as Chromium sends it. */
    @Benchmark
    public Assessment valid() {
        return Assessment.of(head("HTTP/1.1", "Upgrade", "websocket"), false, settings);
    }

    /** The same behind a hop that speaks HTTP/1.0 and passes Upgrade on. */
    @Benchmark
    public Assessment repairable() {
        return Assessment.of(head("HTTP/1.0", "close", "websocket"), false, settings);
    }

    /** The snapshot alone. */
    @Benchmark
    public RequestHead snapshot() {
        return head("HTTP/1.1", "Upgrade", "websocket");
    }

    private static RequestHead head(String version, String connection, String upgrade) {
        return RequestHead.builder("GET", "/chat?token=1", version)
                .peer("10.0.0.7", false)
                .namesLoseCase()
                .field("host", "app.example.com")
                .field("connection", connection)
                .field("pragma", "no-cache")
                .field("cache-control", "no-cache")
                .field("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)")
                .field("upgrade", upgrade)
                .field("origin", "https://app.example.com")
                .field("sec-websocket-version", "13")
                .field("accept-encoding", "gzip, deflate, br, zstd")
                .field("accept-language", "en-US,en;q=0.9")
                .field("cookie", "session=0123456789abcdef0123456789abcdef")
                .field("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .field("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")
                .build();
    }
}
