package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// WAL on a volume of its own and a tablespace, there and back.
class VolumesStory {
  private static final String MORE =
      "  walStorage: {size: 1Gi}\n  tablespaces: [{name: fast, storage: {size: 1Gi}}]\n  storage:";

  @RegisterExtension final StoryTeller teller = new StoryTeller("volumes");

  @Test
  void walOnItsOwnVolumeAndATablespaceAreRestored() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("  storage:", MORE));
    story.awaitReady("cluster-demo");
    story.await(
        "the tablespace is there",
        Story.READY,
        () ->
            story.psql(
                "cluster-demo-1", "SELECT count(*) FROM pg_tablespace WHERE spcname = 'fast'"),
        "1"::equals);
    story.psql("cluster-demo-1", "CREATE TABLE story TABLESPACE fast AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster-restored.yaml").with("  storage:", MORE));
    story.awaitReady("cluster-restored");

    assertThat(story.psql("cluster-restored-1", "SELECT sum(n) FROM story")).isEqualTo("3");
    assertThat(
            story.exec(
                "cluster-restored-1",
                "postgres",
                "readlink",
                "/var/lib/postgresql/data/pgdata/pg_wal"))
        .isEqualTo("/var/lib/postgresql/wal/pg_wal");
    assertThat(
            story.psql(
                "cluster-restored-1",
                "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'"))
        .isEqualTo("/var/lib/postgresql/tablespaces/fast/data");
  }

  @Test
  void aRepositoryOnAVolumeIsBackedUpToAndRestoredFrom() {
    Story story = teller.story();
    story.apply(
        Manifest.example("stanza-volume.yaml")
            .with("ReadWriteMany", "ReadWriteOnce")
            .with("100Gi", "1Gi"));
    story.apply(Story.quick("cluster.yaml").with("stanza-sample", "stanza-volume"));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster-restored.yaml").with("stanza-sample", "stanza-volume"));
    story.awaitReady("cluster-restored");

    assertThat(story.psql("cluster-restored-1", "SELECT sum(n) FROM story")).isEqualTo("3");
  }
}
