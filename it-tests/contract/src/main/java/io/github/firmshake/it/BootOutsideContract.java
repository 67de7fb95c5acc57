package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A recipe of Spring Boot as a process of its own, with Boot's own logging and what is set from outside. */
public abstract class BootOutsideContract {

    private static final String LEVEL = "--logging.level.io.github.firmshake.handshake=debug";

    private final Class<?> main;
    private final String started;

    /**
     * Takes the recipe.
     *
     * @param main the class that runs it
     * @param server what Boot calls the server that it starts
     */
    protected BootOutsideContract(Class<?> main, String server) {
        this.main = main;
        started = server + " started on port (\\d+)";
    }

    @Test
    final void loggingLevelOfBootReachesTheLogger() throws Exception {
        try (Program program = start(Map.of(), List.of(), LEVEL)) {
            handshake(program, 101);
            program.await("VALID /echo: the handshake is valid; [^\\n]*; answered 101\n");
            program.await("head as received: GET /echo");
        }
        try (Program program = start(Map.of(), List.of(), "--spring.main.banner-mode=off")) {
            handshake(program, 101);
            handshake(program, "Upgrade: websocket\n", 426);
            program.await("answered 426, closed\n"); // comes behind what the other one would have left
            assertThat(program.output()).doesNotContain("the handshake is valid", "head as received");
        }
    }

    @Test
    final void aVariableTurnsItOff() throws Exception {
        try (Program program = start(Map.of("FIRMSHAKE_ENABLED", "false"), List.of("-Dfirmshake.repiar=x"), LEVEL)) {
            program.await("is off \\(enabled=false\\)[^\n]*; from outside: enabled=false \\(FIRMSHAKE_ENABLED\\)\n");
            handshake(program, 101);
            handshake(program, "Upgrade: websocket\n", 400);
            assertThat(program.output().lines().filter(line -> line.contains("irmshake")))
                    .noneMatch(line -> line.contains("answered"));
        }
    }

    @Test
    final void aPropertyWinsOverAVariableAndBothOverTheProgram() throws Exception {
        Map<String, String> variables = Map.of("FIRMSHAKE_ON_INVALID", "reject", "FIRMSHAKE_REPAIR", "off");
        try (Program program = start(variables, List.of("-Dfirmshake.onInvalid=report"), LEVEL)) {
            handshake(program, "Upgrade: websocket\n", 400);
            String line = program.await("Firmshake [^\n]*onInvalid=[^\n]*");
            assertThat(line)
                    .contains(": onInvalid=report repair=off ")
                    .contains("onInvalid=report (-Dfirmshake.onInvalid)", "repair=off (FIRMSHAKE_REPAIR)");
        }
    }

    private Program start(Map<String, String> variables, List<String> properties, String argument) throws Exception {
        return Program.start(
                main, variables, properties, List.of("--server.port=0", "--server.address=127.0.0.1", argument));
    }

    private void handshake(Program program, int status) throws Exception {
        handshake(program, "nothing", status);
    }

    private void handshake(Program program, String without, int status) throws Exception {
        int port = Integer.parseInt(program.await(started));
        try (RawClient client = RawClient.connect(port)) {
            String valid = Story.repairable("/echo").replace("Connection: close", "Connection: Upgrade");
            assertThat(client.exchange(valid.replace(without, "")).status()).isEqualTo(status);
        }
    }
}
