package com.dalibo.pgbackrest.sidecar;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.grpc.Status;

@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String SIDECAR = "..pgbackrest.sidecar..";

  @ArchTest
  static final ArchRule theSidecarKnowsNeitherOperatorNorItsLibraries =
      noClasses()
          .that()
          .resideInAPackage(SIDECAR)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..pgbackrest.operator..", "io.fabric8..", "com.fasterxml..", "org.slf4j..");

  @ArchTest
  static final ArchRule protocolKnowsNothingOfUs =
      noClasses()
          .that()
          .resideInAPackage("..pgbackrest.cnpgi..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..pgbackrest.command..",
              "..pgbackrest.config..",
              "..pgbackrest.error..",
              "..pgbackrest.info..",
              "..pgbackrest.postgres..",
              "..pgbackrest.process..",
              "..pgbackrest.selection..",
              "..pgbackrest.stanza..",
              SIDECAR);

  @ArchTest
  static final ArchRule theProgramKnowsNeitherKubernetesNorGrpc =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..pgbackrest.command..",
              "..pgbackrest.config..",
              "..pgbackrest.error..",
              "..pgbackrest.info..",
              "..pgbackrest.postgres..",
              "..pgbackrest.process..",
              "..pgbackrest.selection..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..pgbackrest.cnpgi..", "..pgbackrest.stanza..", SIDECAR, "io.grpc..");

  @ArchTest
  static final ArchRule onlyGrpcStatusKnowsGrpcCodes =
      noClasses()
          .that()
          .resideInAPackage(SIDECAR)
          .and()
          .doNotHaveSimpleName("GrpcStatus")
          .and()
          .doNotHaveSimpleName("StartCacheTrainingCalls")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Status.class);

  @ArchTest
  static final ArchRule onlyTheDoorKnowsTheProtocol =
      noClasses()
          .that()
          .resideInAPackage("com.dalibo.pgbackrest.sidecar.*..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.dalibo.pgbackrest.cnpgi.proto..", "io.grpc..");

  @ArchTest
  static final ArchRule programsAreStartedInOnePlace =
      noClasses()
          .that()
          .resideInAPackage(SIDECAR)
          .and()
          .doNotHaveSimpleName("StartCacheTraining")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class);

  @ArchTest
  static final ArchRule onlySettingsReadTheEnvironment =
      noClasses()
          .that()
          .resideInAPackage(SIDECAR)
          .and()
          .haveSimpleNameNotEndingWith("Settings")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .that()
          .resideInAPackage(SIDECAR)
          .should()
          .haveSimpleNameContaining("Util")
          .orShould()
          .haveSimpleNameContaining("Helper")
          .orShould()
          .haveSimpleNameContaining("Manager");
}
