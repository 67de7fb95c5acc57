package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same application before: what the other tests owe to Firmshake. */
class WithoutIT {

    @ParameterizedTest
    @EnumSource
    void theSameRequestsFailWithoutAWord(Distribution distribution) throws Exception {
        try (RunningTomcat tomcat = TomcatBase.of(distribution, "without").start()) {
            assertFailsSilently(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takenOutAsThePageSaysItLeavesNoTrace(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "removed").run(Page.INSTALL.snippet("dropin"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).contains("Firmshake 0.2.0 filter");
        }
        base.run(Page.INSTALL.snippet("remove"));
        try (RunningTomcat tomcat = base.start()) {
            assertFailsSilently(tomcat);
        }
    }

    private static void assertFailsSilently(RunningTomcat tomcat) throws IOException {
        List<String> before = tomcat.consoleWithoutFolder().lines().toList();
        String repairable = Page.INSTALL.snippet("repaired");
        String stripped = repairable.replace("Upgrade: websocket\n", "").replace("keep-alive", "close");
        assertThat(tomcat.exchange(repairable).status()).isEqualTo(400);
        assertThat(tomcat.exchange(stripped).status()).isEqualTo(404);
        assertThat(tomcat.consoleWithoutFolder().lines()).isEqualTo(before);
        assertThat(before).noneMatch(line -> line.toLowerCase().contains("firmshake"));
    }
}
