package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Repositories in which something is wrong that only a restore finds: each fails it, or keeps it
/// waiting, with the cause in words, and none is restored in part. Row 1 is in the backup, row 2 in
/// the segment that is spoiled, row 3 in the one after it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class SpoiledRepositoryIT {
  private static final int MAJOR = 17;
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir static Path directory;

  private TestCluster datacenter;
  private S3Server s3;
  private KubernetesApiServer api;
  private Source source;
  private String full;
  private String segment;
  private byte[] plainSegment;
  private int restores;

  @BeforeAll
  void aClusterWithABackup() throws Exception {
    datacenter = new TestCluster(directory, "one", "two", "sealed");
    s3 = datacenter.s3;
    api = datacenter.api;
    datacenter.secret("pass", "right: right, wrong: wrong");
    datacenter.stanza("main", "", repository("one"), sealed("right"));
    datacenter.stanza("copied", "", repository("two"));
    datacenter.stanza("right", "", sealed("right"));
    datacenter.stanza("wrong", "", sealed("wrong"));
    datacenter.stanza("both", "", repository("two"), sealed("right"));
    var pod = new Pod("c-1", directory.resolve("c"));
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

  @AfterAll
  void end() {
    source.close();
    datacenter.close();
  }

  @BeforeEach
  void copy() {
    s3.keys("two").forEach(key -> s3.delete("two", key));
    s3.keys("one").forEach(key -> s3.put("two", key, s3.get("one", key)));
  }

  private List<String> keys(Predicate<String> which) {
    return s3.keys("two").stream().filter(which).toList();
  }

  private String key(Predicate<String> which) {
    return keys(which).getFirst();
  }

  private byte[] halved(String key) {
    var content = s3.get("two", key);
    return Arrays.copyOf(content, content.length / 2);
  }

  private static byte[] flipped(byte[] content, int at) {
    var flipped = content.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  private static byte[] flipped(byte[] content) {
    return flipped(content, content.length / 2);
  }

  // -- the backup --------------------------------------------------------------------------------

  @Test
  void aFlippedBitOfAFileIsNotRestored() throws Exception {
    var file = key(name -> name.contains("/pg_data/base/"));
    s3.put("two", file, flipped(s3.get("two", file)));

    isNotRestored("copied", SpoiledRepositoryIT::isFoundByChecksumOrDecompression);
  }

  @Test
  void aFlippedBitOfABundleIsNotRestored() throws Exception {
    var bundle = key(name -> name.contains("/bundle/"));
    s3.put("two", bundle, flipped(s3.get("two", bundle)));

    isNotRestored("copied", SpoiledRepositoryIT::isFoundByChecksumOrDecompression);
  }

  @Test
  void aFileThatIsCutOffIsNotRestored() throws Exception {
    var file = key(name -> name.contains("/pg_data/base/"));
    s3.put("two", file, halved(file));

    isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  @Test
  void anEmptyFileIsNotRestored() throws Exception {
    s3.put("two", key(name -> name.contains("/pg_data/base/")), new byte[0]);

    isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  @Test
  void aBundleThatIsCutOffIsNotRestored() throws Exception {
    var bundle = key(name -> name.contains("/bundle/"));
    s3.put("two", bundle, halved(bundle));

    isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  /// Which bytes say nothing of a password that has opened the lists.
  @Test
  void anEncryptedFileWithoutItsHeaderIsNoWrongPassphrase() throws Exception {
    var file =
        s3.keys("sealed").stream()
            .filter(name -> name.contains("/pg_data/base/"))
            .findFirst()
            .orElseThrow();
    var good = s3.get("sealed", file);
    s3.put("sealed", file, flipped(good, 0));
    try {
      isNotRestored(
          "right",
          "cipher header invalid; remedy: a file of the backup is damaged or missing in the repository");
    } finally {
      s3.put("sealed", file, good);
    }
  }

  @Test
  void aWrongPassphraseIsNamed() throws Exception {
    isNotRestored(
        "wrong",
        "no repository of stanza 'wrong' can be read",
        "was not encrypted with the password in the Stanza");

    try (var restored = restored("right")) {
      isRestored(restored);
    }
  }

  // -- what pgBackRest keeps twice ---------------------------------------------------------------

  @Test
  void oneCopyOfAFileThatIsKeptTwiceSuffices() throws Exception {
    s3.delete("two", key(name -> name.endsWith("/backup.info.copy")));
    s3.delete("two", key(name -> name.endsWith("/archive.info")));
    var manifest = key(name -> name.endsWith(full + "/backup.manifest"));
    s3.put("two", manifest, flipped(s3.get("two", manifest)));

    try (var restored = restored("copied")) {
      isRestored(restored);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/backup.info", "/archive.info"})
  void withoutAGoodCopyNothingIsRestored(String kind) throws Exception {
    flipBoth(kind);

    isNotRestored("copied", "unable to load", kind.substring(1));
  }

  @Test
  void withoutAGoodManifestThereIsTheRemedyOfADamagedBackup() throws Exception {
    flipBoth("/backup.manifest");

    isNotRestored(
        "copied",
        "unable to load backup manifest file",
        "; remedy: a file of the backup is damaged or missing in the repository");
  }

  private void flipBoth(String kind) {
    keys(name -> name.endsWith(kind) || name.endsWith(kind + ".copy"))
        .forEach(name -> s3.put("two", name, flipped(s3.get("two", name))));
  }

  @Test
  void withoutBackupInfoThereIsNoBackup() throws Exception {
    keys(name -> name.endsWith("/backup.info") || name.endsWith("/backup.info.copy"))
        .forEach(name -> s3.delete("two", name));

    isNotRestored("copied", "no backup of stanza 'copied'");
  }

  // -- the WAL -----------------------------------------------------------------------------------

  /// Most flipped bits are still decompressed, and pgBackRest compares checksums when it verifies
  /// and when it restores, but not when it fetches WAL. PostgreSQL takes the damage for the end.
  @ParameterizedTest
  @ValueSource(ints = {10, 35, 50, 65, 90})
  void aFlippedBitOfWalIsNotItsEnd(int percent) throws Exception {
    var wal = key(name -> name.contains(segment + "-"));
    var good = s3.get("two", wal);
    s3.put("two", wal, flipped(good, good.length * percent / 100));

    try (var restored = restored("copied")) {
      waits(
          restored,
          words ->
              words.contains(MissingWal.damaged(segment, "1", "copied", true))
                  || isUnreadable(words));

      s3.put("two", wal, good);
      restored.postgres.waitForPromotion(SOON);
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
  }

  @Test
  void aFlippedBitOfUncompressedWalIsNotItsEnd() throws Exception {
    var wal = key(name -> name.contains(segment + "-"));
    s3.delete("two", wal);
    s3.put("two", wal.replace(".zst", ""), flipped(plainSegment, 2_000_000));

    try (var restored = restored("copied")) {
      waits(
          restored,
          words ->
              words.equals(
                  "recovery waits for WAL file '%1$s' of stanza 'copied' and goes on when it can be fetched: WAL file '%1$s' is damaged in repository 1 of stanza 'copied': its content does not have the checksum of its name, and PostgreSQL would take it for the end of the WAL; remedy: restore that file in the repository, or choose a target before it; to accept the loss of everything written from there on, remove the file from the repository"
                      .formatted(segment)));
    }
  }

  @Test
  void walThatIsCutOffIsNotItsEnd() throws Exception {
    var wal = key(name -> name.contains(segment + "-"));
    s3.put("two", wal, halved(wal));

    try (var restored = restored("copied")) {
      waits(restored, this::isUnreadable);
    }
  }

  @Test
  void anotherRepositoryHasTheWalThatIsDamagedHere() throws Exception {
    var wal = key(name -> name.contains(segment + "-"));
    s3.put("two", wal, flipped(s3.get("two", wal), s3.get("two", wal).length * 35 / 100));

    try (var restored = restored("both")) {
      isRestored(restored);
    }
  }

  // -- what is done and seen ---------------------------------------------------------------------

  private boolean isUnreadable(String words) {
    return words.contains(
            "WAL file '%s' is damaged in repository 1 of stanza 'copied': it cannot be decrypted or decompressed (pgbackrest archive-get failed [42 file-read]: "
                .formatted(segment))
        && words.contains(" [FormatError] ")
        && words.endsWith(
            "); remedy: restore that file in the repository, or choose a target before it; to accept the loss of everything written from there on, remove the file from the repository");
  }

  /// Where the bit is decides which of the two it is.
  private static void isFoundByChecksumOrDecompression(Throwable failure) {
    assertThat(failure)
        .hasMessageContaining("cannot be restored: pgbackrest restore failed")
        .hasMessageContaining("; remedy: a file of the backup is damaged or missing")
        .hasMessageMatching("(?s).*\\[(26 checksum|29 format)\\].*");
  }

  private void isNotRestored(String stanza, String... words) throws Exception {
    isNotRestored(
        stanza,
        failure -> {
          for (var word : words) {
            assertThat(failure).hasMessageContaining(word);
          }
        });
  }

  private void isNotRestored(String stanza, ThrowingConsumer<Throwable> cause) throws Exception {
    try (var restored = restored(stanza)) {
      assertThatThrownBy(restored.job::restore).satisfies(cause);
      assertThat(restored.pod.pgData().resolve("PG_VERSION")).doesNotExist();
    }
  }

  private Restored restored(String stanza) throws Exception {
    var cluster = TestCluster.recovering("r" + ++restores, stanza, "", "instances: 1,");
    return new Restored(directory, api, MAJOR, cluster, CnpgVersion.V1_30);
  }

  private static void isRestored(Restored restored) throws Exception {
    restored.job.run();
    restored.postgres.start();
    restored.postgres.waitForPromotion(SOON);
    assertThat(restored.rows()).isEqualTo("1,2,3");
  }

  private void waits(Restored restored, Predicate<String> words) throws Exception {
    restored.job.restore();
    restored.postgres.launch();
    Eventually.until(
        "recovery waits",
        () ->
            api.events().stream()
                .filter(
                    event ->
                        event
                            .getAsJsonObject("involvedObject")
                            .get("name")
                            .getAsString()
                            .equals(restored.cluster.name()))
                .filter(event -> event.get("reason").getAsString().equals("RecoveryWaits"))
                .anyMatch(event -> words.test(event.get("message").getAsString())));
    assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();
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
