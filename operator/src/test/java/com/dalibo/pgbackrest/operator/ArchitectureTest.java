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
          .resideInAPackage("..pgbackrest.operator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.dalibo.pgbackrest.command..",
              "com.dalibo.pgbackrest.process..",
              "com.dalibo.pgbackrest.sidecar..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(ProcessBuilder.class);

  @ArchTest
  static final ArchRule thoseBelowKnowNothingOfTheOperator =
      noClasses()
          .that()
          .resideOutsideOfPackage("..pgbackrest.operator..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.dalibo.pgbackrest.operator..");

  @ArchTest
  static final ArchRule onlyMainReadsTheEnvironment =
      noClasses()
          .that()
          .resideInAPackage("..pgbackrest.operator..")
          .and()
          .doNotHaveSimpleName("OperatorMain")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule onlyGrpcStatusKnowsStatusCodes =
      noClasses()
          .that()
          .resideInAPackage("..pgbackrest.operator..")
          .and()
          .doNotHaveSimpleName("GrpcStatus")
          .and()
          .haveSimpleNameNotContaining("CallDurations")
          .and()
          .doNotHaveFullyQualifiedName("com.dalibo.pgbackrest.operator.tls.CallDurations$1")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Status.class);

  @ArchTest
  static final ArchRule decisionsDoNotTalkToKubernetes =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("Injection")
          .or()
          .haveSimpleName("PodMutation")
          .or()
          .haveSimpleName("SidecarResolver")
          .or()
          .haveSimpleName("SidecarPermissions")
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
          .resideInAPackage("..pgbackrest.operator..")
          .should()
          .haveSimpleNameContaining("Util")
          .orShould()
          .haveSimpleNameContaining("Helper")
          .orShould()
          .haveSimpleNameContaining("Manager")
          .orShould()
          .haveSimpleNameContaining("Common");
}
