package com.dalibo.pgbackrest.sidecar.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiredBackupsTest {
  private static final String OBJECT =
      """
      {metadata: {name: b, uid: u}, spec: {cluster: {name: demo}},
       status: {phase: completed, backupId: "20261125-030000F", pluginMetadata: {
         name: pgbackrest.dalibo.com, clusterUID: c-1, stanza: main, stanzaName: main,
         repository: "1", location: "s3://one/demo at localhost"}}}
      """;

  @Test
  void aBackupThatItsRepositoryDoesNotHaveIsExpired() throws Exception {
    assertThat(expired(OBJECT, StatusCode.OK)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void onlyAnAnswerCounts(StatusCode code) throws Exception {
    assertThat(expired(OBJECT, code)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clusterUID: c-1 -> clusterUID: c-2",
        "stanza: main -> stanza: other",
        "stanzaName: main -> stanzaName: other",
        "repository: \"1\" -> repository: \"2\"",
        "s3://one/demo -> s3://one/elsewhere",
        "name: pgbackrest.dalibo.com -> name: barman-cloud.cloudnative-pg.io",
        "phase: completed -> phase: running",
        "cluster: {name: demo} -> cluster: {name: other}",
        "backupId: \"20261125-030000F\", -> ",
        "uid: u} -> uid: u, deletionTimestamp: now}"
      })
  void whatIsInDoubtStays(String change) throws Exception {
    var parts = change.split(" -> ", 2);

    assertThat(OBJECT).contains(parts[0]);
    assertThat(expired(OBJECT.replace(parts[0], parts[1]), StatusCode.OK)).isFalse();
  }

  private static boolean expired(String object, StatusCode code) throws Exception {
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main, s3Repositories: [
              {bucket: one, endpoint: localhost, region: r, repoPath: "/demo"}]}}}
            """);
    var cluster =
        Cluster.parse(
            "{\"metadata\": {\"name\": \"demo\", \"uid\": \"c-1\"}}"
                .getBytes(StandardCharsets.UTF_8));
    var info =
        new StanzaInfo(
            "main",
            code,
            "",
            BackupLock.FREE,
            List.of(new RepositoryInfo(1, "none", code, "")),
            List.of(),
            List.of(),
            List.of());
    return !new ExpiredBackups(cluster, stanza, Repositories.of(stanza.spec()), info)
        .among(List.of(BackupObject.of(JsonParser.parseString(object).getAsJsonObject())))
        .isEmpty();
  }
}
