package io.github.firmshake.demo;

/**
 * Where the demo listens.
 *
 * @param chat the application itself
 * @param fine the hop that passes everything on
 * @param strips the hop that strips Upgrade and Connection
 * @param downgrades the hop that falls back to HTTP/1.0
 */
record Ports(int chat, int fine, int strips, int downgrades) {

    /** Four in a row. */
    static Ports from(int first) {
        return new Ports(first, first + 1, first + 2, first + 3);
    }
}
