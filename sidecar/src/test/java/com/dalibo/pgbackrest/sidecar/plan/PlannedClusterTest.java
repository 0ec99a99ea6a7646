package com.dalibo.pgbackrest.sidecar.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedClusterTest {
  /// The nodes find the image of the former Cluster, in whatever registry it is.
  @ParameterizedTest
  @CsvSource({
    "registry.example/postgresql:17.6, registry.example/postgresql:17.6",
    "registry.example:5000/db@sha256:0a1b, registry.example:5000/db@sha256:0a1b",
    "registry.example/postgresql:16.2, ghcr.io/cloudnative-pg/postgresql:17",
    ", ghcr.io/cloudnative-pg/postgresql:17",
  })
  void theImageIsThatOfTheFormerClusterIfItRunsTheBackup(String image, String expected)
      throws Exception {
    var plan =
        RestorePlan.parse(
            """
            {"metadata": {"name": "p", "namespace": "default"}, "spec": {"stanzaRef": "main", "postgresMajor": 17}}
            """);

    assertThat(new PlannedCluster(plan, Optional.ofNullable(image)).manifest())
        .containsPattern("imageName: \"?" + Pattern.quote(expected) + "\"?\n");
  }
}
