package com.dalibo.pgbackrest.sidecar;

import static java.util.Map.entry;

import com.dalibo.pgbackrest.testbed.rooms.Rooms;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The rooms of the sidecar and of the modules below it.
@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  /// Each package, and the packages of its own module that it may know.
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("cnpgi", Set.of("cnpgi.object", "cnpgi.socket")),
          entry("cnpgi.log", Set.of()),
          entry("cnpgi.object", Set.of()),
          entry("cnpgi.socket", Set.of()),
          entry("command", Set.of("error", "info", "postgres", "process")),
          entry("config", Set.of()),
          entry("error", Set.of("process")),
          entry("info", Set.of("error", "postgres")),
          entry("postgres", Set.of()),
          entry("process", Set.of()),
          entry("selection", Set.of("info", "postgres")),
          entry(
              "stanza.api",
              Set.of("stanza.api.reason", "stanza.api.repository", "stanza.api.status")),
          entry("stanza.api.plan", Set.of("stanza.api", "stanza.api.status")),
          entry("stanza.api.drill", Set.of("stanza.api", "stanza.api.status")),
          entry("stanza.api.pluginconfig", Set.of("stanza.api", "stanza.api.status")),
          entry("stanza.api.reason", Set.of()),
          entry("stanza.api.repository", Set.of()),
          entry("stanza.api.status", Set.of("stanza.api.reason")),
          entry("stanza.cluster", Set.of("stanza.api", "stanza.api.reason")),
          entry("stanza.contract", Set.of()),
          entry(
              "stanza.options",
              Set.of(
                  "stanza.api", "stanza.api.reason", "stanza.api.repository", "stanza.contract")),
          entry(
              "stanza.rendering",
              Set.of("stanza.api", "stanza.api.reason", "stanza.api.repository", "stanza.options")),
          entry("sidecar.backup", under("wal", "retention", "standby", "stanza", "ownership")),
          entry("sidecar.choice", under("wal", "walrestore")),
          entry("sidecar.failure", Set.of("sidecar.remedy")),
          entry("sidecar.kubernetes", Set.of("sidecar.failure", "sidecar.remedy")),
          entry("sidecar.metrics", under("status", "verify", "wal", "walarchive")),
          entry("sidecar.ownership", under()),
          entry("sidecar.plan", under("choice", "wal", "walrestore")),
          entry("sidecar.remedy", Set.of()),
          entry("sidecar.restore", under("choice", "ownership", "wal", "walrestore")),
          entry("sidecar.retention", under()),
          entry(
              "sidecar.session",
              Set.of("sidecar.failure", "sidecar.kubernetes", "sidecar.settings")),
          entry("sidecar.settings", Set.of()),
          entry("sidecar.standby", under()),
          entry("sidecar.stanza", under("ownership")),
          entry("sidecar.status", under("retention", "verify", "wal", "walarchive")),
          entry("sidecar.verify", under("wal")),
          entry("sidecar.wal", under()),
          entry("sidecar.walarchive", under("ownership", "stanza")),
          entry("sidecar.walrestore", under("wal", "walretry")),
          entry("sidecar.walretry", under()),
          entry(
              "testbed",
              Set.of("testbed.postgres", "testbed.program", "testbed.store", "testbed.tls")),
          entry(
              "testbed.cnpg", Set.of("testbed.kubernetes", "testbed.postgres", "testbed.program")),
          entry("testbed.kubernetes", Set.of("testbed.tls")),
          entry("testbed.postgres", Set.of("testbed.program")),
          entry("testbed.program", Set.of()),
          entry("testbed.rooms", Set.of()),
          entry("testbed.store", Set.of("testbed.program", "testbed.tls")),
          entry("testbed.tls", Set.of()));

  /// What every room of the sidecar may know, and these.
  private static Set<String> under(String... rooms) {
    var all = new TreeSet<>(Set.of("failure", "kubernetes", "remedy", "session", "settings"));
    all.addAll(Set.of(rooms));
    return all.stream().map("sidecar."::concat).collect(Collectors.toUnmodifiableSet());
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
    return new Rooms(classes, MAY_KNOW, "sidecar");
  }
}
