package com.dalibo.pgbackrest.sidecar.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  /// A plan that is possible is one whose manifest is accepted.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          before.it | {} | a Cluster cannot have the name 'before.it': set spec.clusterName to lower-case letters, digits and '-', a letter first, at most 50 in all
          p | {"clusterName": "Back Again"} | a Cluster cannot have the name 'Back Again'
          p | {"clusterName": "2back"} | a Cluster cannot have the name '2back'
          a23456789012345678901234567890123456789012345678901 | {} | a Cluster cannot have the name 'a2345
          p | {"instances": 0} | a Cluster cannot have 0 instances: set spec.instances to 1 or more
          p | {"storage": {"size": "10Gb"}} | '10Gb' in spec.storage is not the size of a volume: write it as 20Gi
          p | {"storage": {"size": "10Gi", "walSize": "-1Gi"}} | '-1Gi' in spec.storage is not
          p | {"storage": {"size": "0"}} | '0' in spec.storage is not
          p | {"storage": {"tablespaces": [{"name": "t", "size": "some"}]}} | 'some' in spec.storage is not
          """)
  void whatKubernetesWouldRefuseIsRefused(String name, String spec, String words) throws Exception {
    assertThatThrownBy(() -> cluster(name, spec).require())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          plan-x7k2p | {}
          before.it | {"clusterName": "back", "instances": 3}
          p | {"storage": {"size": "1.5Ti", "walSize": "10G", "tablespaces": [{"name": "t", "size": "1e10"}]}}
          """)
  void everythingElseIsNot(String name, String spec) throws Exception {
    assertThatCode(() -> cluster(name, spec).require()).doesNotThrowAnyException();
  }

  private static PlannedCluster cluster(String name, String spec) throws Exception {
    var plan =
        RestorePlan.parse(
            "{\"metadata\": {\"name\": \"%s\", \"namespace\": \"default\"}, \"spec\": %s}"
                .formatted(
                    name,
                    spec.replaceFirst("\\{", "{\"stanzaRef\": \"main\", ").replace(", }", "}")));
    return new PlannedCluster(plan, Optional.empty());
  }
}
