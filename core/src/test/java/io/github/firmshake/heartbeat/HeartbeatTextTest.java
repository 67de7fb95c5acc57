package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatTextTest {

    private static final String LONGEST = "x".repeat(64);

    @ParameterizedTest
    @CsvSource({
        "ping, pong",
        "ping abc123, pong abc123",
        "ping !~, pong !~",
        "ping ping, pong ping",
        "ping fs-0k3b9zq1, pong fs-0k3b9zq1"
    })
    void aPingIsAnsweredWithItsToken(String ping, String pong) {
        assertThat(HeartbeatText.replyTo(ping)).isEqualTo(pong);
        assertThat(HeartbeatText.replyTo(":" + ping, HeartbeatText.PREFIX)).isEqualTo(":" + pong);
        assertThat(HeartbeatText.replyTo("//hb/" + ping, "//hb/")).isEqualTo("//hb/" + pong);
    }

    @Test
    void theLongestTokenIsAnsweredAndFitsAFrame() {
        assertThat(HeartbeatText.replyTo("ping " + LONGEST)).isEqualTo("pong " + LONGEST);
        assertThat(HeartbeatText.replyTo("ping " + LONGEST + "x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p",
                "pong",
                "Ping",
                "pings",
                "ping ",
                "ping  x",
                " ping",
                "ping x y",
                "ping x\n",
                "ping \u00e9",
                "ping \u007f"
            })
    void whatIsMalformedHasNoAnswer(String message) {
        assertThat(HeartbeatText.replyTo(message)).isNull();
        assertThat(HeartbeatText.replyTo(":" + message, ":")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "ping x", ";ping", "{\"ping\":1}", ":", ":pin", "::ping"})
    void whatLacksThePrefixBelongsToTheApplication(String message) {
        assertThat(HeartbeatText.replyTo(message, ":")).isNull();
    }

    @Test
    void theFaultIsNamed() {
        assertThat(HeartbeatText.fault("pong")).isEqualTo("expected \"ping\" or \"ping TOKEN\"");
        assertThat(HeartbeatText.fault("ping " + LONGEST + "x")).isEqualTo("the token is longer than 64 characters");
        assertThat(HeartbeatText.fault("ping ")).isEqualTo("the token is empty or not visible ASCII");
    }

    @ParameterizedTest
    @CsvSource({"25, 25", "0, 25", "5, 5", "3600, 25"})
    void theGreetingNeverAsksForLessThanProxiesWant(int setting, int said) {
        assertThat(HeartbeatText.hello(setting)).isEqualTo("hello v=1 interval=" + said + " timeout=10");
    }
}
