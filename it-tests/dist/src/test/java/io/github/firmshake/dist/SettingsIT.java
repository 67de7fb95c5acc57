package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings given from outside the application, and in its web.xml. */
class SettingsIT {

    private static final String WEB_XML = "webapps/examples/WEB-INF/web.xml";

    @ParameterizedTest
    @EnumSource
    void rejectSetForEveryApplicationOutsideTheWar(Distribution distribution) throws Exception {
        TomcatBase base = dropin(distribution, "parameter")
                .insert("conf/context.xml", "</Context>", Page.INSTALL.snippet("parameter"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).contains("onInvalid=reject");
            Refusals.assertRefusesCompletely(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rejectSetInTheWar(Distribution distribution) throws Exception {
        TomcatBase base = dropin(distribution, "context-param")
                .insert(WEB_XML, "</web-app>", Page.INSTALL.snippet("context-param"));
        try (RunningTomcat tomcat = base.start()) {
            Refusals.assertRefusesCompletely(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMisspeltSettingKeepsTheApplicationFromStartingAndSaysWhy(Distribution distribution) throws Exception {
        TomcatBase base = dropin(distribution, "misspelt");
        // For this application alone.
        Path file = base.directory().resolve("conf/Catalina/localhost/examples.xml");
        Files.createDirectories(file.getParent());
        String parameter = Page.INSTALL.snippet("parameter").replace("onInvalid", "repiar");
        Files.writeString(file, "<Context>\n" + parameter + "\n</Context>\n");
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).contains("Context [/examples] startup failed due to previous errors");
            assertThat(tomcat.exchange("GET /examples/index.html HTTP/1.1\nHost: localhost")
                            .status())
                    .isEqualTo(404);
            assertThat(tomcat.lines("irmshake"))
                    .map(LogLines::timeless)
                    .containsExactly(LogLines.timeless(Page.INSTALL.snippet("misspelt-line")));
        }
    }

    private static TomcatBase dropin(Distribution distribution, String name) throws IOException, InterruptedException {
        return TomcatBase.of(distribution, name).run(Page.INSTALL.snippet("dropin"));
    }
}
