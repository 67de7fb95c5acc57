package io.github.firmshake.web;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.AssessmentJson;
import io.github.firmshake.diagnosis.Sentences;
import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.handshake.Violation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The complete answer to a handshake that is refused. Over HTTP/1.x it always carries {@code Connection: close}: a
 * refusal on a kept-alive connection leaves a raw tunnel in some proxies. Immutable.
 *
 * @param status the status
 * @param headers field names and values, in order
 * @param body the body, possibly empty
 */
public record Refusal(int status, Map<String, String> headers, String body) {

    private static final String PROBLEM = "application/problem+json";

    // weight = OWS ";" OWS "q=" qvalue (RFC 9110 12.4.2), of zero
    private static final Set<String> REFUSED = Set.of("q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000");

    /**
     * Composes the answer to a request that broke a rule.
     *
     * @param assessment the handshake; its examination has at least one violation
     * @param explain how much the body says
     */
    public static Refusal of(Assessment assessment, ExplainToClient explain) {
        RequestHead request = assessment.request();
        int wanted = assessment.examination().leading().orElseThrow().code().status();
        // HTTP/2 has no Upgrade to ask for (RFC 9113 8.6), so 426 has no meaning there.
        int status = wanted == 426 && !request.isHttp1() ? 501 : wanted;
        Map<String, String> headers = new LinkedHashMap<>();
        if (request.isHttp1()) {
            headers.put("Connection", status == 426 ? "Upgrade, close" : "close");
        }
        if (status == 426) { // RFC 9110 15.5.22
            headers.put("Upgrade", "websocket");
        }
        if (isAboutVersion(assessment)) { // RFC 6455 4.2.2
            headers.put("Sec-WebSocket-Version", "13");
        }
        if (status == 405) {
            headers.put("Allow", "GET");
        }
        String body = body(assessment, explain, status, headers);
        return new Refusal(status, headers, body);
    }

    /** The answer to a heartbeat's handshake while there is no room for another session. */
    public static Refusal full(String why) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Connection", "close");
        headers.put("Retry-After", "30");
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Type", "text/plain;charset=UTF-8");
        return new Refusal(503, headers, why + "\n");
    }

    /**
     * The answer to a handshake whose origin would have been checked, had no fault of our own been in the way.
     *
     * @param http1 whether it came over HTTP/1.x, where the connection closes
     */
    public static Refusal unchecked(boolean http1) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (http1) {
            headers.put("Connection", "close");
        }
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Type", "text/plain;charset=UTF-8");
        return new Refusal(403, headers, "The origin of this handshake could not be checked\n");
    }

    /** The body's bytes, UTF-8. */
    public byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static String body(
            Assessment assessment, ExplainToClient explain, int status, Map<String, String> headers) {
        if (explain == ExplainToClient.NONE) {
            return "";
        }
        headers.put("Cache-Control", "no-store");
        boolean full = explain == ExplainToClient.FULL;
        if (takesProblemJson(assessment.request())) {
            headers.put("Content-Type", PROBLEM);
            return AssessmentJson.problem(assessment, status, full);
        }
        headers.put("Content-Type", "text/plain;charset=UTF-8");
        return Sentences.problem(assessment, full);
    }

    private static boolean isAboutVersion(Assessment assessment) {
        return assessment.examination().violations().stream()
                .map(Violation::code)
                .anyMatch(
                        List.of(ReasonCode.VERSION_MISSING, ReasonCode.VERSION_REPEATED, ReasonCode.VERSION_UNSUPPORTED)
                                ::contains);
    }

    // Accept (RFC 9110 12.5.1): the most specific range decides, and its absence accepts anything.
    private static boolean takesProblemJson(RequestHead request) {
        List<String> ranges =
                request.members("Accept").stream().map(Refusal::withoutSpace).toList();
        return !request.has("Accept")
                || Stream.of(PROBLEM, "application/*", "*/*")
                        .flatMap(wanted ->
                                ranges.stream().filter(range -> range.equals(wanted) || range.startsWith(wanted + ";")))
                        .findFirst()
                        .filter(range -> Stream.of(range.split(";")).noneMatch(REFUSED::contains))
                        .isPresent();
    }

    private static String withoutSpace(String range) {
        return range.replace(" ", "").replace("\t", "");
    }
}
