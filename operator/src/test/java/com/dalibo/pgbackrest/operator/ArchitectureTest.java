package com.dalibo.pgbackrest.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.Status;

@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theOperatorStartsNoPrograms =
      noClasses()
          .that()
          .resideInAPackage("..operator")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.dalibo.pgbackrest.program", "com.dalibo.pgbackrest.sidecar")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(ProcessBuilder.class);

  @ArchTest
  static final ArchRule thoseBelowKnowNothingOfTheOperator =
      noClasses()
          .that()
          .resideOutsideOfPackage("..operator")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.dalibo.pgbackrest.operator");

  @ArchTest
  static final ArchRule onlyMainReadsTheEnvironment =
      noClasses()
          .that()
          .resideInAPackage("..operator")
          .and()
          .doNotHaveSimpleName("OperatorMain")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule onlyFailuresKnowsStatusCodes =
      noClasses()
          .that()
          .resideInAPackage("..operator")
          .and()
          .doNotHaveSimpleName("Failures")
          .and()
          .haveSimpleNameNotContaining("CallTimes")
          .and()
          .doNotHaveFullyQualifiedName("com.dalibo.pgbackrest.operator.CallTimes$1")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Status.class);

  @ArchTest
  static final ArchRule decisionsDoNotTalkToKubernetes =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("Injection")
          .or()
          .haveSimpleName("PodChange")
          .or()
          .haveSimpleName("Sidecars")
          .or()
          .haveSimpleName("SidecarAccess")
          .or()
          .haveSimpleName("LifecycleService")
          .or()
          .haveSimpleName("ClusterProblems")
          .or()
          .haveSimpleName("Inventory")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(KubernetesClient.class);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .that()
          .resideInAPackage("..operator")
          .should()
          .haveSimpleNameContaining("Util")
          .orShould()
          .haveSimpleNameContaining("Helper")
          .orShould()
          .haveSimpleNameContaining("Manager")
          .orShould()
          .haveSimpleNameContaining("Common");
}
