package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.diagnosis.RequestHeadParser.NotARequestHead;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.web.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever bytes come: the parser reads a head or says why it is none, and everything said of a head is one line. */
class RequestHeadFuzzTest {

    private static final Pattern ONE_LINE = Pattern.compile("[ -~]*");

    // What heads are made of, and what breaks them.
    private static final List<String> PIECES = List.of(
            "GET /chat HTTP/1.1\r\n",
            "GET /chat HTTP/1.0\n",
            "> GET /;a?b HTTP/2\n",
            "CONNECT a:1 HTTP/1.1\n",
            ":method: CONNECT\n",
            ":protocol: websocket\n",
            ":path: /chat\n",
            ":authority: a\n",
            "Host: app.example.com\r\n",
            "Upgrade: websocket\r\n",
            "Upgrade: {>Upgrade}\n",
            "Connection: Upgrade\r\n",
            "Connection: close\n",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            "Sec-WebSocket-Version: 13\r\n",
            "Sec-WebSocket-Protocol: a, b\n",
            "Sec-WebSocket-Extensions: permessage-deflate; a=\"b\"\n",
            "Origin: https://evil.test\n",
            "HTTP2-Settings: x\n",
            "X-Forwarded-For: 1.2.3.4, ",
            "Via: 1.1 squid\n",
            "X-Varnish: 1\n",
            "Content-Length: 0\n",
            "E..@..",
            "\r\n",
            "\n",
            "\t",
            " ",
            ":",
            ",",
            ";",
            "\"",
            "=",
            "\u0000",
            "\u00FF");

    @FuzzTest(maxDuration = "60s")
    void anyBytes(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Assessment assessment;
        try {
            assessment = Assessments.of(
                    RequestHeadParser.parse(text), "allowedOrigins", "same-origin", "webSocketPaths", "/*");
        } catch (NotARequestHead e) {
            assertThat(e.getMessage())
                    .matches("line \\d+: found .*, expected .*")
                    .matches(ONE_LINE);
            return;
        }
        assertThat(LogLine.of(assessment, Action.PASS, 404, new PathTally.Count(1, 1, 0)))
                .matches(ONE_LINE);
        assertThat(LogLine.head(assessment)).matches(ONE_LINE);
        assertThat(AssessmentJson.explained(text, assessment)).matches(ONE_LINE);
        if (!assessment.examination().violations().isEmpty()) {
            assertThat(Refusal.of(assessment, ExplainToClient.FULL).body()).matches("[ -~\n]*");
        }
    }

    @Test
    void fiveThousandHeadsFromPieces() {
        Random random = new Random(20260101);
        for (int i = 0; i < 5_000; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int pieces = 1 + random.nextInt(12);
            for (int piece = 0; piece < pieces; piece++) {
                // The front of the list, where first lines are, is drawn first.
                int bound = piece == 0 ? 8 : PIECES.size();
                bytes.writeBytes(PIECES.get(random.nextInt(bound)).getBytes(StandardCharsets.ISO_8859_1));
            }
            byte[] head = bytes.toByteArray();
            for (int flips = random.nextInt(4); flips > 1; flips--) {
                head[random.nextInt(head.length)] = (byte) random.nextInt(256);
            }
            anyBytes(head);
        }
    }
}
