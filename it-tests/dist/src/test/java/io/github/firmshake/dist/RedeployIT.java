package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application comes and goes while the server runs, by Tomcat's own Manager; nothing of Firmshake stays behind. */
class RedeployIT {

    private static final String USER = "<user username=\"it\" password=\"it\" roles=\"manager-script\"/>";

    @ParameterizedTest
    @EnumSource
    void reloadedAndUndeployedItLeavesNoThreadAndNoClassLoader(Distribution distribution) throws Exception {
        String settings = Page.INSTALL.snippet("parameter")
                + "<Parameter name=\"firmshake.explainToClient\" value=\"full\" override=\"false\"/>";
        TomcatBase base = TomcatBase.of(distribution, "redeploy")
                .insert("conf/context.xml", "</Context>", settings)
                .application("manager")
                .insert("conf/tomcat-users.xml", "</tomcat-users>", USER)
                .run(Page.INSTALL.snippet("dropin"));
        try (RunningTomcat tomcat = base.start()) {
            for (int reloads = 0; reloads < 3; reloads++) {
                assertWorks(tomcat);
                assertThat(manage(tomcat, "reload?path=/examples")).startsWith("OK");
            }
            assertWorks(tomcat);
            tomcat.await("Firmshake 0.1.0 filter", 4);
            assertThat(manage(tomcat, "findleaks?statusLine=true")).isEqualTo("OK - No memory leaks found\n");

            assertThat(manage(tomcat, "undeploy?path=/examples")).startsWith("OK");
            assertThat(manage(tomcat, "findleaks?statusLine=true")).isEqualTo("OK - No memory leaks found\n");
            assertThat(tomcat.console()).doesNotContain("but has failed to stop it", "but failed to remove it");
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

    private static String manage(RunningTomcat tomcat, String command) throws IOException {
        String credentials = Base64.getEncoder().encodeToString("it:it".getBytes(StandardCharsets.US_ASCII));
        String request =
                "GET /manager/text/" + command + " HTTP/1.0\nHost: localhost\nAuthorization: Basic " + credentials;
        Response answer = tomcat.exchange(request);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }
}
