package com.dalibo.pgbackrest.operator.drill.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.testbed.kubernetes.Yaml;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillClusterTest {

  private static final String STANZA =
      """
      metadata: {name: main, namespace: app}
      spec:
        stanzaConfiguration:
          name: main
          volumeRepositories: [{claimName: a, repoPath: /a}]
      status:
        catalogue:
          backups:
            - {label: 20261129-030000F, repository: 1, stopTime: "2026-11-29T03:00:10Z", size: 9663676416, postgresVersion: "18"}
            - {label: 20261128-030000F, repository: 1, stopTime: "2026-11-28T03:00:10Z", size: 4294967296, postgresVersion: "17"}
      """;

  private static final String OWNER =
      """
      apiVersion: postgresql.cnpg.io/v1
      kind: Cluster
      metadata: {name: demo, namespace: app, uid: c, labels: {team: shop}}
      spec:
        instances: 3
        imageName: registry.example.com/postgresql:17.6-standard
        description: the shop
        enableSuperuserAccess: false
        primaryUpdateStrategy: unsupervised
        storage: {size: 10Gi, storageClass: fast}
        walStorage: {size: 2Gi}
        tablespaces: [{name: archive, storage: {size: 3Gi}}]
        affinity: {nodeSelector: {disk: nvme}, tolerations: [{key: db}], podAntiAffinityType: required, topologyKey: zone}
        resources: {requests: {memory: 8Gi}}
        managed: {roles: [{name: shop}]}
        replica: {source: other}
        postgresql:
          parameters:
            max_connections: "500"
            cron.database_name: shop
            pg_net.batch_size: "1"
            max_logical_replication_workers: "9"
          shared_preload_libraries: [pg_cron, pg_stat_statements, timescaledb, pg_net]
          pg_hba: ["host all all 0.0.0.0/0 scram-sha-256"]
          synchronous: {method: any, number: 1}
        plugins:
          - {name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: main, pluginConfigRef: sized}}
      """;

  @Test
  void itIsTheOwnerAsFarAsARestoreTakesThat() throws Exception {
    var cluster = cluster(OWNER, "repository: 1");

    assertThat(cluster.get("metadata"))
        .isEqualTo(
            json(
                """
                {name: drill-nightly-20261129-030000, namespace: app, labels: {pgbackrest.dalibo.com/drill: nightly},
                 ownerReferences: [{apiVersion: pgbackrest.dalibo.com/v1, kind: RestoreDrillRun, name: nightly-20261129-030000, uid: r, controller: true}]}
                """));
    assertThat(cluster.get("spec"))
        .isEqualTo(
            json(
                """
                imageName: ghcr.io/cloudnative-pg/postgresql:18
                storage: {size: 10Gi, storageClass: fast}
                walStorage: {size: 2Gi}
                tablespaces: [{name: archive, storage: {size: 3Gi}}]
                resources: {requests: {memory: 8Gi}}
                instances: 1
                enablePDB: false
                enableSuperuserAccess: true
                inheritedMetadata: {labels: {pgbackrest.dalibo.com/drill: nightly}}
                affinity: {nodeSelector: {disk: nvme}, tolerations: [{key: db}]}
                postgresql:
                  parameters: {max_connections: "500", max_logical_replication_workers: "0", timescaledb.max_background_workers: "0"}
                  shared_preload_libraries: [pg_stat_statements, timescaledb]
                bootstrap: {recovery: {source: drill-source}}
                externalClusters:
                  - name: drill-source
                    plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: main, selectedRepository: "1", pluginConfigRef: sized}}
                """));
  }

  /// However it is written, a worker would act in the drill.
  @Test
  void whatActsByItselfIsNotLoaded() throws Exception {
    var spec =
        cluster(
                """
                spec:
                  postgresql:
                    shared_preload_libraries: ["$libdir/pg_cron", " pg_net.so ", 'pg_stat_statements, "pglogical"', "$libdir/timescaledb"]
                """,
                "repository: 1")
            .getAsJsonObject("spec");

    assertThat(spec.get("postgresql"))
        .isEqualTo(
            json(
                """
                parameters: {max_logical_replication_workers: "0", timescaledb.max_background_workers: "0"}
                shared_preload_libraries: [pg_stat_statements, "$libdir/timescaledb"]
                """));
  }

  @Test
  void theImageIsTheOwnersWhereItRunsTheBackup() throws Exception {
    var spec =
        cluster(
                OWNER,
                "repository: 1, askedTime: \"2026-11-28T10:00:00Z\", recoveryTarget: {targetTime: \"2026-11-28T10:00:00Z\"}")
            .getAsJsonObject("spec");

    assertThat(spec.get("imageName").getAsString())
        .isEqualTo("registry.example.com/postgresql:17.6-standard");
    assertThat(spec.get("bootstrap"))
        .isEqualTo(
            json(
                "{recovery: {source: drill-source, recoveryTarget: {targetTime: \"2026-11-28T10:00:00Z\"}}}"));
  }

  @Test
  void withoutAnOwnerTheCatalogueSaysWhatItTakes() throws Exception {
    var spec =
        cluster("", "repository: 1, askedTime: \"2026-11-28T10:00:00Z\"").getAsJsonObject("spec");

    assertThat(spec.get("imageName").getAsString())
        .isEqualTo("ghcr.io/cloudnative-pg/postgresql:17");
    assertThat(spec.get("storage")).isEqualTo(json("{size: 7168Mi}"));
    assertThat(spec.getAsJsonObject("postgresql").getAsJsonObject("parameters").size()).isOne();
  }

  @Test
  void whatTheDrillSaysComesFirst() throws Exception {
    var spec =
        cluster(
                OWNER,
                "repository: 1, cluster: {imageName: \"pg:18\", storage: {size: 20Gi}, walStorage: {size: 5Gi, storageClass: slow}, resources: {limits: {cpu: \"2\"}}}")
            .getAsJsonObject("spec");

    assertThat(spec.get("imageName").getAsString()).isEqualTo("pg:18");
    assertThat(spec.get("storage")).isEqualTo(json("{size: 20Gi, storageClass: fast}"));
    assertThat(spec.get("walStorage")).isEqualTo(json("{size: 5Gi, storageClass: slow}"));
    assertThat(spec.get("resources")).isEqualTo(json("{limits: {cpu: \"2\"}}"));
  }

  @Test
  void namesFitIntoWhatKubernetesAllows() {
    var run = DrillNames.ofRun("a.drill-with-a-name-of-more-than-28-characters", Instant.EPOCH);

    assertThat(run).matches("a-drill-with-a-name-[0-9a-f]{8}-19700101-000000");
    assertThat(DrillNames.cluster(run)).hasSizeLessThanOrEqualTo(50);
    assertThat(DrillNames.job(run)).hasSizeLessThanOrEqualTo(63);
    assertThat(DrillNames.cluster(DrillNames.ofRequestedRun("1st", "now")))
        .matches("drill-1st-r[0-9a-f]{12}");
  }

  private static JsonObject cluster(String owner, String spec) throws Exception {
    var run =
        RestoreDrillRun.parse(
            json(
                """
                metadata: {name: nightly-20261129-030000, namespace: app, uid: r}
                spec: {drillRef: nightly, stanzaRef: main, scheduledTime: "2026-11-29T03:00:00Z", %s}
                """
                    .formatted(spec)));
    var manifest =
        new DrillCluster(
                run,
                Stanza.parse(json(STANZA)),
                Optional.of(owner).filter(text -> !text.isEmpty()).map(DrillClusterTest::json))
            .manifest();
    return JsonParser.parseString(manifest.toString()).getAsJsonObject();
  }

  private static JsonObject json(String yaml) {
    return Yaml.readOne(yaml);
  }
}
