package io.github.firmshake.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints which tests failed and passed when Failsafe ran them a second time, so that a race is seen though the build goes
 * on.
 */
public final class FlakyTests {

    private FlakyTests() {}

    /** Takes the folder of the modules as its only argument; says so where every test passed at once. */
    public static void main(String[] args) throws IOException, XMLStreamException {
        List<String> flaky = in(Path.of(args[0]));
        System.out.println(
                flaky.isEmpty()
                        ? "Every test of the containers passed at its first attempt."
                        : "PASSED ONLY WHEN RUN AGAIN, so a fault of the test or of the code:\n  "
                                + String.join("\n  ", flaky));
    }

    static List<String> in(Path modules) throws IOException, XMLStreamException {
        List<Path> reports;
        try (Stream<Path> files = Files.find(
                modules,
                4,
                (file, attributes) -> file.toString().matches(".*/target/failsafe-reports/TEST-[^/]*\\.xml"))) {
            reports = files.sorted().toList();
        }
        List<String> flaky = new ArrayList<>();
        for (Path report : reports) {
            String module = modules.relativize(report).getName(0).toString();
            flakyIn(report).forEach(test -> flaky.add(module + ": " + test));
        }
        return flaky;
    }

    private static List<String> flakyIn(Path report) throws IOException, XMLStreamException {
        List<String> flaky = new ArrayList<>();
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            // A test case names the class that declares it, which is the contract's for every container.
            String suite = "";
            String test = "";
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "testsuite" -> suite = xml.getAttributeValue(null, "name");
                    case "testcase" -> test = xml.getAttributeValue(null, "name");
                    case "flakyFailure", "flakyError" ->
                        flaky.add(suite + "." + test + ": " + xml.getAttributeValue(null, "message"));
                    default -> {}
                }
            }
        }
        return flaky;
    }
}
