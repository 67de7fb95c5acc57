package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field values that a hostile client writes: they cost no more than others, and no secret in them is printed. */
public abstract class FieldContract extends HandshakeContract {

    private static final String SECRET = "S3cr3t";

    private static final int NEAR_THE_LIMIT = 7600; // of 8192 bytes, which Tomcat and Jetty take of a head
    private static final int RUNS = 5;
    private static final int LENIENCE = 10;
    private static final long SHORTEST = 5_000_000;

    protected FieldContract(Container container) {
        super(container);
    }

    // The heartbeat's endpoint checks Origin under default settings.
    @Test
    final void aLongHostileOriginCostsWhatAPlainOneCosts() throws Exception {
        Server server = with();
        long plain = best(server, "a");
        assertThat(best(server, "/"))
                .as("nanoseconds, where a plain one takes %d", plain)
                .isLessThan(LENIENCE * Math.max(plain, SHORTEST));
    }

    private long best(Server server, String unit) throws IOException {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            String origin = "\nOrigin: " + unit.repeat(NEAR_THE_LIMIT) + "\nUpgrade";
            long start = System.nanoTime();
            Response response =
                    server.send(HANDSHAKE.replace("/ws", "/firmshake/heartbeat").replace("\nUpgrade", origin));
            best = Math.min(best, System.nanoTime() - start);
            assertThat(response.status()).isEqualTo(403);
            assertThat(server.nextEvent().violations())
                    .extracting("code")
                    .containsExactly(ReasonCode.ORIGIN_NOT_ALLOWED);
            assertThat(line()).startsWith("INFO ORIGIN_NOT_ALLOWED ");
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: app.example.com?S3cr3t",
                "Host: user:S3cr3t@app.example.com",
                "Host: app.example.com/S3cr3t",
                "Host: app.example.com;S3cr3t",
                "Origin: user:S3cr3t@app.example.com",
                "Origin: https://user:S3cr3t@app.example.com",
                "Origin: app.example.com#S3cr3t",
                "Origin: https://app.example.com/S3cr3t;a",
                "Origin: https://user:S3cr3t?@app.example.com",
                "X-Forwarded-Host: user:S3cr3t@app.example.com",
                "Forwarded: host=\"app.example.com?S3cr3t\"",
            })
    final void ofHostAndOriginOnlyHostAndPortArePrinted(String field) throws Exception {
        Server server = with(
                "onInvalid", "reject", "explainToClient", "full", "allowedOrigins", "https://a.example same-origin");
        container.logDebug(true);
        List<String> said = new ArrayList<>();
        try {
            String name = field.substring(0, field.indexOf(':'));
            String request = HANDSHAKE
                    .replaceAll("(?m)^" + name + ": .*\n", "")
                    .replace(
                            "\nUpgrade",
                            "\n" + field + (name.equals("Origin") ? "" : "\nOrigin: https://b.example") + "\nUpgrade");
            for (String accept : List.of("", "Accept: text/plain\n")) {
                said.add(server.send(request.replace("Upgrade: w", accept + "Upgrade: w"))
                        .body());
                if (name.equals("Host")) { // which a container may refuse by itself
                    Thread.sleep(500); // or else a refusal's line is written behind its answer
                } else {
                    said.add(server.nextEvent().toString());
                }
            }
            said.addAll(everythingSaid(server));
            line(); // the head of the last one
        } finally {
            container.logDebug(false);
        }
        assertThat(said).hasSizeGreaterThanOrEqualTo(2).noneMatch(text -> text.contains(SECRET));
        if (field.startsWith("Origin")) {
            assertThat(said).anyMatch(text -> text.contains("app.example.com") || text.contains("characters)"));
        }
    }

    @Test
    final void moreThanOneOriginIsReportedWhateverTheApplicationAllows() throws Exception {
        Server server = with();

        Response response = server.send(twoOrigins("/ws"));

        assertThat(response.status()).isEqualTo(101);
        assertThat(server.nextEvent().violations()).extracting("code").containsExactly(ReasonCode.ORIGIN_REPEATED);
        assertThat(line())
                .startsWith("INFO ORIGIN_REPEATED /ws: ")
                .contains("Origin is \"https://a.example\" and \"https://b.example\", expected one field line")
                .endsWith("; answered 101");
    }

    @Test
    final void moreThanOneOriginNeverOpensAHeartbeat() throws Exception {
        Server server = with();

        Response response = server.send(twoOrigins("/firmshake/heartbeat"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(server.nextEvent().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(line()).startsWith("INFO ORIGIN_REPEATED /firmshake/heartbeat: ");
    }

    private static String twoOrigins(String path) {
        return HANDSHAKE
                .replace("/ws", path)
                .replace("\nUpgrade", "\nOrigin: https://a.example\nOrigin: https://b.example\nUpgrade");
    }
}
