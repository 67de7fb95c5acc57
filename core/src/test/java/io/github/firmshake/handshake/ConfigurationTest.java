package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.firmshake.handshake.Configuration.Remark;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

    private final Map<String, String> configured = new HashMap<>();
    private final Map<Object, Object> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    private Configuration read() {
        return Configuration.of(configured, properties, environment);
    }

    @Test
    void givesTheConfiguredSettingsWhereNothingComesFromOutside() {
        configured.put("repair", "off");
        properties.put("java.version", "17");
        environment.put("PATH", "/bin");
        Configuration configuration = read();
        assertThat(configuration.enabled()).isTrue();
        assertThat(configuration.settings().repair()).isEqualTo(RepairLevel.OFF);
        assertThat(configuration.origin()).isEmpty();
        assertThat(configuration.remarks()).isEmpty();
    }

    @Test
    void aVariableWinsOverTheConfigurationAndAPropertyOverBoth() {
        configured.put("heartbeatPath", "/configured");
        environment.put("FIRMSHAKE_HEARTBEAT_PATH", "/variable");
        assertThat(read().settings().heartbeat().heartbeatPath()).isEqualTo("/variable");
        assertThat(read().origin()).isEqualTo("; from outside: heartbeatPath=/variable (FIRMSHAKE_HEARTBEAT_PATH)");

        properties.put("firmshake.heartbeatPath", "/property");
        assertThat(read().settings().heartbeat().heartbeatPath()).isEqualTo("/property");
        assertThat(read().origin()).isEqualTo("; from outside: heartbeatPath=/property (-Dfirmshake.heartbeatPath)");
    }

    @Test
    void everySettingHasAVariable() {
        Settings.defaults().forEach((name, value) -> {
            environment.put("FIRMSHAKE_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(java.util.Locale.ROOT), value);
        });
        Configuration configuration = read();
        assertThat(configuration.outside()).hasSameSizeAs(Settings.defaults().keySet());
        assertThat(configuration.remarks()).isEmpty();
    }

    @Test
    void aBadValueFromOutsideIsAnErrorAndTheConfiguredOneStays() {
        configured.put("onInvalid", "reject");
        properties.put("firmshake.onInvalid", "refuse");
        Configuration configuration = read();
        assertThat(configuration.settings().onInvalid()).isEqualTo(Settings.OnInvalid.REJECT);
        assertThat(configuration.outside()).isEmpty();
        assertThat(configuration.remarks())
                .containsExactly(new Remark(
                        Level.ERROR,
                        "-Dfirmshake.onInvalid is ignored: setting onInvalid=\"refuse\": expected report, reject"));
    }

    @Test
    void aBadPropertyLeavesTheVariableInPlace() {
        environment.put("FIRMSHAKE_ENABLED", "false");
        properties.put("firmshake.enabled", "");
        Configuration configuration = read();
        assertThat(configuration.enabled()).isFalse();
        assertThat(configuration.origin()).isEqualTo("; from outside: enabled=false (FIRMSHAKE_ENABLED)");
        assertThat(configuration.remarks())
                .singleElement()
                .satisfies(remark -> assertThat(remark.text()).startsWith("-Dfirmshake.enabled is ignored: "));
    }

    @Test
    void noValueFromOutsideCanEndALine() {
        environment.put("FIRMSHAKE_LOG_PEER", "x\nFORGED");
        environment.put("FIRMSHAKE_ALLOWED_ORIGINS", "https://a.example\nhttps://b.example");
        Configuration configuration = read();
        assertThat(configuration.remarks())
                .singleElement()
                .satisfies(remark -> assertThat(remark.text())
                        .startsWith("FIRMSHAKE_LOG_PEER is ignored: setting logPeer=\"x\\x0AFORGED\": "));
        assertThat(configuration.origin())
                .isEqualTo("; from outside: allowedOrigins=https://a.example\\x0Ahttps://b.example"
                        + " (FIRMSHAKE_ALLOWED_ORIGINS)");
    }

    @Test
    void anUnknownNameFromOutsideIsAWarningWithTheNearestKnownName() {
        properties.put("firmshake.repiar", "off");
        environment.put("FIRMSHAKE_HEARTBEATH_PATH", "");
        environment.put("FIRMSHAKE_HOME", "/opt");
        environment.put("FIRMSHAKE_ON__INVALID", "reject");
        assertThat(read().remarks())
                .containsExactly(
                        warning("environment variable FIRMSHAKE_HEARTBEATH_PATH names no setting, "
                                + "did you mean heartbeatPath?"),
                        warning("environment variable FIRMSHAKE_HOME names no setting"),
                        warning("environment variable FIRMSHAKE_ON__INVALID names no setting, did you mean onInvalid?"),
                        warning("system property firmshake.repiar names no setting, did you mean repair?"));
    }

    @Test
    void aPathFromOutsideMayBeTheOthersDefaultWhereThatOneIsMoved() {
        configured.put("scriptPath", "/moved.js");
        properties.put("firmshake.heartbeatPath", "/firmshake/firmshake.js");
        assertThat(read().settings().heartbeat().heartbeatPath()).isEqualTo("/firmshake/firmshake.js");
    }

    @Test
    void twoPathsFromOutsideThatAreTheSameAreAnErrorAndTheConfiguredOnesStay() {
        properties.put("firmshake.heartbeatPath", "/same");
        properties.put("firmshake.scriptPath", "/same");
        properties.put("firmshake.repair", "off");
        Configuration configuration = read();
        assertThat(configuration.settings().heartbeat().heartbeatPath()).isEqualTo("/firmshake/heartbeat");
        assertThat(configuration.settings().repair()).isEqualTo(RepairLevel.OFF);
        assertThat(configuration.outside()).containsExactly("repair=off (-Dfirmshake.repair)");
        assertThat(configuration.remarks())
                .containsExactly(new Remark(
                        Level.ERROR,
                        "paths from outside are ignored: setting scriptPath=\"/same\": heartbeatPath is the same, "
                                + "expected two different paths"));
    }

    @Test
    void switchedOffItReadsNothingElse() {
        configured.put("repiar", "safe");
        configured.put("onInvalid", "refuse");
        assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class);

        environment.put("FIRMSHAKE_ENABLED", "false");
        Configuration configuration = read();
        assertThat(configuration.enabled()).isFalse();
        assertThat(configuration.offLine("Firmshake valve"))
                .isEqualTo("Firmshake valve is off (enabled=false): it examines and serves nothing; "
                        + "from outside: enabled=false (FIRMSHAKE_ENABLED)");
    }

    @Test
    void aConfiguredSwitchIsTurnedOnFromOutside() {
        configured.put("enabled", " False ");
        assertThat(read().enabled()).isFalse();
        properties.put("firmshake.enabled", "true");
        assertThat(read().enabled()).isTrue();
    }

    @Test
    void aSwitchThatIsNoTruthValueIsRefused() {
        configured.put("enabled", "no");
        assertThatThrownBy(this::read).hasMessage("setting enabled=\"no\": expected true, false");
    }

    @Test
    void propertiesThatAreNoTextAreNobodysSettings() {
        properties.put("firmshake.repair", 1);
        properties.put(1, "off");
        assertThat(read().outside()).isEmpty();
    }

    @Test
    void readsThisProcessesOwnProperties() {
        Properties before = (Properties) System.getProperties().clone();
        try {
            System.setProperty("firmshake.repair", "off");
            assertThat(Configuration.of(Map.of()).settings().repair()).isEqualTo(RepairLevel.OFF);
            assertThat(Configuration.isSwitchedOff(Map.of())).isFalse();
            assertThat(Configuration.isSwitchedOff(Map.of("enabled", "false"))).isTrue();
        } finally {
            System.setProperties(before);
        }
    }

    private static Remark warning(String text) {
        return new Remark(Level.WARNING, text);
    }
}
