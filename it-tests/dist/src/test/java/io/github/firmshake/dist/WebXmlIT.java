package io.github.firmshake.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Firmshake registered by the application's own web.xml. */
class WebXmlIT {

    private static final String WEB_XML = "webapps/examples/WEB-INF/web.xml";
    private static final String IN_FRONT = "; stands before the container's WebSocket filter";

    @ParameterizedTest
    @EnumSource
    void thePlainJarsAloneRegisterNothing(Distribution distribution) throws Exception {
        try (RunningTomcat tomcat = plain(distribution, "plain").start()) {
            assertThat(tomcat.consoleWithoutFolder()).doesNotContainIgnoringCase("firmshake");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theListenerPutsTheFilterInFront(Distribution distribution) throws Exception {
        TomcatBase base =
                plain(distribution, "listener").insert(WEB_XML, "</web-app>", Page.INSTALL.snippet("listener"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT);
            assertRepairs(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFilterAloneStandsInFrontToo(Distribution distribution) throws Exception {
        // Before the examples' own filters.
        TomcatBase base = plain(distribution, "filter")
                .insert(WEB_XML, "<!-- Define example filters -->", Page.INSTALL.snippet("filter"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT);
            assertRepairs(tomcat);
            Refusals.assertRefusesCompletely(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeclaredFilterIsAdoptedByDropinAndListenerAlike(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "adopted")
                .run(Page.INSTALL.snippet("dropin"))
                .insert(WEB_XML, "<!-- Define example filters -->", Page.INSTALL.snippet("filter"))
                .insert(WEB_XML, "</web-app>", Page.INSTALL.snippet("listener"));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT).contains("onInvalid=reject");
            assertRepairs(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void metadataNeedNotBeComplete(Distribution distribution) throws Exception {
        TomcatBase base = TomcatBase.of(distribution, "incomplete")
                .run(Page.INSTALL.snippet("dropin"))
                .edit(WEB_XML, xml -> xml.replace("metadata-complete=\"true\"", "metadata-complete=\"false\""));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT);
            assertRepairs(tomcat);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbsoluteOrderingHidesTheDropinJarUntilItNamesIt(Distribution distribution) throws Exception {
        String ordered = Page.INSTALL.snippet("ordered").strip();
        TomcatBase base = TomcatBase.of(distribution, "ordered")
                .run(Page.INSTALL.snippet("dropin"))
                .insert(WEB_XML, "</web-app>", "<absolute-ordering/>");
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.consoleWithoutFolder()).doesNotContainIgnoringCase("firmshake");
        }
        base.edit(WEB_XML, xml -> xml.replace("<absolute-ordering/>", ordered));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT);
        }
        base.edit(WEB_XML, xml -> xml.replace(ordered, "<absolute-ordering/>" + Page.INSTALL.snippet("listener")));
        try (RunningTomcat tomcat = base.start()) {
            assertThat(tomcat.console()).containsOnlyOnce(IN_FRONT);
            assertRepairs(tomcat);
        }
    }

    private static TomcatBase plain(Distribution distribution, String name) throws IOException, InterruptedException {
        return TomcatBase.of(distribution, name).run(Page.INSTALL.snippet("plain"));
    }

    private static void assertRepairs(RunningTomcat tomcat) throws IOException {
        tomcat.assertEchoes(Page.INSTALL.snippet("repaired"));
    }
}
