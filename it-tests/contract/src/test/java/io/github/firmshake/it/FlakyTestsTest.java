package io.github.firmshake.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlakyTestsTest {

    @TempDir
    private Path modules;

    @Test
    void aTestThatFailedFirstIsNamedWithItsModuleAndWhatItSaid() throws Exception {
        report("tomcat-11", """
                <testcase name="passes" classname="a.Contract"/>
                <testcase name="waits" classname="a.Contract"><flakyFailure message="expected: 1"/></testcase>
                <testcase name="reads" classname="a.Contract"><flakyError message="timed out"/></testcase>
                <testcase name="fails" classname="a.Contract"><failure message="twice"/></testcase>""");
        report("undertow", "<testcase name=\"passes\" classname=\"a.Contract\"/>");

        assertThat(FlakyTests.in(modules))
                .containsExactly("tomcat-11: a.FirstIT.waits: expected: 1", "tomcat-11: a.FirstIT.reads: timed out");
    }

    private void report(String module, String testcases) throws Exception {
        Path folder = Files.createDirectories(modules.resolve(module).resolve("target/failsafe-reports"));
        Files.writeString(folder.resolve("TEST-a.xml"), "<testsuite name=\"a.FirstIT\">" + testcases + "</testsuite>");
    }
}
