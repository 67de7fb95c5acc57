/** The handshake rules and their diagnosis, without I/O, clock, logging or servlet types. */
module io.github.firmshake.core {
    requires static transitive org.jspecify;
    requires static jdk.jfr;

    exports io.github.firmshake.diagnosis;
    exports io.github.firmshake.handshake;
    exports io.github.firmshake.heartbeat;
    exports io.github.firmshake.web;
}
