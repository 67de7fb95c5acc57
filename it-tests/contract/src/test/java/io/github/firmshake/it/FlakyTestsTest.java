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
                <testcase name="passes" classname="a.FirstIT"/>
                <testcase name="waits" classname="a.FirstIT"><flakyFailure message="expected: 1"/></testcase>
                <testcase name="reads" classname="a.FirstIT"><flakyError message="timed out"/></testcase>
                <testcase name="fails" classname="a.FirstIT"><failure message="twice"/></testcase>""");
        report("undertow", "<testcase name=\"passes\" classname=\"a.SecondIT\"/>");

        assertThat(FlakyTests.in(modules))
                .containsExactly("tomcat-11: a.FirstIT.waits: expected: 1", "tomcat-11: a.FirstIT.reads: timed out");
    }

    private void report(String module, String testcases) throws Exception {
        Path folder = Files.createDirectories(modules.resolve(module).resolve("target/failsafe-reports"));
        Files.writeString(folder.resolve("TEST-a.xml"), "<testsuite>" + testcases + "</testsuite>");
    }
}
