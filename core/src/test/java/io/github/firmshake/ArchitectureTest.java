package io.github.firmshake;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.firmshake.diagnosis.Explain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

    /** The classes that use regular expressions, and why that is safe. */
    private static final Map<String, String> REVIEWED_REGULAR_EXPRESSIONS = Map.of(
            "Settings", "reads configuration",
            "Script", "reads the setting scriptPath",
            "FingerprintParser", "reads the bundled file",
            "Conditions", "reads the bundled file; its own expressions meet requests: LinearTimeTest runs each of them",
            "RequestHeadParser", "reads what an operator gives to explain, no request",
            "RepairingConnectionFactory", "reads names of Jetty's methods");

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.firmshake");

    @Test
    void theRulesKnowNothingOfTheirDiagnosis() {
        noClasses()
                .that()
                .resideInAPackage("..handshake..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..diagnosis..", "..web..")
                .check(CORE);
    }

    @Test
    void theDiagnosisKnowsNothingOfWhatIsServed() {
        noClasses()
                .that()
                .resideInAPackage("..diagnosis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..web..")
                .check(CORE);
    }

    @Test
    void nothingLogsOrReadsAClock() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "java.time..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getLogger", String.class)
                .check(CORE);
    }

    // A regular expression over what a client sent can take quadratic time. New code scans.
    @Test
    void regularExpressionsReadNothingThatAClientSent() {
        noClasses()
                .that(areNot(REVIEWED_REGULAR_EXPRESSIONS.keySet()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .orShould()
                .callMethodWhere(target(owner(equivalentTo(String.class)))
                        .and(target(nameMatching("matches|replaceAll|replaceFirst"))))
                .check(CORE);
    }

    // The adapters' classes are not on this module's class path: their sources are read.
    @ParameterizedTest
    @ValueSource(strings = {"core", "filter", "tomcat-valve", "jetty-handler"})
    void norDoAdaptersUseThem(String module) throws IOException {
        Pattern regex = Pattern.compile(
                "java\\.util\\.regex|\\.matches\\(\"|\\.replace(?:All|First)\\(\"|\\.split\\((?!\"[^.$|()\\[{^?*+\\\\]\"[,)])");
        List<String> found = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                String name = source.getFileName().toString().replace(".java", "");
                boolean reviewed = REVIEWED_REGULAR_EXPRESSIONS.containsKey(name);
                if (!reviewed && regex.matcher(Files.readString(source)).find()) {
                    found.add(name);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return DescribedPredicate.describe(
                "are not reviewed", type -> !names.contains(type.getName().replaceAll(".*\\.|\\$.*", "")));
    }

    @Test
    void nothingTouchesTheNetwork() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "javax.net..", "java.nio.channels..")
                .check(CORE);
    }

    @Test
    void onlyTheCommandLineReadsFilesPrintsAndExits() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Explain.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.File")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CORE);
    }
}
