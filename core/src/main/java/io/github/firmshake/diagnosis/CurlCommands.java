package io.github.firmshake.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Commands that repeat a handshake, whole, against the server itself and against each hop suspected, so that a look at
 * the answers finds the hop behind which it fails. HOST:PORT is for the operator to fill in; the key is fresh at each
 * run; cookies are left out.
 */
final class CurlCommands {

    private static final String COMMAND = "curl -i -N --http1.1 --max-time 5"
            + " -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13'"
            + " -H \"Sec-WebSocket-Key: $(head -c 16 /dev/urandom | base64)\" 'http://HOST:PORT";

    private CurlCommands() {}

    static List<String> of(Assessment assessment) {
        List<String> commands = new ArrayList<>();
        String path = shellSafe(assessment.request().path());
        Stream<String> suspects = assessment.diagnosis().hops().stream().map(Hop::product);
        Stream.concat(Stream.of("this server, past every hop"), suspects)
                .forEach(target -> commands.add(COMMAND + path + "'  # HOST:PORT of " + target));
        return commands;
    }

    // The path is the client's: a quote in it would end the argument, and a shell would run what follows.
    private static String shellSafe(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean safe = c < 0x7F && (Character.isLetterOrDigit(c) || "/-._~%!$&()*+,=:@".indexOf(c) >= 0);
            out.append(safe ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}
