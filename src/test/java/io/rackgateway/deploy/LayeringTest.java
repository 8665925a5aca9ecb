package io.rackgateway.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Dependencies point one way: command line → engine → ports ← adapters, and all of them → model.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayeringTest {

  private static final String ROOT = "io.rackgateway.deploy.";

  private JavaClasses production = new ClassFileImporter().importClasses();

  @BeforeAll
  void read() {
    production =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.rackgateway.deploy");
  }

  @Test
  void modelKnowsNothingOfTheRest() {
    classes()
        .that()
        .resideInAPackage(ROOT + "model")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + "model", "java..", "org.jspecify..", "org.semver4j..")
        .check(production);
  }

  @Test
  void engineKnowsPortsAndNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "cli..",
            ROOT + "config..",
            ROOT + "demo..",
            ROOT + "manifest..",
            ROOT + "driver.*..",
            ROOT + "backup.*..",
            ROOT + "verify.*..",
            ROOT + "diagnose.*..",
            ROOT + "hook.*..",
            ROOT + "notice..",
            ROOT + "journal.*..",
            ROOT + "gate.*..",
            ROOT + "release.*..",
            ROOT + "migration.*..",
            ROOT + "registry..",
            ROOT + "rehearsal..",
            ROOT + "scratch..",
            "okhttp3..",
            "com.fasterxml..",
            "java.sql..")
        .check(production);
  }

  @Test
  void portsKnowNoAdapterAndNoEngine() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "driver",
            ROOT + "backup",
            ROOT + "verify",
            ROOT + "diagnose",
            ROOT + "hook",
            ROOT + "journal",
            ROOT + "gate",
            ROOT + "release",
            ROOT + "time")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "cli..",
            ROOT + "engine..",
            ROOT + "driver.*..",
            ROOT + "backup.*..",
            ROOT + "verify.*..",
            ROOT + "diagnose.*..",
            ROOT + "hook.*..",
            ROOT + "notice..",
            ROOT + "journal.*..",
            ROOT + "gate.*..",
            ROOT + "release.*..",
            ROOT + "rehearsal..",
            ROOT + "scratch..",
            ROOT + "registry..")
        .check(production);
  }

  @Test
  void adaptersKnowNeitherEngineNorCommandLineNorEachOther() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "driver.*..",
            ROOT + "backup.*..",
            ROOT + "verify.*..",
            ROOT + "diagnose..",
            ROOT + "hook..",
            ROOT + "notice..",
            ROOT + "journal.*..",
            ROOT + "gate.*..",
            ROOT + "release..",
            ROOT + "migration..",
            ROOT + "rehearsal..",
            ROOT + "scratch..",
            ROOT + "registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "cli..", ROOT + "engine..", ROOT + "demo..")
        .check(production);
    SlicesRuleDefinition.slices()
        .matching(ROOT + "driver.(*)..")
        .should()
        .notDependOnEachOther()
        .check(production);
  }

  @Test
  void onlyTheCommandLineAssembles() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "cli..")
        .check(production);
  }

  @Test
  void nobodySleepsAndNobodyReadsTheClockBehindTheInjectedOne() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "demo")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(production);
  }

  /** So that commands that have nothing to do with Kubernetes do not load its library. */
  @Test
  void theKubernetesLibraryIsUsedInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "driver.kubernetes")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(production);
  }

  @Test
  void childProcessesStartInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "process..", ROOT + "cli..", ROOT + "demo..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(production);
  }
}
