package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose data directory becomes that of a newer PostgreSQL: for pgBackRest another system
/// identifier and version, which is what `pg_upgrade` leaves.
@Timeout(600)
class MajorUpgradeIT {
  private static final int OLD = 16;
  private static final int NEW = 17;

  @TempDir static Path directory;
  private static TestCluster datacenter;

  @BeforeAll
  static void begin() {
    datacenter = new TestCluster(directory, "repo", "other");
  }

  @AfterAll
  static void end() {
    datacenter.close();
  }

  @Test
  void theArchiveFollowsAndBothVersionsCanBeRestored() throws Exception {
    datacenter.stanza(
        "up", "", datacenter.repository("repo", "/up"), datacenter.repository("other", "/up"));
    var cluster = cluster("up", "up");
    String old;
    try (var before = Instance.archiving(datacenter, cluster, OLD)) {
      before.postgres.execute("create table t as select 'old' as v");
      old = before.backup("backupType: full").getBackupId();
      before.archiveAll();
    }
    // As earlier versions of the plugin have it on record.
    datacenter.api.apply(
        JsonParser.parseString(
                """
                {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza", "metadata": {"name": "up"},
                 "status": {"owner": {"repositories": null}}}
                """)
            .getAsJsonObject());
    assertThat(owner("up").has("repositories")).isFalse();
    empty(directory.resolve("up-1"));

    try (var after = Instance.archiving(datacenter, cluster, NEW)) {
      after.postgres.execute("create table t as select 'new' as v");
      var segment = after.archiveAll();

      assertThat(datacenter.segments("repo", "/up")).contains(segment);
      assertThat(datacenter.segments("other", "/up")).contains(segment);
      assertThat(owner("up").getAsJsonArray("repositories")).hasSize(2);
      Eventually.until(
          "both are told",
          () ->
              events().contains("in repository 1 was upgraded with its cluster")
                  && events().contains("in repository 2 was upgraded with its cluster"));
      assertThat(events())
          .contains(
              "the stanza 'main' in repository 1 was upgraded with its cluster from PostgreSQL 16 to 17; backups of 16"
                  + " stay there. Take a full backup now: what is written from now on cannot be restored without it")
          .contains(
              "the stanza 'main' in repository 2 was upgraded with its cluster from PostgreSQL 16 to 17");
      assertThat(after.backup("backupType: incr").getBackupId()).endsWith("F");
      after.archiveAll();
    }
    try (var restored =
        Instance.recovery(datacenter, TestCluster.recovering("to-new", "up", "", ""), NEW)
            .recovered()) {
      assertThat(restored.postgres.value("select v from t")).isEqualTo("new");
    }
    try (var restored =
        Instance.recovery(
                datacenter,
                TestCluster.recovering(
                    "to-old", "up", "backupID: " + old + ", targetImmediate: true", ""),
                OLD)
            .recovered()) {
      assertThat(restored.postgres.value("select v from t")).isEqualTo("old");
    }
  }

  @Test
  void aBackupMayComeBeforeTheFirstWalOfTheNewVersion() throws Exception {
    datacenter.stanza("early", "", datacenter.repository("repo", "/early"));
    var cluster = cluster("early", "early");
    try (var before = Instance.archiving(datacenter, cluster, OLD)) {
      before.archiveAll();
    }
    empty(directory.resolve("early-1"));

    try (var after = Instance.archiving(datacenter, cluster, NEW)) {
      assertThat(after.backup("backupType: full").getBackupId()).endsWith("F");
    }
  }

  @Test
  void anUpgradeThatCouldNotBeRecordedIsRecordedWithTheNextBackup() throws Exception {
    datacenter.stanza("late", "", datacenter.repository("repo", "/late"));
    var cluster = cluster("late", "late");
    try (var before = Instance.archiving(datacenter, cluster, OLD)) {
      before.archiveAll();
    }
    var old = systemIdentifierOnRecord("late");
    empty(directory.resolve("late-1"));

    datacenter.api.fail("/stanzas/late/status", 500);
    try (var after = Instance.archiving(datacenter, cluster, NEW)) {
      after.archiveAll();
      datacenter.api.heal();
      assertThat(systemIdentifierOnRecord("late")).isEqualTo(old);
      after.backup("backupType: full");

      assertThat(systemIdentifierOnRecord("late"))
          .isEqualTo(after.postgres.value("select system_identifier from pg_control_system()"));
    }
  }

  @Test
  void aDataDirectoryThatWasInitialisedAnewIsNoUpgrade() throws Exception {
    datacenter.stanza("anew", "", datacenter.repository("repo", "/anew"));
    var cluster = cluster("anew", "anew");
    try (var before = Instance.archiving(datacenter, cluster, NEW)) {
      before.archiveAll();
    }
    empty(directory.resolve("anew-1"));

    try (var after = Instance.archiving(datacenter, cluster, NEW)) {
      after.postgres.switchWal();
      Eventually.until("the archiver is refused", () -> !after.manager.archiveErrors().isEmpty());

      assertThat(after.manager.archiveErrors().getFirst())
          .contains("FAILED_PRECONDITION")
          .contains(
              "holds the archive of another PostgreSQL, and it is not certain that a major "
                  + "upgrade of that made this cluster: the data directory has system identifier")
          .contains("which is not a major upgrade from")
          .contains("it was newly initialised. Give this cluster a Stanza with another repoPath");
    }
  }

  private static ClusterDefinition cluster(String name, String stanza) {
    return TestCluster.archiving(name, stanza);
  }

  private static String systemIdentifierOnRecord(String stanza) {
    return owner(stanza).get("systemIdentifier").getAsString();
  }

  private static JsonObject owner(String stanza) {
    return datacenter
        .api
        .get("stanzas", "default", stanza)
        .orElseThrow()
        .getAsJsonObject("status")
        .getAsJsonObject("owner");
  }

  private static String events() {
    return datacenter.api.events().toString();
  }

  private static void empty(Path pod) throws IOException {
    try (var files = Files.walk(pod)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
