package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An old copy of the cluster was promoted by accident and has archived its history, which left
/// timeline 1 before the backup. The cluster itself is still on timeline 1.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class StrayHistoryIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private PlanLab lab;

  @BeforeAll
  void aClusterOfWhichACopyWasPromoted() throws Exception {
    datacenter = new TestCluster(directory, "one");
    lab = new PlanLab(datacenter, "s", datacenter.repository("one", "/s", ""));
    lab.insert();
    lab.backup("full", 1);
    lab.insert();
    var segment = lab.archive();
    lab.stop();
    var archive =
        datacenter.s3.keys("one").stream()
            .filter(key -> key.contains("/" + segment + "-"))
            .map(key -> key.substring(0, key.indexOf("/00000001") + 1))
            .findFirst()
            .orElseThrow();
    datacenter.s3.put(
        "one",
        archive + "00000002.history",
        "1\t0/100028\tno recovery target specified\n".getBytes(StandardCharsets.US_ASCII));
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  @Test
  void theTimelineOfTheClusterCanBeChosen() throws Exception {
    for (var timeline : List.of("'1'", "current")) {
      var target = "targetTLI: %s".formatted(timeline);

      assertThat(PlanLab.words(lab.plan("", target))).startsWith("True");
      assertThat(lab.restoreOnce(target)).isEqualTo(new PlanLab.Truth(Optional.of("1,2"), ""));
    }
  }

  @Test
  void withoutAChoiceItIsSaidWhatToChoose() throws Exception {
    var words =
        "of timeline 1 does not lead to timeline 2; choose another backup, or the timeline of this one with recoveryTarget.targetTLI: '1'";

    assertThat(PlanLab.words(lab.plan("", ""))).startsWith("False").contains(words);
    assertThat(lab.restoreOnce("").failure()).contains(words);
  }
}
