package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A Cluster with a backup in two repositories, and a copy of the first one in bucket 'two', of the
/// Stanza 'copied'. Each test finds the copy intact and spoils something that only a restore finds:
/// that fails, or waits, with the cause in words, and nothing is restored in part. Row 1 is in the
/// backup, row 2 in a segment that can be spoiled, row 3 in the one after it.
final class SpoiledStage implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  static final Duration SOON = Duration.ofMinutes(2);
  private static final int MAJOR = 17;

  private final Supplier<Path> directory;
  TestCluster datacenter;
  S3Server s3;
  String full;
  String segment;
  byte[] plainSegment;
  private Source source;
  private int restores;

  /// @param directory for the pods, once the tests begin
  SpoiledStage(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    datacenter = new TestCluster(directory.get(), "one", "two", "sealed");
    s3 = datacenter.s3;
    datacenter.secret("pass", "right: right, wrong: wrong");
    datacenter.stanza("main", "", repository("one"), sealed("right"));
    datacenter.stanza("copied", "", repository("two"));
    datacenter.stanza("right", "", sealed("right"));
    datacenter.stanza("wrong", "", sealed("wrong"));
    datacenter.stanza("both", "", repository("two"), sealed("right"));
    var pod = new Pod("c-1", directory.get().resolve("c"));
    source =
        new Source(
            datacenter,
            pod,
            TestCluster.archiving("c", "main").primary("c-1"),
            Postgres.initdb(MAJOR, pod.pgData()));
    var primary = source.postgres;
    primary.execute(
        "create table t (n int)",
        "create table large as select n, md5(n::text) from generate_series(1, 100000) n",
        "insert into t values (1)");
    full = source.backup("full", "backupType: full, selectedRepository: '1'").getBackupId();
    source.backup("sealed", "backupType: full, selectedRepository: '2'");
    primary.execute("insert into t values (2)");
    primary.execute(
        "create table more as select n, md5(n::text) from generate_series(1, 100000) n");
    segment = primary.switchWal();
    plainSegment = Files.readAllBytes(primary.walDirectory().resolve(segment));
    primary.waitForArchived(segment, SOON);
    primary.execute("insert into t values (3)");
    primary.waitForArchived(primary.switchWal(), SOON);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    s3.keys("two").forEach(key -> s3.delete("two", key));
    s3.keys("one").forEach(key -> s3.put("two", key, s3.get("one", key)));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    source.close();
    datacenter.close();
  }

  List<String> keys(Predicate<String> which) {
    return s3.keys("two").stream().filter(which).toList();
  }

  String key(Predicate<String> which) {
    return keys(which).getFirst();
  }

  byte[] halved(String key) {
    var content = s3.get("two", key);
    return Arrays.copyOf(content, content.length / 2);
  }

  static byte[] flipped(byte[] content, int at) {
    var flipped = content.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  static byte[] flipped(byte[] content) {
    return flipped(content, content.length / 2);
  }

  void isNotRestored(String stanza, String... words) throws Exception {
    isNotRestored(
        stanza,
        failure -> {
          for (var word : words) {
            assertThat(failure).hasMessageContaining(word);
          }
        });
  }

  void isNotRestored(String stanza, ThrowingConsumer<Throwable> cause) throws Exception {
    try (var restored = restored(stanza)) {
      assertThatThrownBy(restored.job::restore).satisfies(cause);
      assertThat(restored.pod.pgData().resolve("PG_VERSION")).doesNotExist();
    }
  }

  Restored restored(String stanza) throws Exception {
    var cluster = TestCluster.recovering("r" + ++restores, stanza, "", "instances: 1,");
    return new Restored(directory.get(), datacenter.api, MAJOR, cluster, CnpgVersion.V1_30);
  }

  static void isRestored(Restored restored) throws Exception {
    restored.job.run();
    restored.postgres.start();
    restored.postgres.waitForPromotion(SOON);
    assertThat(restored.rows()).isEqualTo("1,2,3");
  }

  private String repository(String bucket) {
    return datacenter.uncheckedRepository(bucket, "/repo", "");
  }

  private String sealed(String passphrase) {
    return datacenter.uncheckedRepository(
        "sealed",
        "/repo",
        "cipherConfig: {encryptionPass: {name: pass, key: %s}},".formatted(passphrase));
  }
}
