package com.dalibo.pgbackrest.testbed.rooms;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The packages of a program. Each is a room: small, checked for nullness, and it knows only the
/// rooms that a table names for it.
public final class Rooms {
  private static final String ROOT = "com.dalibo.pgbackrest.";
  private static final int MOST_FILES = 20;

  private final JavaClasses classes;
  private final Map<String, Set<String>> mayKnow;
  private final String door;

  /// @param mayKnow each room, and the rooms of its own module that it may know
  /// @param door the room that knows every other and the protocol; nobody knows the door
  public Rooms(JavaClasses classes, Map<String, Set<String>> mayKnow, String door) {
    this.classes = classes;
    this.mayKnow = mayKnow;
    this.door = door;
  }

  /// Fails unless each room is in the table or is the door, and each of the table is there.
  public void areThoseOfTheTable() {
    var there =
        packages().stream()
            .map(room -> room.getName().substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    var named = new TreeSet<>(mayKnow.keySet());
    named.add(door);
    if (!there.equals(named)) {
      throw new AssertionError("the rooms are %s, and the table has %s".formatted(there, named));
    }
  }

  /// Fails where a room knows one that the table does not name for it.
  public void knowOnlyThoseNamedForThem() {
    mayKnow.forEach(
        (room, known) ->
            classes()
                .that(resideInAPackage(ROOT + room))
                .should()
                .onlyDependOnClassesThat(isOfAnotherModule(room).or(isIn(room)).or(isInOne(known)))
                .check(classes));
  }

  /// Fails where two rooms know each other.
  public void formNoCircle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(classes);
  }

  /// Fails where a room is too large, or NullAway checks nothing in it.
  public void areSmallAndNullMarked() {
    for (var room : packages()) {
      if (!room.isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
        throw new AssertionError(
            "package-info.java of %s has no @NullMarked".formatted(room.getName()));
      }
      var files = files(room);
      if (files.size() > MOST_FILES) {
        throw new AssertionError(
            "%s has %d source files, more than %d: %s"
                .formatted(room.getName(), files.size(), MOST_FILES, files));
      }
    }
  }

  private Set<JavaPackage> packages() {
    return classes.stream()
        .filter(each -> !each.getPackageName().startsWith(ROOT + "cnpgi.proto"))
        .map(JavaClass::getPackage)
        .collect(Collectors.toSet());
  }

  private static Set<String> files(JavaPackage room) {
    return room.getClasses().stream()
        .flatMap(each -> each.getSource().stream())
        .flatMap(source -> source.getFileName().stream())
        .filter(name -> !name.equals("package-info.java"))
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

  /// What a module may know of others is held by Maven and by `ArchitectureTest`.
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
