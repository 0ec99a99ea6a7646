package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plans of a database in which nothing was committed after its only backup: no time leads to more
/// than the end of the archive does, and none is proposed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class IdlePlanIT {
  private static final Pattern EARLIEST =
      Pattern.compile("the earliest time that can be restored is (20[-0-9]+ [:0-9]+\\+00)");

  @TempDir static Path directory;
  @AutoClose private TestCluster datacenter;
  @AutoClose private PlanLab lab;

  @BeforeAll
  void aHistory() throws Exception {
    datacenter = new TestCluster(directory, "one");
    lab = new PlanLab(datacenter, "h", datacenter.repository("one", "/h", "name: minio,"));
    lab.insert();
    lab.backup("full", 1);
    lab.stop();
  }

  @Test
  void theEarliestTimeThatIsNamedIsAnsweredWithoutATimeBeforeIt() throws Exception {
    var early = lab.plan("", target(lab.rows.getFirst().committed().minusSeconds(60)));
    var named = EARLIEST.matcher(PlanLab.words(early));
    assertThat(named.find()).as(PlanLab.words(early)).isTrue();

    var plan = lab.plan("", "targetTime: '%s'".formatted(named.group(1)));

    assertThat(PlanLab.words(plan))
        .startsWith("False TargetBeyondArchive the recovery cannot reach time ")
        .endsWith(
            "and nothing shows that stanza 'h' has everything until then. Remove"
                + " recoveryTarget.targetTime to recover everything that is archived");
    assertThat(plan.nearest().before()).isNull();
    assertThat(plan.nearest().after()).isNull();
    assertThat(lab.restoreOnce("targetTime: '%s'".formatted(named.group(1))).rows()).isEmpty();
  }

  @Test
  void withoutATargetItIsRestored() throws Exception {
    var plan = lab.plan("", "");

    assertThat(PlanLab.words(plan)).startsWith("True PlanPossible ");
    assertThat(lab.restoreOnce("").rows()).contains("1");
  }

  private static String target(Instant time) {
    return "targetTime: '%s'".formatted(time);
  }
}
