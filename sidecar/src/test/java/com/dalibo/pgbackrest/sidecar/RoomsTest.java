package com.dalibo.pgbackrest.sidecar;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
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

/// A package is a room: small, checked for nullness, and it knows only the rooms named here.
@AnalyzeClasses(
    packages = "com.dalibo.pgbackrest",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  private static final String ROOT = "com.dalibo.pgbackrest.";
  private static final int MOST_FILES = 20;

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
          entry("sidecar.failure", Set.of()),
          entry("sidecar.kubernetes", Set.of("sidecar.failure")),
          entry("sidecar.metrics", under("status", "verify", "wal", "walarchive")),
          entry("sidecar.ownership", under()),
          entry("sidecar.plan", under("choice", "wal", "walrestore")),
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
          entry("testbed.store", Set.of("testbed.program", "testbed.tls")),
          entry("testbed.tls", Set.of()));

  /// The door of the sidecar knows every room and the protocol; nobody knows the door.
  private static final String DOOR = "sidecar";

  /// What every room of the sidecar may know, and these.
  private static Set<String> under(String... rooms) {
    var all = new TreeSet<>(Set.of("failure", "kubernetes", "session", "settings"));
    all.addAll(Set.of(rooms));
    return all.stream().map("sidecar."::concat).collect(Collectors.toUnmodifiableSet());
  }

  @ArchTest
  static void everyRoomIsInTheTable(JavaClasses classes) {
    assertThat(rooms(classes)).isEqualTo(with(DOOR));
  }

  private static Set<String> with(String room) {
    var all = new TreeSet<>(MAY_KNOW.keySet());
    all.add(room);
    return all;
  }

  @ArchTest
  static void aRoomKnowsOnlyTheRoomsNamedForIt(JavaClasses classes) {
    MAY_KNOW.forEach(
        (room, known) ->
            classes()
                .that(resideInAPackage(ROOT + room))
                .should()
                .onlyDependOnClassesThat(isOfAnotherModule(room).or(isIn(room)).or(isInOne(known)))
                .check(classes));
  }

  @ArchTest
  static void roomsFormNoCircle(JavaClasses classes) {
    slices().matching("com.dalibo.pgbackrest.(**)").should().beFreeOfCycles().check(classes);
  }

  @ArchTest
  static void aRoomIsSmallAndNullMarked(JavaClasses classes) {
    packages(classes)
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

  private static Set<String> files(JavaPackage room) {
    return room.getClasses().stream()
        .map(JavaClass::getSource)
        .flatMap(source -> source.stream())
        .flatMap(source -> source.getFileName().stream())
        .filter(name -> !name.equals("package-info.java"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<JavaPackage> packages(JavaClasses classes) {
    return classes.stream()
        .filter(each -> !each.getPackageName().startsWith(ROOT + "cnpgi.proto"))
        .map(JavaClass::getPackage)
        .collect(Collectors.toSet());
  }

  private static Set<String> rooms(JavaClasses classes) {
    return packages(classes).stream()
        .map(room -> room.getName().substring(ROOT.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static DescribedPredicate<JavaClass> isIn(String room) {
    return resideInAPackage(ROOT + room);
  }

  private static DescribedPredicate<JavaClass> isInOne(Set<String> rooms) {
    return DescribedPredicate.describe(
        "in one of " + rooms,
        each -> rooms.stream().anyMatch(room -> each.getPackageName().equals(ROOT + room)));
  }

  /// What a module may know of others is held by Maven and by [ArchitectureTest].
  private static DescribedPredicate<JavaClass> isOfAnotherModule(String room) {
    var own = module(room);
    return resideOutsideOfPackage("com.dalibo.pgbackrest..")
        .or(
            DescribedPredicate.describe(
                "of another module",
                other ->
                    other.getPackageName().startsWith(ROOT)
                        && !module(other.getPackageName().substring(ROOT.length())).equals(own)));
  }

  /// The first part of a name, where it is the module; the packages of `pgbackrest` have none, and
  /// generated code counts as a module of its own.
  private static String module(String room) {
    if (room.startsWith("cnpgi.proto")) {
      return "cnpgi.proto";
    }
    var dot = room.indexOf('.');
    var first = dot < 0 ? room : room.substring(0, dot);
    return Set.of("cnpgi", "stanza", "sidecar", "operator", "testbed").contains(first)
        ? first
        : "pgbackrest";
  }
}
