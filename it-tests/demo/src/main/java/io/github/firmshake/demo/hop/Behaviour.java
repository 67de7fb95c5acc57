package io.github.firmshake.demo.hop;

import java.util.Locale;

/** What a hop does to the head of every request that passes through it. */
public enum Behaviour {

    /** Passes everything on as it came. */
    FINE {
        @Override
        Head apply(Head request) {
            return request;
        }
    },

    /** Drops Upgrade and Connection, as a relay does that was told nothing of WebSocket (RFC 9110 7.6.1). */
    STRIPS {
        @Override
        Head apply(Head request) {
            return request.without("Upgrade").without("Connection");
        }
    },

    /**
     * Does what a hyper client does on a pooled connection whose server last answered HTTP/1.0: it speaks HTTP/1.0 and
     * replaces Connection, yet keeps Upgrade (hyperium/hyper#3588).
     */
    DOWNGRADES {
        @Override
        Head apply(Head request) {
            Head http10 = request.withStartLine(request.startLine().replaceFirst(" HTTP/1\\.1$", " HTTP/1.0"))
                    .mapFields(Behaviour::lowerCaseName);
            return http10.has("connection")
                    ? http10.mapFields(field -> Head.isNamed(field, "connection") ? "connection: keep-alive" : field)
                    : http10.with("connection: keep-alive");
        }
    };

    abstract Head apply(Head request);

    private static String lowerCaseName(String field) {
        int colon = Math.max(field.indexOf(':'), 0);
        return field.substring(0, colon).toLowerCase(Locale.ROOT) + field.substring(colon);
    }
}
