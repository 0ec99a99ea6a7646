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
            "stanza 'main' has processMax 4, and a memory limit of 64Mi has room for 1, so no "
                + "more run; for more, raise resourcesRequirement.limits.memory in the PluginConfig of the"
                + " cluster, by 24Mi for each");
  }

  @Test
  void whatHasRoomStays() throws Exception {
    assertThat(processes(Optional.of(256L << 20), 4)).contains("4");
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
  @CsvSource({"1, -, -", "2, -, -", "4, -, 2", "8, -, 4", "64, -, 16", "8, 128, 2", "8, 64, -"})
  void aBackupUsesHalfOfTheCpusWhereTheStanzaSaysNothing(int cpus, String limit, String processes)
      throws Exception {
    var bytes = limit.equals("-") ? Optional.<Long>empty() : Optional.of(Long.valueOf(limit) << 20);
    var bound =
        new ProcessBound(new MemoryLimit(bytes), cpus, (_, message) -> notices.add(message));
    var configuration = Configuration.builder("main").global("lock-path", "/lock").build();

    var rendered = bound.apply(CLUSTER, stanza(0), configuration).render();

    if (processes.equals("-")) {
      assertThat(rendered).doesNotContain("process-max");
    } else {
      assertThat(rendered).contains("[global:backup]\nprocess-max=" + processes + "\n");
    }
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, -, 2", "2, -, 2", "64, -, 4", "8, 128, 2", "8, 96, 1", "8, 64, 1"})
  void walHasAFewProcessesAndOneWhereMemoryHasRoomForOne(int cpus, String limit, int processes) {
    var bytes = limit.equals("-") ? Optional.<Long>empty() : Optional.of(Long.valueOf(limit) << 20);

    assertThat(ProcessBound.forWal(new MemoryLimit(bytes), cpus)).isEqualTo(processes);
  }

  private Optional<String> processes(Optional<Long> bytes, int asked) throws Exception {
    return bound(bytes)
        .apply(CLUSTER, stanza(asked), configuration(Integer.toString(asked)))
        .global("process-max");
  }

  private ProcessBound bound(Optional<Long> bytes) {
    return new ProcessBound(new MemoryLimit(bytes), (_, message) -> notices.add(message));
  }

  private static Configuration configuration(String processes) {
    return Configuration.builder("main").global("process-max", processes).build();
  }

  private static Stanza stanza(int processes) throws InvalidStanzaException {
    return Stanza.parse(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
         "metadata": {"name": "main", "namespace": "shop"},
         "spec": {"stanzaConfiguration": {"name": "main", "processMax": %d}}}
        """
            .formatted(processes));
  }
}
