package com.dalibo.pgbackrest.operator.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.leader.OrphanedBackups;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdoptionsTest {

  private static final ObjectKey STANZA = new ObjectKey("default", "main");
  private static final String OWNER = "owner: {cluster: demo, uid: c}";
  private static final String FULL =
      "{label: 20261128-030000F, repository: 1, type: full, startTime: \"2026-11-28T03:00:00Z\", stopTime: \"2026-11-28T03:00:10Z\", size: 4096, repositorySize: 512, archive: {start: \"000000010000000000000003\", stop: \"000000010000000000000004\"}}";
  private static final String INCREMENTAL =
      "{label: 20261128-030000F_20261128-120000I, prior: 20261128-030000F, repository: 1, type: incr, startTime: \"2026-11-28T12:00:00Z\", stopTime: \"2026-11-28T12:00:10Z\", archive: {start: \"000000010000000000000008\", stop: \"000000010000000000000009\"}}";
  private static final String NAME = "demo-20261128-030000f-1";

  private static TestCertificates issued;

  private final TestClock clock = new TestClock(Instant.parse("2026-11-29T10:00:00Z"));
  private final Inventory inventory = new Inventory();
  private KubernetesApiServer api;
  private KubernetesClient client;
  private Adoptions adoptions;
  private int inspections;

  @BeforeAll
  static void issue() {
    issued = TestCertificates.create();
  }

  @BeforeEach
  void begin() {
    api = KubernetesApiServer.start(issued);
    api.setClock(clock);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl(api.url())
                    .withOauthToken(api.token())
                    .withTrustCerts(true)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    inventory.completeWhen(() -> true);
    inventory.clustersKnownWhen(() -> true);
    adoptions = operator();
  }

  @AfterEach
  void end() {
    client.close();
    api.close();
  }

  @Test
  void theBackupsOfAClusterThatIsGoneGetTheirObjects() {
    inspected(OWNER, FULL, INCREMENTAL);

    adoptions.follow();

    assertThat(names()).containsExactly(NAME, "demo-20261128-030000f-20261128-120000i-1");
    var backup = backup(NAME);
    assertThat(backup.getAsJsonObject("spec"))
        .isEqualTo(
            json(
                "{\"cluster\":{\"name\":\"demo\"},\"method\":\"plugin\",\"pluginConfiguration\":{\"name\":\"adopted.pgbackrest.dalibo.com\"}}"));
    var metadata = backup.getAsJsonObject("metadata");
    assertThat(metadata.get("labels"))
        .isEqualTo(json("{\"pgbackrest.dalibo.com/adopted\":\"true\"}"));
    assertThat(metadata.get("annotations"))
        .isEqualTo(json("{\"cnpg.io/reconciliationLoop\":\"disabled\"}"));
    assertThat(metadata.getAsJsonArray("ownerReferences").get(0))
        .isEqualTo(
            json(
                "{\"apiVersion\":\"pgbackrest.dalibo.com/v1\",\"kind\":\"Stanza\",\"name\":\"main\",\"uid\":\"s\"}"));
    assertThat(metadata.has("finalizers")).isFalse();
    assertThat(backup.getAsJsonObject("status"))
        .isEqualTo(
            json(
                """
                {"phase": "completed", "method": "plugin", "backupId": "20261128-030000F", "backupName": "20261128-030000F",
                 "startedAt": "2026-11-28T03:00:00Z", "stoppedAt": "2026-11-28T03:00:10Z", "online": true,
                 "beginWal": "000000010000000000000003", "endWal": "000000010000000000000004",
                 "pluginMetadata": {"name": "pgbackrest.dalibo.com", "version": "%s", "adopted": "true", "clusterUID": "c",
                   "stanza": "main", "stanzaName": "main", "repository": "1", "repositoryName": "near", "location": "volume a /a",
                   "type": "full", "size": "4096", "repositoryDelta": "512"}}
                """
                    .formatted(Plugin.version())));
    assertThat(events())
        .containsExactly(
            "Normal BackupsAdopted: 2 backups have Backup objects now, marked as adopted: kubectl get backups --namespace default --selector pgbackrest.dalibo.com/adopted=true");
  }

  /// Before its status CNPG may see the object: it has nothing then of which a backup can come.
  @Test
  void noBackupCanComeOfAnObjectWithoutItsStatus() {
    inspected(OWNER, FULL);
    api.fail("PATCH", 404);

    adoptions.follow();

    var backup = backup(NAME);
    assertThat(backup.has("status")).isFalse();
    assertThat(backup.getAsJsonObject("metadata").getAsJsonObject("annotations"))
        .isEqualTo(json("{\"cnpg.io/reconciliationLoop\":\"disabled\"}"));
    assertThat(
            backup
                .getAsJsonObject("spec")
                .getAsJsonObject("pluginConfiguration")
                .get("name")
                .getAsString())
        .isNotEqualTo(Plugin.NAME);
  }

  @Test
  void eachIsCreatedOnceAndNothingIsAskedBetweenTwoInspections() {
    inspected(OWNER, FULL);
    adoptions.follow();
    api.forgetRequests();

    for (int i = 0; i < 3; i++) {
      adoptions.follow();
    }
    assertThat(api.requests()).isEmpty();

    inspected(OWNER, FULL);
    operator().follow();
    assertThat(api.requests()).noneMatch(request -> !request.startsWith("GET"));
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void withoutAdoptBackupsNothingIsAsked() {
    inspected(OWNER, FULL);
    inventory.putStanza(
        STANZA,
        api.get("stanzas", "default", "main")
            .orElseThrow()
            .toString()
            .replace("\"adoptBackups\":true", "\"adoptBackups\":false"));
    adoptions.follow();

    assertThat(api.requests()).isEmpty();
  }

  @Test
  void withoutAnOwnerOnRecordTheClusterIsThatWhichTheBackupNames() {
    inspected(
        "owner: null",
        FULL.replace(
            "type: full",
            "type: full, annotations: {cnpg-cluster: elsewhere/other, cnpg-cluster-uid: o}"),
        INCREMENTAL.replace("prior: 20261128-030000F,", ""),
        INCREMENTAL
            .replace("prior: 20261128-030000F,", "annotations: {cnpg-cluster: \"x/../etc\"},")
            .replace("_20261128-12", "_20261128-13"));

    adoptions.follow();

    assertThat(names()).containsExactly("other-20261128-030000f-1");
    assertThat(
            backup("other-20261128-030000f-1")
                .getAsJsonObject("status")
                .getAsJsonObject("pluginMetadata")
                .get("clusterUID")
                .getAsString())
        .isEqualTo("o");
    assertThat(events())
        .contains(
            "Warning BackupsNotAdopted: 2 backups have no Backup object: they do not name the Cluster that they are of (annotation 'cnpg-cluster' in pgBackRest), and no owner of the Stanza is on record; restore them by their label in status.catalogue (recoveryTarget.backupID)");
  }

  @Test
  void whereAnOwnerIsOnRecordNoOtherClusterIsAdopted() {
    inspected(
        OWNER,
        FULL.replace("type: full", "type: full, annotations: {cnpg-cluster: default/other}"));

    adoptions.follow();

    assertThat(names()).isEmpty();
  }

  @Test
  void aBackupThatHasItsObjectIsLeftToIt() {
    existing("own", "demo", "completed", "20261128-030000F", "1");
    existing("failed", "demo", "failed", "", "");
    inspected(
        OWNER,
        FULL,
        INCREMENTAL.replace(
            "type: incr", "type: incr, annotations: {cnpg-backup-uid: uid-of-failed}"));

    adoptions.follow();

    assertThat(names()).containsExactly("failed", "own");
    assertThat(events()).isEmpty();
  }

  @Test
  void anObjectOfSomebodyElseWithItsNameIsLeftAlone() {
    existing(NAME, "another", "running", "", "");
    inspected(OWNER, FULL);
    var before = backup(NAME);

    adoptions.follow();

    assertThat(backup(NAME)).isEqualTo(before);
  }

  @Test
  void nothingIsDoneForAStanzaToWhichAClusterArchives() {
    inspected(OWNER, FULL);
    cluster("c", "{\"stanzaRef\": \"main\"}");

    adoptions.follow();

    assertThat(api.requests()).isEmpty();
  }

  @Test
  void whereAClusterHasTheNameAgainItsBackupsAreNotMixedWithThose() {
    inspected(OWNER, FULL);
    cluster("new", "{\"stanzaRef\": \"another\"}");

    adoptions.follow();

    assertThat(names()).isEmpty();
    assertThat(events())
        .containsExactly(
            "Warning BackupsNotAdopted: backups of a former Cluster 'demo' have no Backup object: namespace 'default' has a Cluster 'demo' again, and they would be taken for its own; restore them by their label in status.catalogue (recoveryTarget.backupID)");
  }

  /// The watch may be late.
  @Test
  void aClusterThatHasNotBeenHeardOfYetLivesToo() {
    api.apply(
        "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: demo, uid: new}}");
    inspected(OWNER, FULL);

    adoptions.follow();

    assertThat(names()).isEmpty();
  }

  @Test
  void whatCannotBeRestoredIsNotCalledCompleted() {
    inspected(OWNER, FULL.replace("size: 4096", "pageErrors: true"), INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("damaged pages, and what builds on them").isEmpty();

    inspected(OWNER + ", gaps: [000000010000000000000004]", FULL, INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("WAL is missing").isEmpty();

    inspected(
        OWNER + ", gaps: [000000010000000000000005-000000010000000000000007]", FULL, INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("WAL is missing between them").hasSize(2);
  }

  @Test
  void theObjectOfABackupThatHasExpiredIsRemoved() {
    inspected(OWNER, FULL, INCREMENTAL);
    adoptions.follow();
    existing("of-a-user", "demo", "completed", "20261128-030000F", "1");

    inspected(OWNER, INCREMENTAL);
    adoptions.follow();

    assertThat(names()).containsExactly("demo-20261128-030000f-20261128-120000i-1", "of-a-user");
  }

  @Test
  void whileThatIsInDoubtTheObjectStays() {
    inspected(OWNER, FULL, INCREMENTAL);
    adoptions.follow();

    inspected(OWNER);
    adoptions.follow();
    assertThat(names()).as("an empty repository").hasSize(2);

    inspected(OWNER + ", code: 99", INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("a repository that did not answer").hasSize(2);

    inspected(OWNER + ", older: 3", INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("older than those in the catalogue").hasSize(2);

    inspected(OWNER + ", path: /b", INCREMENTAL);
    adoptions.follow();
    assertThat(names()).as("a repository at another place").contains(NAME);
  }

  /// The catalogue has the newest of all repositories: that a label is greater than the least one
  /// in it does not say that the backup would be among them.
  @Test
  void aFullBackupThatIsOlderThanTheCatalogueIsNotTakenForExpired() {
    var incremental =
        INCREMENTAL
            .replace("20261128-030000F", "20261101-030000F")
            .replace("prior: 20261101-030000F, ", "");
    inspected(OWNER, FULL, incremental);
    adoptions.follow();
    assertThat(names()).contains(NAME);

    // As a repository that was added shares the room, say.
    inspected(OWNER + ", older: 1", incremental);
    adoptions.follow();

    assertThat(names()).contains(NAME);
  }

  @Test
  void withoutThePermissionNothingIsCreatedAndItFollowsOnceItIsGranted() {
    inspected(OWNER, FULL);
    api.refuse("POST /apis/postgresql.cnpg.io", "cannot create resource \"backups\"");
    for (int i = 0; i < 3; i++) {
      adoptions.follow();
    }
    assertThat(api.requests()).filteredOn(request -> request.startsWith("POST /apis")).hasSize(1);
    assertThat(names()).isEmpty();
    assertThat(events())
        .singleElement()
        .asString()
        .isEqualTo(
            "Warning BackupsNotAdopted: Backup objects cannot be created: cannot create resource \"backups\"; apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade (docs/reference/rights.md)");

    api.heal();
    clock.advance(Duration.ofMinutes(1));
    adoptions.follow();
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void anObjectWhoseStatusCannotBeWrittenIsRemoved() {
    inspected(OWNER, FULL);
    api.refuse("PATCH /apis/postgresql.cnpg.io", "cannot patch resource \"backups/status\"");
    adoptions.follow();
    assertThat(names()).isEmpty();
    assertThat(events()).singleElement().asString().contains("cannot patch resource");

    api.heal();
    clock.advance(Duration.ofMinutes(1));
    adoptions.follow();
    assertThat(backup(NAME).getAsJsonObject("status").get("phase").getAsString())
        .isEqualTo("completed");
  }

  @Test
  void whatAnOperatorLeftWithoutAStatusGetsOneOrIsRemoved() {
    unfinished();
    inspected(OWNER, FULL);
    adoptions.follow();
    assertThat(backup(NAME).getAsJsonObject("status").get("phase").getAsString())
        .isEqualTo("completed");

    api.delete("backups", "default", NAME);
    unfinished();
    var orphans = new OrphanedBackups(client, clock, inventory);
    orphans.release();
    assertThat(names()).as("just created").containsExactly(NAME);
    clock.advance(Duration.ofMinutes(3));
    orphans.release();
    assertThat(names()).isEmpty();
  }

  private void unfinished() {
    inspected(OWNER, FULL);
    api.fail("PATCH", 404);
    operator().follow();
    api.heal();
    assertThat(backup(NAME).has("status")).isFalse();
  }

  private Adoptions operator() {
    return new Adoptions(client, clock, inventory);
  }

  // -- what is there ------------------------------------------------------------------------------

  /// An inspection has seen these backups.
  ///
  /// @param options owner, and gaps, code, older or path
  private void inspected(String options, String... backups) {
    api.delete("stanzas", "default", "main");
    inspections++;
    var path = option(options, "path", "/a");
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, uid: s}
        spec:
          adoptBackups: true
          stanzaConfiguration:
            name: main
            volumeRepositories: [{name: near, claimName: a, repoPath: %s}]
        status:
          observedGeneration: 1
          inspection: {time: "2026-11-29T10:00:%02dZ", request: r}
          %s
          repositories: [{name: near, index: 1, code: %s, walGaps: %s}]
          catalogue: {older: %s, backups: [%s]}
        """
            .formatted(
                path,
                inspections,
                options.split(", (gaps|code|older|path): ", 2)[0],
                option(options, "code", "0"),
                option(options, "gaps", "[]"),
                option(options, "older", "0"),
                String.join(", ", backups)));
    inventory.putStanza(STANZA, api.get("stanzas", "default", "main").orElseThrow().toString());
    api.forgetRequests();
  }

  private static String option(String options, String name, String otherwise) {
    var parts = options.split(", " + name + ": ", 2);
    return parts.length == 2 ? parts[1] : otherwise;
  }

  private void existing(String name, String cluster, String phase, String label, String index) {
    api.apply(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %1$s, uid: uid-of-%1$s}
        spec: {cluster: {name: %2$s}}
        status: {phase: %3$s, backupId: "%4$s", pluginMetadata: {repository: "%5$s"}}
        """
            .formatted(name, cluster, phase, label, index));
  }

  private void cluster(String uid, String parameters) {
    inventory.putCluster(
        new ObjectKey("default", "demo"),
        Cluster.parse(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "%s"}, "spec": {"plugins": [
              {"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": %s}]}}
            """
                .formatted(uid, parameters)
                .getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> names() {
    return api.list("backups").stream()
        .map(backup -> backup.getAsJsonObject("metadata").get("name").getAsString())
        .toList();
  }

  private JsonObject backup(String name) {
    return api.get("backups", "default", name).orElseThrow();
  }

  private List<String> events() {
    return api.events().stream()
        .map(
            event ->
                "%s %s: %s"
                    .formatted(
                        event.get("type").getAsString(),
                        event.get("reason").getAsString(),
                        event.get("message").getAsString()))
        .toList();
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
