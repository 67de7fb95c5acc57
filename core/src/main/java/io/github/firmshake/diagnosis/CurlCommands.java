package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Shown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The command that repeats a whole handshake, and the places to run it against: the server itself and each hop suspected.
 * The answers show behind which hop it fails. The operator fills in HOST:PORT, and a masked part of the path, such as
 * {36}. The key is fresh at each run; cookies are left out.
 */
final class CurlCommands {

    // -g: the braces of a masked path are no list of paths
    private static final String COMMAND = "curl -i -N -g --http1.1 --max-time 5"
            + " -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13'"
            + " -H \"Sec-WebSocket-Key: $(head -c 16 /dev/urandom | base64)\"";

    // The client's text goes into a shell: a quote would end the argument.
    private static final String IN_PATHS = "/-._~%!$&()*+,=:@{}";
    private static final String HEX = "0123456789ABCDEF";
    private static final String IN_ORIGINS = "-._:/[]";

    private CurlCommands() {}

    /** The command, then one line that says where to run it; the shell ignores that. */
    static List<String> of(Assessment assessment) {
        RequestHead request = assessment.request();
        StringBuilder command = new StringBuilder(COMMAND);
        header(command, "Host", request);
        header(command, "Origin", request);
        String path = encoded(assessment.shownPath());
        String places = assessment.diagnosis().hops().stream()
                .map(hop -> ", then " + hop.product())
                .collect(Collectors.joining());
        return List.of(
                command + " 'http://HOST:PORT" + path + "'", "# HOST:PORT: this server, past every hop" + places);
    }

    // Several values, or one that holds more than a host, are part of the fault and not of a whole handshake.
    private static void header(StringBuilder command, String name, RequestHead request) {
        List<String> values = request.values(name);
        if (values.size() == 1 && isHarmless(values.get(0))) {
            command.append(" -H '")
                    .append(name)
                    .append(": ")
                    .append(values.get(0))
                    .append('\'');
        }
    }

    private static boolean isHarmless(String value) {
        return !value.isEmpty()
                && Shown.hostAndPort(value).equals(value)
                && value.chars().allMatch(c -> isAlphanumeric(c) || IN_ORIGINS.indexOf(c) >= 0);
    }

    private static boolean isAlphanumeric(int c) {
        return c < 0x7F && Character.isLetterOrDigit(c);
    }

    private static String encoded(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean safe = isAlphanumeric(c) || IN_PATHS.indexOf(c) >= 0;
            if (safe) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return out.toString();
    }
}
