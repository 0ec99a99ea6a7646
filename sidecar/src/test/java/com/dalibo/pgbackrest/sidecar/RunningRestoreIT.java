package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What changes while a restore is under way.
@Timeout(300)
class RunningRestoreIT {
  private static final String ROTATED = "the-secret-after-the-rotation";

  @TempDir private Path directory;

  @Test
  void aKeyThatIsRotatedInTheMiddleOfTheCopyServesTheRestOfIt() throws Exception {
    try (var source = source();
        var restored = restored(source)) {
      source.s3.faults().holdWhere(RunningRestoreIT::readsData);
      var restore = CompletableFuture.runAsync(restored.job::restore);
      Eventually.until("the copy is under way", () -> source.s3.faults().held() > 0);

      rotate(source);
      source.s3.faults().heal();

      restore.get(4, TimeUnit.MINUTES);
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("1000");
    }
  }

  private TestInstance source() throws Exception {
    var source = new TestInstance(directory.resolve("demo"), TestInstance.archiving());
    source.applyStanza("main", source.oneRepository());
    source.startPostgres();
    source.postgres.execute("create table t as select generate_series(1, 1000) as n");
    source.backup("backupType: full");
    return source;
  }

  private Restored restored(TestInstance source) throws Exception {
    var cluster = TestCluster.recovering("restored", "main", "", "instances: 1,");
    return new Restored(
        directory, source.api, PostgresInstallation.NEWEST, cluster, CnpgVersion.V1_30);
  }

  private static void rotate(TestInstance source) {
    source.s3.rotateKey(ROTATED);
    source.applySecret(ROTATED);
  }

  private static boolean readsData(String request) {
    Predicate<String> isData = key -> key.contains("/pg_data/") || key.contains("/bundle/");
    return request.startsWith("GET ") && isData.test(request);
  }
}
