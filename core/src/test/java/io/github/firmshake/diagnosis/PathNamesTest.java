package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathNamesTest {

    private final PathNames names = new PathNames();

    private String of(String path, String network) {
        return names.of(null, "", path, network, false);
    }

    @Test
    void aMappingIsTheName() {
        assertThat(names.of("/chat/*", "", "/chat/7", "p", true)).isEqualTo("/chat/*");
    }

    @Test
    void pathsToWhichNothingIsMappedAreOne() {
        assertThat(names.of(null, "", "/a", "p", true)).isEqualTo(names.of(null, "", "/b", "q", true));
    }

    @Test
    void otherwiseTheFirstSegmentBehindTheContextIs() {
        assertThat(of("/chat/7/x", "p")).isEqualTo("/chat");
        assertThat(of("/chat", "p")).isEqualTo("/chat");
        assertThat(of("", "p")).isEmpty();
        assertThat(names.of(null, "/app", "/app/ws/7", "p", false)).isEqualTo("/app/ws");
        assertThat(names.of(null, "/app", "/%61pp/ws/7", "p", false)).isEqualTo("/%61pp");
        assertThat(of("/" + "a".repeat(10_000), "p")).hasSize(75);
    }

    @Test
    void oneNetworkCannotTakeThemAll() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            seen.add(of("/" + i, "attacker"));
        }
        assertThat(seen).hasSize(17).contains(PathNames.OTHERS);
        assertThat(of("/chat", "honest")).isEqualTo("/chat");
        assertThat(of("/3", "honest")).isEqualTo("/3");
    }

    @Test
    void manyNetworksDriveOutThoseSeenLongestAgo() {
        for (int i = 0; i < 100_000; i++) {
            of("/" + i, "attacker" + i % 310);
        }
        assertThat(of("/chat", "honest")).isEqualTo("/chat");
    }
}
