package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.handshake.HeartbeatSettings.PingSessions;
import io.github.firmshake.handshake.Settings.OnInvalid;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatSettingsTest {

    private static HeartbeatSettings parse(String... namesAndValues) {
        Map<String, String> given = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.parse(given).heartbeat();
    }

    @Test
    void whatIsNotNamedHasItsDefault() {
        assertThat(parse())
                .hasToString("heartbeatPath=\"/firmshake/heartbeat\" heartbeatOrigins=\"same-origin\" "
                        + "heartbeatMaxSessions="
                        + HeartbeatSettings.sessionsIn(Runtime.getRuntime().maxMemory())
                        + " scriptPath=\"/firmshake/firmshake.js\" pingSessions=heartbeat "
                        + "pingIntervalSeconds=25 pongTimeoutSeconds=20");
    }

    @Test
    void everySettingIsReadAndPrinted() {
        HeartbeatSettings settings = parse(
                "heartbeatPath", " /beat ",
                "heartbeatOrigins", "https://a",
                "heartbeatMaxSessions", "5",
                "scriptPath", "",
                "pingSessions", "ALL",
                "pingIntervalSeconds", "0",
                "pongTimeoutSeconds", "3");

        assertThat(settings)
                .hasToString("heartbeatPath=\"/beat\" heartbeatOrigins=\"https://a\" heartbeatMaxSessions=5 "
                        + "scriptPath=\"\" pingSessions=all pingIntervalSeconds=0 pongTimeoutSeconds=3");
    }

    @ParameterizedTest
    @CsvSource({"heartbeat, 25, 25, false", "all, 25, 25, true", "all, 0, 0, false", "off, 25, 0, false"})
    void whoIsPingedFollowsFromTwoSettings(String sessions, String interval, int heartbeat, boolean application) {
        HeartbeatSettings settings = parse("pingSessions", sessions, "pingIntervalSeconds", interval);

        assertThat(settings.heartbeatIntervalSeconds()).isEqualTo(heartbeat);
        assertThat(settings.pingsApplication()).isEqualTo(application);
        assertThat(settings.pingSessions()).isEqualTo(PingSessions.valueOf(sessions.toUpperCase()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            heartbeatPath        | heartbeat | "heartbeat" is no path, expected such as /firmshake/x, or nothing to switch it off
            heartbeatPath        | /beat/*   | "/beat/*" is no path, expected such as /firmshake/x, or nothing to switch it off
            heartbeatPath        | /         | "/" is no path, expected such as /firmshake/x, or nothing to switch it off
            scriptPath           | /a.js?x=1 | "/a.js?x=1" is no path, expected such as /firmshake/x, or nothing to switch it off
            scriptPath           | /firmshake/heartbeat | heartbeatPath is the same, expected two different paths
            heartbeatOrigins     | *         | "*" is no origin, expected such as https://app.example.com, or same-origin
            heartbeatMaxSessions | 0         | expected auto or a whole number from 1 to 999999
            pingSessions         | none      | expected heartbeat, all, off
            pingIntervalSeconds  | -1        | expected a whole number from 0 to 86400
            pingIntervalSeconds  | 86401     | expected a whole number from 0 to 86400
            pingIntervalSeconds  | 0.5       | expected a whole number from 0 to 86400
            pongTimeoutSeconds   | 0         | expected a whole number from 1 to 86400
            """)
    void aBadValueIsRefusedWithWhatIsAllowed(String name, String value, String message) {
        assertThatThrownBy(() -> parse(name, value)).hasMessage("setting " + name + "=\"" + value + "\": " + message);
    }

    @Test
    void bothPathsMayBeOff() {
        assertThat(parse("heartbeatPath", "", "scriptPath", "").heartbeatPath()).isEmpty();
    }

    @Test
    void atTheHeartbeatsPathItsOwnOriginsAreEnforced() {
        Settings settings = Settings.parse(Map.of("allowedOrigins", "https://a", "heartbeatOrigins", "https://b"))
                .atHeartbeatPath();

        assertThat(settings.onInvalid()).isEqualTo(OnInvalid.REJECT);
        assertThat(settings.allowedOrigins()).hasToString("https://b");
    }

    @ParameterizedTest
    @CsvSource({
        "67108864, 1000",
        "268435456, 1491",
        "1073741824, 5965",
        "4294967296, 10000",
        "9223372036854775807, 10000"
    })
    void byDefaultATenthOfTheHeapIsForSessions(long heap, int sessions) {
        assertThat(HeartbeatSettings.sessionsIn(heap)).isEqualTo(sessions);
    }
}
