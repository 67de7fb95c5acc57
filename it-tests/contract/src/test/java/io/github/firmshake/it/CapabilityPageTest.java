package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of capabilities: what it says, and when a build fails because of it. */
class CapabilityPageTest {

    private static final String FIRST = CapabilityPage.COLUMNS.get(0);
    private static final String SECOND = CapabilityPage.COLUMNS.get(1);

    @TempDir
    private Path directory;

    private Path page;

    @BeforeEach
    void everyColumnHasRunEverything() throws IOException {
        page = directory.resolve("container-matrix.md");
        for (String column : CapabilityPage.COLUMNS) {
            write(column, "now", everything());
        }
        for (String server : CapabilityPage.SERVERS) {
            write(server, "now", everything(ServerCapability.values()));
        }
    }

    @Test
    void aColumnForEachServerAndAdapterAndARowForEachCapability() throws IOException {
        String[] lines = rendered().split("\n");

        assertThat(lines).contains("|  | " + String.join(" | ", CapabilityPage.COLUMNS) + " |");
        for (Capability capability : Capability.values()) {
            assertThat(lines).anyMatch(line -> line.startsWith("| " + capability.title()));
        }
        assertThat(lines).contains("| " + Capability.PEER.title() + " |" + " yes |".repeat(9));
    }

    @Test
    void serversHaveATableOfTheirOwn() throws IOException {
        String[] lines = rendered().split("\n");

        assertThat(lines).contains("|  | " + String.join(" | ", CapabilityPage.SERVERS) + " |");
        for (ServerCapability capability : ServerCapability.values()) {
            assertThat(lines).anyMatch(line -> line.startsWith("| " + capability.title()));
        }
        assertThat(lines).contains("| " + ServerCapability.ORIGINS.title() + " |" + " yes |".repeat(5));
    }

    @Test
    void aServerThatHasNotShownEverythingIsMissing() throws IOException {
        String server = CapabilityPage.SERVERS.get(0);
        List<String> results = everything(ServerCapability.values());
        write(server, "now", results.subList(1, results.size()));

        assertThat(outcome(false, false)).endsWith(" was not run in this build by " + server);
    }

    @Test
    void whatCannotBeDoneIsCountedAndLeadsToItsReason() throws IOException {
        List<String> results = everything();
        results.add("TELLS_MALFORMED\tno Host\tno Host is seen");
        results.add("TELLS_MALFORMED\ttwo Hosts\tno Host is seen");
        results.removeIf(line -> line.startsWith("PEER"));
        results.add("PEER\tforged\tnobody knows");
        write(SECOND, "now", results);

        assertThat(rendered())
                .contains("malformed handshake (3 tried) | yes (1 tried) | 1 of 3 [1] | yes (1 tried) |")
                .contains(Capability.PEER.title() + " | yes | no [2] | yes |")
                .endsWith("\n\n1. no Host is seen: `no Host`, `two Hosts`\n2. nobody knows\n");
    }

    @Test
    void whereLessWasTriedTheCellSaysSo() throws IOException {
        List<String> results = everything();
        results.add("STRICT_CLIENT\tsomething else\t");
        write(SECOND, "now", results);

        assertThat(rendered()).contains("that it accepts (2 tried) | yes (1 tried) | yes | yes (1 tried) |");
    }

    @Test
    void eachShapeOfARepairHasARow() throws IOException {
        List<String> results = everything();
        results.add("REPAIRS\tHTTP/1.0, Connection: close\tnot here");
        write(FIRST, "now", results);

        assertThat(rendered())
                .contains("| repairs `Upgrade: websocket` with `HTTP/1.0, Connection: close` | no [1] | not run |")
                .contains("| repairs `Upgrade: websocket` with `something` | yes | yes |");
    }

    @Test
    void theOrderOfTestsDoesNotMatter() throws IOException {
        List<String> results = everything();
        results.add("TELLS_MALFORMED\ta\tone reason");
        results.add("TELLS_MALFORMED\tb\tanother reason");
        write(FIRST, "now", results);
        String page = rendered();

        Collections.reverse(results);
        write(FIRST, "now", results);

        assertThat(rendered()).isEqualTo(page);
    }

    @Test
    void resultsThatNoColumnIsForAreAMistake() throws IOException {
        write("filter, Elsewhere", "now", everything());

        assertThatThrownBy(this::rendered).hasMessageContaining("[filter, Elsewhere]");
    }

    @Test
    void aPageThatSaysWhatWasShownPasses() throws IOException {
        Files.writeString(page, rendered());

        assertThat(outcome(false, true))
                .isEqualTo("docs/reference/container-matrix.md says what the contract has shown on 9 combinations of"
                        + " server and adapter, and tests on 5 servers.");
    }

    @Test
    void aPageThatSaysSomethingElseFailsWithTheDifferenceAndTheCure() throws IOException {
        Files.writeString(page, rendered().replaceFirst("\\| yes ", "| no "));

        assertThatThrownBy(() -> outcome(false, false))
                .hasMessageContaining(" of the page: | " + Capability.TELLS_MALFORMED.title() + " | no | yes |")
                .hasMessageContaining(
                        "the contract has shown: | " + Capability.TELLS_MALFORMED.title() + " | yes | yes |")
                .hasMessageContaining("mvn verify -Dtests.matrix=write");
    }

    @Test
    void noPageAtAllFailsToo() {
        assertThatThrownBy(() -> outcome(false, false)).hasMessageContaining("line 1 of the page: (nothing)");
    }

    @Test
    void thePageIsWrittenOnDemand() throws IOException {
        assertThat(outcome(true, false)).isEqualTo("Wrote docs/reference/container-matrix.md.");
        assertThat(page).hasContent(rendered());
    }

    @Test
    void aBuildOfSomeModulesComparesNothingAndSaysSo() throws IOException {
        write(SECOND, "earlier", everything());

        assertThat(outcome(false, false))
                .isEqualTo("docs/reference/container-matrix.md was not compared: the contract, or a part of it, was not"
                        + " run in this build by " + SECOND);
    }

    @Test
    void aPartOfTheContractIsNotTheContract() throws IOException {
        write(FIRST, "now", everything().subList(1, Capability.values().length));

        assertThat(outcome(false, false)).endsWith(" was not run in this build by " + FIRST);
    }

    @Test
    void noResultsAtAllAreNoneOfAnyColumn() throws IOException {
        assertThat(CapabilityPage.of(directory.resolve("nowhere"), "now").missing())
                .startsWith(FIRST, SECOND)
                .hasSize(CapabilityPage.COLUMNS.size() + CapabilityPage.SERVERS.size());
    }

    @Test
    void whereNothingMayBeSkippedThatFails() throws IOException {
        write(SECOND, "earlier", everything());

        assertThatThrownBy(() -> outcome(false, true)).hasMessageContaining("was not compared");
        assertThatThrownBy(() -> outcome(true, false)).hasMessageContaining("was not written");
    }

    @Test
    void aBuildIsWholeIfItHasEveryModuleInWhateverOrder() {
        String all =
                "modules: [MavenProject: g:a:1 @ /somewhere/a/pom.xml, MavenProject: g:b:1 @ /somewhere/b/pom.xml]";

        assertThat(CheckCapabilities.isWhole(
                        "modules: [MavenProject: g:b:1 @ /b/pom.xml, MavenProject: g:a:1 @ /a/pom.xml]", all))
                .isTrue();
        assertThat(CheckCapabilities.isWhole("modules: [MavenProject: g:b:1 @ /b/pom.xml]", all))
                .isFalse();
    }

    private static List<String> everything() {
        return everything(Capability.values());
    }

    private static List<String> everything(Row[] rows) {
        return new ArrayList<>(
                Arrays.stream(rows).map(row -> row.name() + "\tsomething\t").toList());
    }

    private void write(String column, String run, List<String> results) throws IOException {
        Files.writeString(directory.resolve(column + ".tsv"), run + "\n" + String.join("\n", results) + "\n");
    }

    private String rendered() throws IOException {
        return CapabilityPage.of(directory, "now").render();
    }

    private String outcome(boolean write, boolean nothingMayBeSkipped) throws IOException {
        return CheckCapabilities.outcome(CapabilityPage.of(directory, "now"), page, write, nothingMayBeSkipped);
    }
}
