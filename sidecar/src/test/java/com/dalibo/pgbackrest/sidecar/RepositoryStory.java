package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One cluster with one encrypted repository of some kind: what every kind must do, and what is
/// answered while it cannot.
final class RepositoryStory implements AutoCloseable {
  private static final int MAJOR = PostgresInstallation.NEWEST;

  /// What a repository holds.
  interface Content {
    /// The paths of its files.
    List<String> files() throws Exception;
  }

  /// What was answered while the repository could not be used.
  record Answers(String archive, String backup, String restore) {
    /// Each names the repository, and says these words.
    void allSay(String code, String... words) {
      writingSays(code, words);
      assertThat(restore).startsWith(code + ": ");
      says(restore, words);
    }

    /// Where a restore finds nothing, because nothing has been there.
    void writingSays(String code, String... words) {
      assertThat(List.of(archive, backup))
          .allSatisfy(answer -> assertThat(answer).startsWith(code + ": "))
          .allSatisfy(answer -> says(answer, words));
    }

    /// What may pass is said as such: PostgreSQL keeps its WAL, and a restore waits.
    void allTellThatItIsAway(String words) {
      var remedy =
          "; remedy: check that the store is running and accepts connections from this pod";
      writingSays("UNAVAILABLE", words, remedy);
      assertThat(archive).contains("PostgreSQL keeps it and retries");
      assertThat(restore).startsWith("restore of cluster 'job-").contains(" waits while ");
      says(restore, words, remedy);
    }

    private static void says(String answer, String... words) {
      assertThat(answer).contains("repository 1", "stanza '").contains(words);
    }
  }

  private final TestCluster datacenter;
  private final String list;
  private final Content content;
  private final Instance primary;
  private int rows;
  private int jobs;

  /// @param list the kind, such as `sftpRepositories`
  /// @param repository the members of the repository, each with a comma after it
  RepositoryStory(TestCluster datacenter, String list, String repository, Content content) {
    this.datacenter = datacenter;
    this.list = list;
    this.content = content;
    datacenter.secret("cipher", "pass: a-good-password");
    stanza("s", repository);
    primary =
        Instance.archiving(datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1");
    primary.postgres.execute("create table t (n int)");
    insert();
  }

  /// A stanza of this kind; `retentionPolicy`, `bundle` and cipher are the story's.
  void stanza(String name, String members) {
    datacenter.stanzaOf(
        name,
        list,
        "{%s bundle: true, retentionPolicy: {full: 1}, cipherConfig: {encryptionPass: {name: cipher, key: pass}}}"
            .formatted(members));
  }

  /// From the first WAL, which creates the stanza, over a full and an incremental backup to a new
  /// cluster with all rows; then the next full backup is the only one that is kept.
  void goesFromTheFirstWalToARestoreAndExpires() throws Exception {
    var segment = primary.archiveAll();
    assertThat(content.files())
        .anyMatch(file -> file.endsWith("archive/main/archive.info"))
        .anyMatch(file -> file.contains(segment + "-"));

    var full = primary.backup("backupType: full").getBackupId();
    insert();
    var incremental = primary.backup("backupType: incr").getBackupId();
    assertThat(incremental).startsWith(full + "_").endsWith("I");
    insert();
    var _ = primary.archiveAll();
    assertThat(restoredRows("restored")).isEqualTo(rows);
    assertThat(content.files()).anyMatch(file -> file.contains("/" + full + "/"));

    var next = primary.backup("backupType: full");
    assertThat(content.files())
        .anyMatch(file -> file.contains("/" + next.getBackupId() + "/"))
        .noneMatch(file -> file.contains("/" + full + "/"))
        .noneMatch(file -> file.contains("/" + incremental + "/"))
        .noneMatch(file -> file.contains(segment + "-"));
  }

  /// What archiving, a backup and a restore answer while something is wrong that somebody has to
  /// put right. After that everything is there: what was before, and what came meanwhile.
  Answers whileWrong(Callable<?> spoil, Callable<?> mend) throws Exception {
    try (var job = recovery()) {
      return disturbed(
          spoil,
          mend,
          () -> {
            var answer = failure(job.manager::restoreData);
            assertThat(job.pod.pgData()).doesNotExist();
            return answer;
          });
    }
  }

  /// The same while the repository is away: a restore waits, which an event tells, and goes on to
  /// the end when it is back.
  Answers whileAway(Callable<?> leave, Callable<?> comeBack) throws Exception {
    try (var job = recovery();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var restored = new ArrayList<Future<?>>();
      var answers =
          disturbed(
              leave,
              comeBack,
              () -> {
                restored.add(executor.submit(() -> job.job().restore()));
                Eventually.until("the restore waits", () -> waiting(job).isPresent());
                return waiting(job).orElseThrow();
              });
      restored.getFirst().get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      job.postgres.start().waitForPromotion(Eventually.PATIENCE);
      assertThat(rows(job)).isEqualTo(rows);
      return answers;
    }
  }

  private Answers disturbed(Callable<?> spoil, Callable<?> mend, Callable<String> restore)
      throws Exception {
    // Only a backup can be restored, and it needs the stanza.
    if (content.files().stream().noneMatch(file -> file.endsWith("/backup.manifest"))) {
      var _ = primary.backup("backupType: full");
    }
    var _ = primary.archiveAll();
    var before = content.files();
    var errors = primary.manager.archiveErrors().size();
    String segment;
    Answers answers;
    spoil.call();
    try {
      // For so long the sidecar believes what it has read of the Stanza and its Secrets.
      Thread.sleep(3_100);
      insert();
      segment = primary.postgres.switchWal();
      Eventually.until("archiving fails", () -> primary.manager.archiveErrors().size() > errors);
      answers =
          new Answers(
              primary.manager.archiveErrors().getLast(),
              failure(() -> primary.backup("backupType: full")),
              restore.call());
      assertThat(primary.postgres.walDirectory().resolve(segment)).exists();
    } finally {
      mend.call();
    }
    insert();
    var _ = primary.archiveAll();
    assertThat(content.files()).containsAll(before).anyMatch(file -> file.contains(segment + "-"));
    return answers;
  }

  private Instance recovery() {
    var cluster = TestCluster.recovering("job-" + ++jobs, "s", "", "");
    return Instance.recovery(datacenter, cluster, MAJOR);
  }

  private Optional<String> waiting(Instance job) {
    return datacenter.api.events().stream()
        .map(event -> event.get("message").getAsString())
        .filter(
            message ->
                message.contains("restore of cluster '%s' waits".formatted(job.cluster.name())))
        .findFirst();
  }

  /// Another stanza of this kind takes WAL.
  void archivesTo(String name, String members) throws Exception {
    stanza(name, members);
    var cluster = TestCluster.archiving("new-" + name, name);
    try (var instance = Instance.initialised(datacenter, cluster, MAJOR, "--wal-segsize=1")) {
      var segment = oldestSegment(instance.postgres.walDirectory());
      instance.manager.archive(segment);

      assertThat(content.files())
          .anyMatch(file -> file.contains(name) && file.contains(segment.getFileName() + "-"));
    }
  }

  /// What a new cluster is answered whose Stanza was never right.
  Answers fromTheBeginning(String name, String members) {
    stanza(name, members);
    var cluster = TestCluster.archiving("new-" + name, name);
    try (var instance = Instance.initialised(datacenter, cluster, MAJOR, "--wal-segsize=1");
        var job =
            Instance.recovery(
                datacenter, TestCluster.recovering("job-" + name, name, "", ""), MAJOR)) {
      var segment = oldestSegment(instance.postgres.walDirectory());
      return new Answers(
          failure(() -> instance.manager.archive(segment)),
          failure(() -> instance.backup("backupType: full")),
          failure(job.manager::restoreData));
    }
  }

  private void insert() {
    primary.postgres.execute("insert into t values (" + ++rows + ")");
  }

  private int restoredRows(String name) {
    var cluster = TestCluster.recovering(name, "s", "", "");
    try (var restored = Instance.recovery(datacenter, cluster, MAJOR).recovered()) {
      return rows(restored);
    }
  }

  private static int rows(Instance instance) {
    return Integer.parseInt(instance.postgres.value("select count(distinct n) from t"));
  }

  private static Path oldestSegment(Path walDirectory) {
    return Stream.of(walDirectory.toFile().list())
        .filter(name -> name.matches("[0-9A-F]{24}"))
        .sorted()
        .findFirst()
        .map(walDirectory::resolve)
        .orElseThrow();
  }

  private static String failure(Runnable call) {
    var failure = InstanceManager.failureOf(call);
    assertThat(failure).isNotNull();
    return failure;
  }

  @Override
  public void close() {
    primary.close();
  }
}
