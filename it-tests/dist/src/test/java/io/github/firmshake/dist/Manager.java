package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tomcat's own Manager, as its user {@code user} with the password {@code password} asks it. */
final class Manager {

    private static final String USER =
            "<user username=\"user\" password=\"password\" roles=\"manager-jmx,manager-script\"/>";

    private Manager() {}

    /** Installs it, and that user. */
    static TomcatBase install(TomcatBase base) throws IOException {
        return base.application("manager").insert("conf/tomcat-users.xml", "</tomcat-users>", USER);
    }

    /** Runs a command, and returns what it says. */
    static String run(RunningTomcat tomcat, String command) throws IOException {
        String credentials = Base64.getEncoder().encodeToString("user:password".getBytes(StandardCharsets.US_ASCII));
        Response answer = tomcat.exchange(
                "GET /manager/text/" + command + " HTTP/1.0\nHost: localhost\nAuthorization: Basic " + credentials);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    /** Nothing holds an application that is gone. */
    static void assertNothingLeaks(RunningTomcat tomcat) throws IOException, InterruptedException {
        // The last thread that worked for a connection lets go of it after the client has seen it closed.
        String found = run(tomcat, "findleaks?statusLine=true");
        long end = System.nanoTime() + RunningServer.PATIENCE.toNanos();
        while (!found.startsWith("OK - No memory leaks found") && System.nanoTime() < end) {
            Thread.sleep(100);
            found = run(tomcat, "findleaks?statusLine=true");
        }
        assertThat(found).isEqualTo("OK - No memory leaks found\n");
    }
}
