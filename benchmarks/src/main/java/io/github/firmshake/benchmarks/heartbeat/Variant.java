package io.github.firmshake.benchmarks.heartbeat;

/** What answers pings: a container's own echo endpoint, or Firmshake's heartbeat on that container. */
enum Variant {
    TOMCAT_OWN("tomcat-own", "/echo", false),
    TOMCAT_FILTER("tomcat-filter", "/firmshake/heartbeat", true),
    TOMCAT_VALVE("tomcat-valve", "/firmshake/heartbeat", true),
    JETTY_CORE("jetty-core", "/echo", false),
    JETTY_HANDLER("jetty-handler", "/firmshake/heartbeat", true);

    private final String label;
    private final String path;
    private final boolean heartbeat;

    Variant(String label, String path, boolean heartbeat) {
        this.label = label;
        this.path = path;
        this.heartbeat = heartbeat;
    }

    static Variant of(String label) {
        for (Variant variant : values()) {
            if (variant.label.equals(label)) {
                return variant;
            }
        }
        throw new IllegalArgumentException("no server \"" + label + "\"");
    }

    String label() {
        return label;
    }

    String path() {
        return path;
    }

    /** Whether it greets, answers pong to ping, limits pings, and sends Pings of its own. */
    boolean isHeartbeat() {
        return heartbeat;
    }

    /** The container's own endpoint. */
    Variant reference() {
        return ordinal() < JETTY_CORE.ordinal() ? TOMCAT_OWN : JETTY_CORE;
    }
}
