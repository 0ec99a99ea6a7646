package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What users get wrong: the answer names the thing and the remedy, and nothing is written.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class BadInputIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final String QUICK = "options: {io-timeout: \"1s\"},";

  @TempDir static Path directory;
  private TestCluster datacenter;
  private Instance instance;
  private Instance job;
  private Path segment;
  private List<String> before;

  @BeforeAll
  void oneBackupInAnEncryptedRepository() {
    datacenter = new TestCluster(directory, "repo", "own");
    datacenter.secret("cipher", "right: a-good-password, wrong: another-password");
    datacenter.stanza("good", QUICK, encrypted("right"));
    instance =
        Instance.archiving(
            datacenter, TestCluster.archiving("c", "good"), MAJOR, "--wal-segsize=1");
    instance.backup("backupType: full");
    instance.postgres.stop();
    segment = instance.postgres.walDirectory().resolve(oldestSegment());
    job = Instance.recovery(datacenter, TestCluster.recovering("job", "good", "", ""), MAJOR);
  }

  @BeforeEach
  void look() {
    before = datacenter.s3.keys("repo");
  }

  @AfterEach
  void nothingIsWritten() {
    assertThat(datacenter.s3.keys("repo")).isEqualTo(before);
    assertThat(job.pod.pgData()).doesNotExist();
  }

  @AfterAll
  void end() {
    job.close();
    instance.close();
    datacenter.close();
  }

  @Test
  void aStanzaWithoutRepositories() {
    datacenter.stanza("empty", "");

    assertThat(everyAnswer("empty"))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isEqualTo(
                        "FAILED_PRECONDITION: the Stanza 'empty' has no repository; add one, for"
                            + " example under s3Repositories"));
  }

  @Test
  void aSecretWithoutTheKey() {
    datacenter.secret("half", "key: x");
    datacenter.stanza("half", QUICK, repository("/x").replace("name: keys", "name: half"));

    assertThat(everyAnswer("half"))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isEqualTo(
                        "FAILED_PRECONDITION: secret 'half' has no key 'secret'; the Stanza 'half'"
                            + " refers to it in s3Repositories[0].secretRef.secretAccessKey; add the"
                            + " key or correct the reference"));
  }

  @Test
  void anEndpointWhereNobodyListens() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    datacenter.stanza(
        "nobody",
        QUICK,
        repository("/x").replace("port: " + datacenter.s3.port(), "port: " + port));
    var start = System.nanoTime();

    var answers = List.of(archive("nobody"), backup("nobody", ""));

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .startsWith("UNAVAILABLE: ")
                    .contains("repository 1 of stanza 'nobody'", "localhost:" + port)
                    .contains("Connection refused"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  void aBucketThatDoesNotExist() {
    datacenter.stanza(
        "nowhere", QUICK, repository("/x").replace("bucket: repo", "bucket: nowhere"));

    assertThat(everyAnswer("nowhere"))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .startsWith("FAILED_PRECONDITION: ")
                    .contains("repository 1", "stanza 'nowhere'", "there is no such bucket"));
  }

  @Test
  void aWrongCipherPassword() {
    datacenter.stanza("wrong", QUICK, encrypted("wrong"));

    assertThat(everyAnswer("wrong"))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .startsWith("FAILED_PRECONDITION: ")
                    .contains("repository 1", "stanza 'wrong'", "encryptionPass")
                    .doesNotContain("another-password", "a-good-password"));
  }

  @Test
  void anUnknownBackupParameter() {
    assertThat(backup("good", "backupTyp: full"))
        .isEqualTo(
            "INVALID_ARGUMENT: unknown parameter 'backupTyp' of the Backup; known are backupType,"
                + " selectedRepository, timeout: correct spec.pluginConfiguration.parameters");
  }

  @Test
  void anUnknownBackupType() {
    assertThat(backup("good", "backupType: whole"))
        .isEqualTo(
            "INVALID_ARGUMENT: parameter 'backupType' is 'whole'; write one of full, diff, incr");
  }

  @Test
  void aBackupThatDoesNotExist() {
    assertThat(restore(TestCluster.recovering("r", "good", "backupID: 20200101-000000F", "")))
        .startsWith("FAILED_PRECONDITION: ")
        .contains("stanza 'good'")
        .contains("has no backup '20200101-000000F'; it has '20");
  }

  @Test
  void aTargetBeforeTheFirstBackup() {
    var target = "targetTime: '2020-01-01T00:00:00Z'";
    assertThat(restore(TestCluster.recovering("r", "good", target, "")))
        .startsWith("FAILED_PRECONDITION: ")
        .contains("no backup of stanza 'good' leads to time 2020-01-01 00:00:00")
        .contains("the earliest time that can be restored is 20");
  }

  @Test
  void aClusterThatWouldArchiveToWhereItWasRecoveredFrom() {
    var own =
        "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: good}}],";
    var clone = TestCluster.recovering("clone", "good", "", own);

    assertThat(List.of(restore(clone), archive(clone.primary("c-1"))))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .startsWith("FAILED_PRECONDITION: ")
                    .contains("the Cluster 'clone' must not archive to stanza 'good'")
                    .contains("Give the cluster a Stanza of its own"));
  }

  @Test
  void aStanzaOfAnotherCluster() throws Exception {
    var other = TestCluster.archiving("other", "good").primary("c-1");

    assertThat(List.of(archive(other), backup(other, "")))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .startsWith("FAILED_PRECONDITION: ")
                    .contains("stanza 'good' belongs to the Cluster 'c'")
                    .contains("the Cluster 'other' must not archive there")
                    .contains("kubectl patch stanza good"));
    for (var kind : List.of("Cluster", "Stanza")) {
      Eventually.until(
          "it is told on the " + kind,
          () ->
              new UserView(datacenter.api)
                  .events(kind, "OwnershipRefused").stream()
                      .anyMatch(words -> words.contains("the Cluster 'other' must not archive")));
    }
  }

  @Test
  void aClusterThatWasMadeAgainUnderItsName() {
    var again = TestCluster.archiving("c", "good").primary("c-1");

    assertThat(archive(again))
        .startsWith("FAILED_PRECONDITION: ")
        .contains("the Cluster 'c' is new, but its archive is not: stanza 'good' has 1 backups")
        .contains("cnpg.io/skipEmptyWalArchiveCheck");
  }

  @Test
  void aRepositoryOfAnotherClusterThatIsAddedToAStanzaInUse() throws Exception {
    var own = datacenter.repository("own", "/late");
    datacenter.stanza("late", QUICK, own);
    var late = TestCluster.archiving("late", "late").primary("c-1");
    try (var manager = InstanceManager.start(instance.pod, late)) {
      manager.archive(segment);
      datacenter.stanza("late", QUICK, own, encrypted("right"));

      Eventually.until("the added repository is refused", () -> isRefused("late", manager));
      instance.sidecar().kill();
      instance.startSidecar();
      manager.reconnect();
      assertThat(isRefused("late", manager)).isTrue();
    }
  }

  /// What a user accepted once holds only as long as the repository is the Stanza's.
  @Test
  void anAcceptedRepositoryThatIsTakenOutAndComesBack() throws Exception {
    var own = datacenter.repository("own", "/back");
    datacenter.stanza("back", QUICK, own);
    var back = TestCluster.archiving("back", "back").primary("c-1");
    try (var manager = InstanceManager.start(instance.pod, back)) {
      manager.archive(segment);
      back.annotate("cnpg.io/skipEmptyWalArchiveCheck", "enabled");
      datacenter.stanza("back", QUICK, own, encrypted("right"));
      archiveUntilOnRecord(manager, 2);
      back.annotate("cnpg.io/skipEmptyWalArchiveCheck", "disabled");
      manager.archive(segment);
      datacenter.stanza("back", QUICK, own);
      archiveUntilOnRecord(manager, 1);
      before = datacenter.s3.keys("repo");
      datacenter.stanza("back", QUICK, own, encrypted("right"));

      Eventually.until("it is asked again", () -> isRefused("back", manager));
    }
  }

  private void archiveUntilOnRecord(InstanceManager manager, int places) throws Exception {
    Eventually.until(
        places + " places are on record",
        () -> {
          manager.archive(segment);
          var stanza = datacenter.api.get("stanzas", "default", "back").orElseThrow();
          return Stanza.parse(stanza).status().owner().repositories().size() == places;
        });
  }

  private boolean isRefused(String name, InstanceManager manager) {
    var failure = InstanceManager.failureOf(() -> manager.archive(segment));
    return failure != null
        && failure.startsWith("FAILED_PRECONDITION: ")
        && failure.contains(
            "the Cluster '%s' must not archive to stanza '%<s', where another cluster has 1 backups"
                .formatted(name))
        && failure.contains("in repository 2")
        && failure.contains("Give the cluster a Stanza with another repoPath");
  }

  /// What archiving to this stanza, a backup there and a recovery from there answer.
  private List<String> everyAnswer(String stanza) {
    return Stream.of(
            archive(stanza),
            backup(stanza, "backupType: full"),
            restore(TestCluster.recovering("r", stanza, "", "")))
        .toList();
  }

  private String archive(String stanza) {
    return archive(TestCluster.archiving("x-" + stanza, stanza).primary("c-1"));
  }

  private String archive(ClusterDefinition cluster) {
    return failure(instance, cluster, manager -> manager.archive(segment));
  }

  private String backup(String stanza, String parameters) {
    return backup(TestCluster.archiving("x-" + stanza, stanza).primary("c-1"), parameters);
  }

  private String backup(ClusterDefinition cluster, String parameters) {
    return failure(instance, cluster, manager -> manager.backup(instance.backupYaml(parameters)));
  }

  private String restore(ClusterDefinition cluster) {
    return failure(job, cluster, InstanceManager::restoreData);
  }

  private interface Call {
    void on(InstanceManager manager);
  }

  private static String failure(Instance instance, ClusterDefinition cluster, Call call) {
    try (var manager = InstanceManager.start(instance.pod, cluster)) {
      var failure = InstanceManager.failureOf(() -> call.on(manager));
      assertThat(failure).isNotNull();
      return failure;
    }
  }

  private String oldestSegment() {
    return Stream.of(instance.postgres.walDirectory().toFile().list())
        .filter(name -> name.matches("[0-9A-F]{24}"))
        .sorted()
        .findFirst()
        .orElseThrow();
  }

  private String repository(String path) {
    return datacenter.repository("repo", path);
  }

  private String encrypted(String key) {
    return datacenter.repository(
        "repo", "/r", "cipherConfig: {encryptionPass: {name: cipher, key: %s}},".formatted(key));
  }
}
