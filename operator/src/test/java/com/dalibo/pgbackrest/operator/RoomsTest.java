package com.dalibo.pgbackrest.operator;

import static java.util.Map.entry;

import com.dalibo.pgbackrest.testbed.rooms.Rooms;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rooms of the operator; those of the modules below are held by the sidecar's test of this
/// name.
@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  /// Each package, and the packages of the operator that it may know.
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("operator.admission", under("inventory")),
          entry("operator.adoption", under("event", "inventory", "status")),
          entry("operator.drill", under("drill.run", "event", "inventory")),
          entry("operator.drill.run", under("inventory", "job")),
          entry("operator.event", under()),
          entry("operator.leader", under("inventory")),
          entry("operator.injection", under("admission", "inventory")),
          entry("operator.inspection", under("inventory", "job", "permissions", "status")),
          entry("operator.job", under("inventory", "permissions")),
          entry("operator.inventory", under()),
          entry("operator.permissions", under("inventory")),
          entry("operator.plan", under("inventory", "job", "permissions", "status")),
          entry("operator.status", under("admission", "event", "inventory")),
          entry("operator.tls", under()));

  private static Set<String> under(String... rooms) {
    return Stream.of(rooms).map("operator."::concat).collect(Collectors.toUnmodifiableSet());
  }

  @ArchTest
  static void everyRoomIsInTheTable(JavaClasses classes) {
    rooms(classes).areThoseOfTheTable();
  }

  @ArchTest
  static void aRoomKnowsOnlyTheRoomsNamedForIt(JavaClasses classes) {
    rooms(classes).knowOnlyThoseNamedForThem();
  }

  @ArchTest
  static void roomsFormNoCircle(JavaClasses classes) {
    rooms(classes).formNoCircle();
  }

  @ArchTest
  static void aRoomIsSmallAndNullMarked(JavaClasses classes) {
    rooms(classes).areSmallAndNullMarked();
  }

  private static Rooms rooms(JavaClasses classes) {
    return new Rooms(classes, MAY_KNOW, "operator");
  }
}
