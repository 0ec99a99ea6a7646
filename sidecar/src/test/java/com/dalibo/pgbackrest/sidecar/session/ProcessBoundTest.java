package com.dalibo.pgbackrest.sidecar.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessBoundTest {
  private static final Cluster CLUSTER =
      Cluster.parse("{\"metadata\": {\"name\": \"app\"}}".getBytes(StandardCharsets.UTF_8));

  private final List<String> notices = new ArrayList<>();

  @Test
  void fewerRunWhereMemoryHasNoRoomAndTheClusterIsTold() throws Exception {
    assertThat(processes(Optional.of(64L << 20), 4)).contains("1");
    assertThat(notices)
        .containsExactly(
            "stanza 'main' has processMax 4, and a memory limit of 64Mi has room for 1 in a backup"
                + " and 1 otherwise, so no more run; for more, raise"
                + " resourcesRequirement.limits.memory in the PluginConfig of the cluster, by 80Mi for"
                + " each of a backup");
  }

  /// The configuration is made for each segment of WAL.
  @Test
  void theClusterIsToldOnceUntilTheLimitIsAnother() throws Exception {
    var limit = new AtomicLong(64);
    var bound =
        new ProcessBound(
            () -> new MemoryLimit(Optional.of(limit.get() << 20)),
            (_, message) -> notices.add(message));

    for (var segment = 0; segment < 3; segment++) {
      var _ = bound.apply(CLUSTER, stanza(4), configuration("4"));
    }
    assertThat(notices).hasSize(1);
    limit.set(128);
    assertThat(bound.apply(CLUSTER, stanza(4), configuration("4")).global("process-max"))
        .contains("2");
    assertThat(notices).hasSize(2).last().asString().contains("limit of 128Mi has room for 1");
    limit.set(384);
    assertThat(bound.apply(CLUSTER, stanza(4), configuration("4")).global("process-max"))
        .contains("4");
    limit.set(128);
    var _ = bound.apply(CLUSTER, stanza(4), configuration("4"));

    assertThat(notices).hasSize(3);
  }

  @Test
  void aBackupHasTheProcessesThatItsConfigurationGivesIt() {
    var bare = Configuration.builder("main").build();
    assertThat(ProcessBound.ofBackup(bare)).isEqualTo(1);
    assertThat(ProcessBound.ofBackup(configuration("4"))).isEqualTo(4);
    assertThat(
            ProcessBound.ofBackup(
                configuration("4").toBuilder().command("backup", "process-max", "3").build()))
        .isEqualTo(3);
    assertThat(ProcessBound.ofBackup(configuration("0"))).isEqualTo(1);
    assertThat(ProcessBound.ofBackup(configuration("many"))).isEqualTo(1);
  }

  @Test
  void aBackupHasFewerThanOtherCommands() throws Exception {
    var reduced =
        bound(Optional.of(224L << 20)).apply(CLUSTER, stanza(4), configuration("4")).render();

    assertThat(reduced).contains("process-max=4\n").contains("[global:backup]\nprocess-max=2\n");
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("a memory limit of 224Mi has room for 2 in a backup and 4 otherwise");
  }

  @Test
  void anOptionOfTheUserForBackupsStays() throws Exception {
    var configuration =
        configuration("4").toBuilder().command("backup", "process-max", "3").build();

    var reduced =
        bound(Optional.of(128L << 20))
            .apply(
                CLUSTER,
                stanza(4, ", \"options\": {\"backup:process-max\": \"3\"}"),
                configuration);

    assertThat(reduced.render()).contains("[global:backup]\nprocess-max=3\n");
    assertThat(reduced.global("process-max")).contains("2");
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("has processMax 4, and a memory limit of 128Mi has room for 1 in a backup and 2");
  }

  @Test
  void whatHasRoomStays() throws Exception {
    assertThat(processes(Optional.of(384L << 20), 4)).contains("4");
    assertThat(processes(Optional.empty(), 4)).contains("4");
    assertThat(notices).isEmpty();
  }

  @Test
  void anOptionOfTheUserStays() throws Exception {
    var configuration = configuration("8");

    assertThat(bound(Optional.of(64L << 20)).apply(CLUSTER, stanza(4), configuration))
        .isEqualTo(configuration);
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1, -, -",
    "2, -, -",
    "4, -, 2",
    "8, -, 4",
    "64, -, 16",
    "8, 160, -",
    "8, 224, 2",
    "8, 64, -"
  })
  void aBackupUsesHalfOfTheCpusWhereTheStanzaSaysNothing(int cpus, String limit, String processes)
      throws Exception {
    var bytes = limit.equals("-") ? Optional.<Long>empty() : Optional.of(Long.valueOf(limit) << 20);
    var bound =
        new ProcessBound(() -> new MemoryLimit(bytes), cpus, (_, message) -> notices.add(message));
    var configuration = Configuration.builder("main").global("lock-path", "/lock").build();

    var rendered = bound.apply(CLUSTER, stanza(0), configuration).render();

    if (processes.equals("-")) {
      assertThat(rendered).doesNotContain("process-max");
    } else {
      assertThat(rendered).contains("[global:backup]\nprocess-max=" + processes + "\n");
    }
    assertThat(notices).isEmpty();
  }

  private Optional<String> processes(Optional<Long> bytes, int asked) throws Exception {
    return bound(bytes)
        .apply(CLUSTER, stanza(asked), configuration(Integer.toString(asked)))
        .global("process-max");
  }

  private ProcessBound bound(Optional<Long> bytes) {
    return new ProcessBound(() -> new MemoryLimit(bytes), (_, message) -> notices.add(message));
  }

  private static Configuration configuration(String processes) {
    return Configuration.builder("main").global("process-max", processes).build();
  }

  private static Stanza stanza(int processes) throws InvalidStanzaException {
    return stanza(processes, "");
  }

  private static Stanza stanza(int processes, String more) throws InvalidStanzaException {
    return Stanza.parse(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
         "metadata": {"name": "main", "namespace": "shop"},
         "spec": {"stanzaConfiguration": {"name": "main", "processMax": %d %s}}}
        """
            .formatted(processes, more));
  }
}
