package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.handshake.Privacy.LogPaths;
import io.github.firmshake.handshake.Privacy.LogPeer;
import io.github.firmshake.handshake.Settings.ExplainToClient;
import io.github.firmshake.handshake.Settings.OnInvalid;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final String KNOWN =
            "; known: enabled, onInvalid, repair, webSocketPaths, allowedOrigins, heartbeatPath, "
                    + "heartbeatOrigins, heartbeatMaxSessions, scriptPath, pingSessions, pingIntervalSeconds, "
                    + "pongTimeoutSeconds, explainToClient, logLimitPerMinute, logPaths, logPeer";

    private static String refusal(String name, String value) {
        try {
            Settings.parse(Map.of(name, value));
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        return "accepted";
    }

    @Test
    void whatIsNotNamedHasItsDefault() {
        Settings settings = Settings.parse(Map.of());

        assertThat(settings.onInvalid()).isEqualTo(OnInvalid.REPORT);
        assertThat(settings.repair()).isEqualTo(RepairLevel.SAFE);
        assertThat(settings.webSocketPaths().isEmpty()).isTrue();
        assertThat(settings.allowedOrigins()).hasToString("");
        assertThat(settings.explainToClient()).isEqualTo(ExplainToClient.CODE);
        assertThat(settings.logLimitPerMinute()).isEqualTo(60);
        assertThat(settings.privacy()).isEqualTo(new Privacy(LogPaths.MASKED, LogPeer.FULL));
    }

    @Test
    void everySettingIsReadInAnyCaseAndPrinted() {
        Settings settings = Settings.parse(Map.of(
                "onInvalid", " Reject ",
                "repair", "OFF",
                "webSocketPaths", "/chat,/feed/*",
                "allowedOrigins", "same-origin https://a",
                "explainToClient", "full",
                "logLimitPerMinute", "999999",
                "logPaths", "full",
                "logPeer", "Off"));

        assertThat(settings)
                .hasToString("onInvalid=reject repair=off webSocketPaths=\"/chat /feed/*\""
                        + " allowedOrigins=\"https://a same-origin\" "
                        + Settings.parse(Map.of()).heartbeat()
                        + " explainToClient=full logLimitPerMinute=999999 logPaths=full logPeer=off");
    }

    @Test
    void theDefaultsCannotBeChanged() {
        assertThatThrownBy(() -> Settings.defaults().put("repair", "off"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "repiar, repair",
        "Repair, repair",
        "onInvald, onInvalid",
        "websocketPath, webSocketPaths",
        "allowedOrigin, allowedOrigins",
        "webSocketUrls, webSocketPaths",
        "logLimit, ''",
        "timeout, ''",
        "'', ''",
    })
    void anUnknownNameIsRefusedWithTheNearestKnownOne(String name, String nearest) {
        String hint = nearest.isEmpty() ? "" : ", did you mean " + nearest + "?";

        assertThat(refusal(name, "x")).isEqualTo("unknown setting " + name + "=\"x\"" + hint + KNOWN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            repair            | connection | expected off, safe
            repair            | ``         | expected off, safe
            onInvalid         | ignore     | expected report, reject
            explainToClient   | all        | expected none, code, full
            logLimitPerMinute | -1         | expected a whole number from 0 to 999999
            logLimitPerMinute | 1000000    | expected a whole number from 0 to 999999
            logLimitPerMinute | six        | expected a whole number from 0 to 999999
            logPaths          | short      | expected masked, full
            logPeer           | hashed     | expected full, masked, off
            webSocketPaths    | chat       | "chat" is no servlet URL pattern, expected such as /chat, /chat/* or *.ws
            allowedOrigins    | *          | "*" is no origin, expected such as https://app.example.com, or same-origin
            """)
    void aBadValueIsRefusedWithWhatIsAllowed(String name, String value, String message) {
        assertThat(refusal(name, value)).isEqualTo("setting " + name + "=\"" + value + "\": " + message);
    }

    @Test
    void originsThatAreOnlyReportedAreWarnedOf() {
        assertThat(Settings.parse(Map.of("allowedOrigins", "same-origin")).warning())
                .contains("allowedOrigins is reported but not enforced with onInvalid=report; "
                        + "onInvalid=reject refuses other origins");
        assertThat(Settings.parse(Map.of("allowedOrigins", "same-origin", "onInvalid", "reject"))
                        .warning())
                .isEmpty();
        assertThat(Settings.parse(Map.of()).warning()).isEmpty();
    }
}
