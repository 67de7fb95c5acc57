package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages under {@code docs/reference} say what the code does. */
class ReferencePagesTest {

    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    @Test
    void everyReasonCodeIsAHeadingAndEveryHeadingAReasonCode() throws IOException {
        assertThat(headings(page("reason-codes.md")))
                .containsExactlyElementsOf(
                        Arrays.stream(ReasonCode.values()).map(ReasonCode::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void theTitleStatusSectionAndBlameOfAReasonCodeStandBelowItsHeading(ReasonCode code) throws IOException {
        String facts = code.title() + ". · Status " + code.status() + " · " + code.section()
                + (code.isDamage() ? " · Damage" : "");
        assertThat(section(page("reason-codes.md"), code.name()).lines().skip(1).findFirst())
                .contains(facts);
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonCodeButTheReservedOneSaysWhatCausesItAndWhatToDo(ReasonCode code) throws IOException {
        if (code != ReasonCode.TUNNEL_DEAD) {
            assertThat(section(page("reason-codes.md"), code.name())).contains("\nSeen: ", "\nDo: ");
        }
    }

    @Test
    void theTableOfSettingsHasEveryNameAndDefaultInOrder() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        Matcher row = Pattern.compile("(?m)^\\| \\[`(\\w+)`]\\(#\\w+\\) \\| (\\S+) \\|")
                .matcher(page("settings.md"));
        while (row.find()) {
            table.put(
                    row.group(1),
                    row.group(2).equals("empty") ? "" : row.group(2).replace("`", ""));
        }
        assertThat(List.copyOf(table.entrySet()))
                .isEqualTo(List.copyOf(Settings.defaults().entrySet()));
    }

    @Test
    void everySettingHasASection() throws IOException {
        assertThat(headings(page("settings.md")))
                .containsExactlyElementsOf(Settings.defaults().keySet());
    }

    @Test
    void everyAllowedWordOfASettingIsOnThePageAndNoOther() throws IOException {
        String page = page("settings.md");
        for (String name : List.of("enabled", "onInvalid", "repair", "pingSessions", "explainToClient")) {
            Matcher row = Pattern.compile("(?m)^\\| \\[`" + name + "`].*\\| ([^|]+) \\|$")
                    .matcher(page);
            assertThat(row.find()).as(name).isTrue();
            String allowed = row.group(1).replace("`", "");
            assertThat(allowedWords(name)).as(name).isEqualTo(allowed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/turn-it-off.md",
                "docs/install/war.md",
                "docs/install/tomcat-valve.md",
                "docs/install/jetty.md",
                "docs/install/embedded.md"
            })
    void noPageNamesASettingThatDoesNotExist(String page) throws IOException {
        String text = Files.readString(Path.of("..").resolve(page));
        Matcher name = Pattern.compile("firmshake\\.([a-z]+[A-Z]\\w*|repair|repiar)\\b(?!\\()"
                        + "|setProperty\\(\"(\\w+)\"|settings\\.md#(\\w+)")
                .matcher(text);
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER); // an anchor is in lower case
        known.addAll(Settings.defaults().keySet());
        known.add("repiar"); // every page shows this one misspelt
        while (name.find()) {
            String found = Stream.of(name.group(1), name.group(2), name.group(3))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
            assertThat(known).contains(found);
        }
    }

    // The message for a bad value is the code's own list of what is allowed.
    private static String allowedWords(String name) {
        try {
            Settings.parse(Map.of(name, "?"));
            throw new AssertionError(name + " takes anything");
        } catch (IllegalArgumentException e) {
            return e.getMessage().replaceFirst(".*: expected ", "");
        }
    }

    private static String page(String name) throws IOException {
        return Files.readString(REFERENCE.resolve(name));
    }

    private static List<String> headings(String page) {
        return page.lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
    }

    private static String section(String page, String heading) {
        String below = page.substring(page.indexOf("\n## " + heading + "\n") + heading.length() + 5);
        int next = below.indexOf("\n## ");
        return next < 0 ? below : below.substring(0, next);
    }
}
