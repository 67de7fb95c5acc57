package io.github.firmshake.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A client that takes a 101 with one {@code Connection: Upgrade} and nothing beside it: the JDK's. */
public final class StrictClient {

    private StrictClient() {}

    /** Opens the echo endpoint's WebSocket through a hop that writes this version and Connection, and returns what is echoed. */
    static String echoThrough(int server, String version, String connection) throws Exception {
        return echoThrough(server, version, connection, "/ws");
    }

    /** The same at another path. */
    public static String echoThrough(int server, String version, String connection, String path) throws Exception {
        try (DamagingHop hop = new DamagingHop(server, version, connection)) {
            return echo(hop.port(), path);
        }
    }

    private static String echo(int port, String path) throws Exception {
        CompletableFuture<String> echo = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(60))
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        echo.complete(data.toString());
                        return null;
                    }

                    @Override
                    public void onError(WebSocket webSocket, Throwable error) {
                        echo.completeExceptionally(error);
                    }
                })
                .get(60, TimeUnit.SECONDS);
        try {
            socket.sendText("strict", true).get(60, TimeUnit.SECONDS);
            return echo.get(60, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
