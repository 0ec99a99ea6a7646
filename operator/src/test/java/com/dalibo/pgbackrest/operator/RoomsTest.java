package com.dalibo.pgbackrest.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The rooms of the operator; those of the modules below are held by the sidecar's test of this
/// name.
@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  private static final String ROOT = "com.dalibo.pgbackrest.operator";
  private static final int MOST_FILES = 20;

  /// Each room, and the rooms that it may know. The door, `operator`, knows them all.
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("admission", Set.of("inventory")),
          Map.entry("adoption", Set.of("event", "inventory", "status")),
          Map.entry("drill", Set.of("drill.run", "event", "inventory")),
          Map.entry("drill.run", Set.of("inventory", "job")),
          Map.entry("event", Set.of()),
          Map.entry("leader", Set.of("inventory")),
          Map.entry("injection", Set.of("admission", "inventory")),
          Map.entry("inspection", Set.of("inventory", "job", "permissions", "status")),
          Map.entry("job", Set.of("inventory", "permissions")),
          Map.entry("inventory", Set.of()),
          Map.entry("permissions", Set.of("inventory")),
          Map.entry("plan", Set.of("inventory", "job", "permissions", "status")),
          Map.entry("status", Set.of("admission", "event", "inventory")),
          Map.entry("tls", Set.of()));

  @ArchTest
  static void everyRoomIsInTheTable(JavaClasses classes) {
    assertThat(
            classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toSet()))
        .isEqualTo(MAY_KNOW.keySet());
  }

  @ArchTest
  static void aRoomKnowsOnlyTheRoomsNamedForIt(JavaClasses classes) {
    MAY_KNOW.forEach(
        (room, known) ->
            classes()
                .that(isIn(room))
                .should()
                .onlyDependOnClassesThat(
                    isIn(room).or(isInOne(known)).or(resideOutsideOfPackage(ROOT + "..")))
                .check(classes));
  }

  @ArchTest
  static void roomsFormNoCircle(JavaClasses classes) {
    slices().matching("com.dalibo.pgbackrest.(**)").should().beFreeOfCycles().check(classes);
  }

  @ArchTest
  static void aRoomIsSmallAndNullMarked(JavaClasses classes) {
    classes.stream()
        .map(JavaClass::getPackage)
        .distinct()
        .forEach(
            room -> {
              assertThat(room.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                  .as("package-info.java of %s has @NullMarked", room.getName())
                  .isTrue();
              assertThat(files(room))
                  .as("source files in %s", room.getName())
                  .hasSizeLessThanOrEqualTo(MOST_FILES);
            });
  }

  private static DescribedPredicate<JavaClass> isIn(String room) {
    return resideInAPackage(ROOT + "." + room);
  }

  private static DescribedPredicate<JavaClass> isInOne(Set<String> rooms) {
    return DescribedPredicate.describe(
        "in one of " + rooms,
        each -> rooms.stream().anyMatch(room -> each.getPackageName().equals(ROOT + "." + room)));
  }

  private static Set<String> files(JavaPackage room) {
    return room.getClasses().stream()
        .flatMap(each -> each.getSource().stream())
        .flatMap(source -> source.getFileName().stream())
        .filter(name -> !name.equals("package-info.java"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
