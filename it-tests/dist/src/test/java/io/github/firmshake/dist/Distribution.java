package io.github.firmshake.dist;

import java.nio.file.Path;

/** A Tomcat distribution as its users unpack it. */
enum Distribution {
    TOMCAT_10_1("tests.tomcat-10.1"),
    TOMCAT_11("tests.tomcat-11");

    private final String property;

    Distribution(String property) {
        this.property = property;
    }

    /** What its users call CATALINA_HOME. */
    Path home() {
        return Path.of(System.getProperty(property));
    }

    /** As it names itself, such as {@code Apache Tomcat/10.1.59}. */
    String serverInfo() {
        return "Apache Tomcat/" + home().getFileName().toString().replaceFirst(".*-", "");
    }
}
