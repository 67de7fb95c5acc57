package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application comes and goes while the server runs, by Tomcat's own Manager; nothing of Firmshake stays behind. */
class RedeployIT {

    @ParameterizedTest
    @EnumSource
    void reloadedAndUndeployedItLeavesNoThreadAndNoClassLoader(Distribution distribution) throws Exception {
        String settings = Page.INSTALL.snippet("parameter")
                + "<Parameter name=\"firmshake.explainToClient\" value=\"full\" override=\"false\"/>";
        TomcatBase base = Manager.install(TomcatBase.of(distribution, "redeploy"))
                .insert("conf/context.xml", "</Context>", settings)
                .run(Page.INSTALL.snippet("dropin"));
        try (RunningTomcat tomcat = base.start()) {
            for (int reloads = 0; reloads < 3; reloads++) {
                assertWorks(tomcat);
                assertThat(Manager.run(tomcat, "reload?path=/examples")).startsWith("OK");
            }
            assertWorks(tomcat);
            tomcat.await("Firmshake 0.2.0 filter", 4);
            Manager.assertNothingLeaks(tomcat);

            assertThat(Manager.run(tomcat, "undeploy?path=/examples")).startsWith("OK");
            Manager.assertNothingLeaks(tomcat);
            tomcat.assertNothingWasLeft();
        }
    }

    private static void assertWorks(RunningTomcat tomcat) throws IOException {
        String repairable = Page.INSTALL.snippet("repaired");
        for (int times = 0; times < 2; times++) { // the second line of a kind takes other ways than the first
            tomcat.assertEchoes(repairable);
            assertThat(tomcat.exchange(repairable.replace("Upgrade: websocket\n", ""))
                            .status())
                    .isEqualTo(426);
        }
    }
}
