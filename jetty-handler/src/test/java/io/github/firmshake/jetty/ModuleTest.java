package io.github.firmshake.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the Jetty module name the settings that the code has. */
class ModuleTest {

    private static final Path CONFIG = Path.of("src", "config");

    @Test
    void theIniTemplateHasEverySettingWithItsDefaultInOrder() throws IOException {
        Map<String, String> template = new LinkedHashMap<>();
        lines("modules/firmshake.mod", "(?m)^# firmshake\\.(\\w+)=(.*)$")
                .forEach(line -> template.put(line.group(1), line.group(2)));
        assertThat(List.copyOf(template.entrySet()))
                .isEqualTo(List.copyOf(Settings.defaults().entrySet()));
    }

    @Test
    void everySettingInTheTemplateHasOneSentenceAboveIt() throws IOException {
        assertThat(lines("modules/firmshake.mod", "(?m)^## .*\\.\n# firmshake\\.(\\w+)=.*$"))
                .extracting(line -> line.group(1))
                .containsExactlyElementsOf(Settings.defaults().keySet());
    }

    @Test
    void theXmlHandsOnEveryPropertyToTheSetterOfThatNameAndHasNoDefault() throws IOException {
        assertThat(lines("etc/firmshake.xml", "<Set name=\"(\\w+)\" property=\"firmshake\\.\\1\"/>"))
                .extracting(line -> line.group(1))
                .containsExactlyElementsOf(Settings.defaults().keySet());
        assertThat(lines("etc/firmshake.xml", "<Set "))
                .hasSize(Settings.defaults().size());
    }

    private static List<MatchResult> lines(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(CONFIG.resolve(file)))
                .results()
                .toList();
    }
}
