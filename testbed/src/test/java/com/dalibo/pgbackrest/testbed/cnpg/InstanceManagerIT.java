package com.dalibo.pgbackrest.testbed.cnpg;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreResponse;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveResult;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreResult;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver against a service that keeps WAL in a directory: what PostgreSQL runs reaches the
/// plugin and back.
class InstanceManagerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Path archive;
  private DirectoryWal wal;
  private Pod pod;
  private ClusterDefinition cluster;
  private PluginServer server;
  private InstanceManager manager;
  private Postgres postgres;

  @BeforeEach
  void start() throws IOException {
    archive = Files.createDirectories(directory.resolve("archive"));
    wal = new DirectoryWal(archive);
    pod = new Pod("demo-1", directory.resolve("demo-1"));
    cluster =
        ClusterDefinition.of("{apiVersion: v1, kind: Cluster, metadata: {name: demo}, spec: {}}")
            .primary("demo-1")
            .timeline(1);
    server =
        PluginServer.onUnixSocket(pod.pluginSocket())
            .add(new IdentityService(List.of(PluginCapability.Service.Type.TYPE_WAL_SERVICE)))
            .add(wal)
            .add(
                new CopyRestore(
                    directory.resolve("copy"), directory.resolve("restored/data/pgdata")))
            .start();
    manager = InstanceManager.start(pod, cluster);
    postgres = Postgres.initdb(18, pod.pgData(), "--wal-segsize=1");
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
  }

  @AfterEach
  void stop() {
    postgres.close();
    manager.close();
    server.close();
  }

  @Test
  void whatPostgresArchivesReachesThePlugin() {
    String segment = postgres.switchWal();

    postgres.waitForArchived(segment, PATIENCE);

    assertThat(archive.resolve(segment)).hasSize(1 << 20);
    assertThat(manager.archived()).contains(segment);
    assertThat(manager.services()).containsExactly(PluginCapability.Service.Type.TYPE_WAL_SERVICE);
  }

  @Test
  void aPodThatIsNotThePrimaryDoesNotAskThePlugin() throws Exception {
    cluster.currentPrimary("demo-2");

    postgres.switchWal();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!postgres.lastLog(20).contains("switchover in progress, refusing archiving")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
    }

    assertThat(archive).isEmptyDirectory();
  }

  @Test
  void aRestoreJobRecoversToTheLastArchivedWal() throws Exception {
    postgres.standby(directory.resolve("copy")).close();
    postgres.execute("create table t as select generate_series(1, 100) as n");
    postgres.waitForArchived(postgres.switchWal(), PATIENCE);
    Pod job = new Pod("restored-1-full-recovery", directory.resolve("restored"));
    ClusterDefinition restored =
        ClusterDefinition.of(
            "{apiVersion: v1, kind: Cluster, metadata: {name: restored}, spec: {}}");
    Files.createSymbolicLink(job.pluginSocket(), pod.pluginSocket());

    try (InstanceManager jobManager = InstanceManager.start(job, restored);
        Postgres recovered = Postgres.existing(18, job.pgData())) {
      new RestoreJob(jobManager, recovered).run();

      assertThat(recovered.start().value("select count(*) from t")).isEqualTo("100");
      assertThat(recovered.value("show archive_command")).isNotEqualTo("false");
      assertThat(jobManager.restored()).isNotEmpty();
    }
  }

  @Test
  void noCommandOfPostgresWaitsForAManagerThatHasEnded() throws Exception {
    Path command = pod.binDirectory().resolve("wal-restore");
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        calls.add(
            callers.submit(
                () -> {
                  int waiting = 0;
                  while (!over.get()) {
                    Process call =
                        new ProcessBuilder(command.toString(), "0".repeat(24), "x").start();
                    if (!call.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                      waiting++;
                      call.destroyForcibly();
                    }
                    assertThat(call.waitFor()).isLessThan(128);
                  }
                  return waiting;
                }));
      }
      for (int restart = 0; restart < 150; restart++) {
        manager.close();
        manager = InstanceManager.start(pod, cluster);
        Thread.sleep(20);
      }
      over.set(true);
      for (Future<Integer> call : calls) {
        assertThat(call.get()).isZero();
      }
    }
  }

  @Test
  void theCallOfACommandThatIsKilledIsCancelled() throws Exception {
    Process command =
        new ProcessBuilder(
                pod.binDirectory().resolve("wal-restore").toString(), DirectoryWal.AWAITED, "x")
            .start();
    assertThat(wal.called.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    command.destroyForcibly();

    assertThat(wal.cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static final class DirectoryWal extends WALGrpc.WALImplBase {
    /// A file for which the answer never comes.
    static final String AWAITED = "FFFFFFFF0000000000000001";

    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);
    private final Path archive;

    DirectoryWal(Path archive) {
      this.archive = archive;
    }

    @Override
    public void archive(WALArchiveRequest request, StreamObserver<WALArchiveResult> response) {
      Path source = Path.of(request.getSourceFileName());
      try {
        Files.copy(source, archive.resolve(source.getFileName()));
        response.onNext(WALArchiveResult.getDefaultInstance());
        response.onCompleted();
      } catch (IOException e) {
        response.onError(Status.INTERNAL.withDescription("" + e).asRuntimeException());
      }
    }

    @Override
    public void restore(WALRestoreRequest request, StreamObserver<WALRestoreResult> response) {
      if (request.getSourceWalName().equals(AWAITED)) {
        Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
        called.countDown();
        return;
      }
      try {
        Files.copy(
            archive.resolve(request.getSourceWalName()),
            Path.of(request.getDestinationFileName()),
            StandardCopyOption.REPLACE_EXISTING);
        response.onNext(WALRestoreResult.getDefaultInstance());
        response.onCompleted();
      } catch (IOException e) {
        response.onError(Status.NOT_FOUND.withDescription("" + e).asRuntimeException());
      }
    }
  }

  /// Restores by moving a copy of the data directory into place.
  private static final class CopyRestore extends RestoreJobHooksGrpc.RestoreJobHooksImplBase {
    private final Path copy;
    private final Path pgData;

    CopyRestore(Path copy, Path pgData) {
      this.copy = copy;
      this.pgData = pgData;
    }

    @Override
    public void restore(RestoreRequest request, StreamObserver<RestoreResponse> response) {
      try {
        Files.deleteIfExists(copy.resolve("standby.signal"));
        Files.move(copy, pgData);
        response.onNext(
            RestoreResponse.newBuilder()
                .setRestoreConfig(
                    """
                    recovery_target_action = 'promote'
                    restore_command = '/controller/manager wal-restore --log-destination /controller/log/postgres.json %f %p'
                    """)
                .build());
        response.onCompleted();
      } catch (IOException e) {
        response.onError(Status.INTERNAL.withDescription("" + e).asRuntimeException());
      }
    }
  }
}
