package io.github.firmshake.dist;

import java.nio.file.Path;

/** A Jetty distribution as its users unpack it. */
enum JettyDistribution {
    JETTY_12_0("tests.jetty-12.0"),
    JETTY_12_1("tests.jetty-12.1");

    private final String property;

    JettyDistribution(String property) {
        this.property = property;
    }

    /** What its users call JETTY_HOME. */
    Path home() {
        return Path.of(System.getProperty(property));
    }

    /** As it names itself, such as {@code Jetty 12.0.31}. */
    String serverInfo() {
        return "Jetty " + home().getFileName().toString().replaceFirst(".*-", "");
    }
}
