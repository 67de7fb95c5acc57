package io.github.firmshake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.firmshake.diagnosis.Explain;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

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
