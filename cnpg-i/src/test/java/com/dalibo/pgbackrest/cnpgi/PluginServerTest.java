package com.dalibo.pgbackrest.cnpgi;

import static com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability.Service.Type.TYPE_BACKUP_SERVICE;
import static com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability.Service.Type.TYPE_WAL_SERVICE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveResult;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreResult;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PluginServerTest {

  @TempDir Path folder;

  @AutoClose("disconnect")
  private PluginFolder plugin;

  private final SlowWal wal = new SlowWal();

  @BeforeEach
  void begin() {
    plugin = new PluginFolder(folder);
  }

  @Test
  void aClientLearnsWhoThePluginIsAndWhatItOffers() throws IOException {
    try (var _ = start()) {
      var identity = IdentityGrpc.newBlockingStub(plugin.channel);

      var metadata = identity.getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance());
      var offer = identity.getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance());

      assertThat(metadata.getName()).isEqualTo("pgbackrest.dalibo.com");
      assertThat(metadata.getVersion()).matches("\\d+\\.\\d+.*");
      assertThat(offer.getCapabilitiesList())
          .extracting(capability -> capability.getService().getType())
          .containsExactly(TYPE_WAL_SERVICE, TYPE_BACKUP_SERVICE);
    }
  }

  @Test
  void oneConnectionTakesManyCallsOneAfterAnother() throws IOException {
    try (var _ = start()) {
      var ready = IntStream.range(0, 35_000).filter(_ -> plugin.isReady()).count();

      assertThat(ready).isEqualTo(35_000);
    }
  }

  @Test
  void aConnectionIsRenewedWithoutAFailedCall() throws IOException {
    var server =
        PluginServer.onUnixSocket(plugin.socket)
            .add(new IdentityService(List.of()))
            .connectionAge(Duration.ofMillis(200));
    try (var _ = server.start()) {
      var end = Instant.now().plusSeconds(2);

      var ready =
          IntStream.iterate(0, _ -> Instant.now().isBefore(end), i -> i + 1)
              .allMatch(_ -> plugin.isReady());

      assertThat(ready).isTrue();
    }
  }

  @Test
  void aCallThatOutlivesItsConnectionFinishes() throws Exception {
    var server =
        PluginServer.onUnixSocket(plugin.socket)
            .add(wal)
            .connectionAge(Duration.ofMillis(100))
            .start();
    try (server;
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var call =
          clients.submit(() -> WALGrpc.newBlockingStub(plugin.channel).restore(request("wait")));
      assertThat(wal.started.tryAcquire(20, SECONDS)).isTrue();

      Thread.sleep(500);
      wal.release.countDown();

      assertThat(call.get(20, SECONDS)).isNotNull();
    }
  }

  @Test
  void callsRunBesideEachOther() throws Exception {
    try (var _ = start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var blocking = WALGrpc.newBlockingStub(plugin.channel);

      var calls =
          IntStream.range(0, 20)
              .mapToObj(_ -> clients.submit(() -> blocking.restore(request("wait"))))
              .toList();
      var allRunning = wal.started.tryAcquire(20, 20, SECONDS);
      wal.release.countDown();

      assertThat(allRunning).isTrue();
      assertThat(calls).allSatisfy(call -> assertThat(call.get(20, SECONDS)).isNotNull());
    }
  }

  @Test
  void aRequestOfTenMegabytesArrivesWhole() throws IOException {
    try (var _ = start()) {
      var cluster = ByteString.copyFrom(new byte[10 * 1024 * 1024]);
      var request = WALArchiveRequest.newBuilder().setClusterDefinition(cluster).build();

      WALGrpc.newBlockingStub(plugin.channel).archive(request);

      assertThat(wal.archivedBytes).isEqualTo(10 * 1024 * 1024);
    }
  }

  @Test
  void aClientThatGoesAwayInterruptsItsCall() throws Exception {
    try (var _ = start()) {
      var context = Context.current().withCancellation();
      context.run(
          () -> WALGrpc.newStub(plugin.channel).restore(request("wait"), new IgnoredAnswer()));
      assertThat(wal.started.tryAcquire(20, SECONDS)).isTrue();

      context.cancel(null);

      assertThat(wal.interrupted.await(20, SECONDS)).isTrue();
    }
  }

  @Test
  void aFailureReachesTheClientAsTheStatusFoundForIt() throws IOException {
    try (var _ = start()) {
      var stub = WALGrpc.newBlockingStub(plugin.channel);

      assertThatThrownBy(() -> stub.restore(request("fail")))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage("NOT_FOUND: segment 'fail' is in no repository");
    }
  }

  @Test
  void drainingLetsARunningCallFinishAndRefusesNewOnes() throws Exception {
    try (var server = start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      WALGrpc.newStub(plugin.channel).restore(request("wait"), new IgnoredAnswer());
      assertThat(wal.started.tryAcquire(20, SECONDS)).isTrue();

      var draining =
          clients.submit(
              () -> {
                server.drain(Duration.ofSeconds(60));
                return true;
              });
      awaitNoFile();
      var late = PluginChannel.onUnixSocket(plugin.socket);
      assertThatThrownBy(
              () -> IdentityGrpc.newBlockingStub(late).probe(ProbeRequest.getDefaultInstance()))
          .hasMessageStartingWith("UNAVAILABLE");
      late.shutdownNow();
      wal.release.countDown();

      // Told by the server: this client loses an answer that it has not read yet when it writes to
      // the connection that closes after it.
      assertThat(wal.answered.tryAcquire(20, SECONDS)).isTrue();
      assertThat(wal.interrupted.getCount()).isEqualTo(1);
      assertThat(draining.get(20, SECONDS)).isTrue();
    }
  }

  @Test
  void drainingAnIdleServerEndsAtOnce() throws Exception {
    try (var server = start()) {
      assertThat(plugin.isReady()).isTrue();
      var before = Instant.now();

      server.drain(Duration.ofMinutes(1));

      assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void drainingCancelsWhatOutlastsItsPatience() throws Exception {
    try (var server = start()) {
      WALGrpc.newStub(plugin.channel).restore(request("wait"), new IgnoredAnswer());
      assertThat(wal.started.tryAcquire(20, SECONDS)).isTrue();

      server.drain(Duration.ofMillis(100));

      assertThat(wal.interrupted.await(20, SECONDS)).isTrue();
    }
  }

  private PluginServer start() throws IOException {
    return PluginServer.onUnixSocket(plugin.socket)
        .add(new IdentityService(List.of(TYPE_WAL_SERVICE, TYPE_BACKUP_SERVICE)))
        .add(wal)
        .start();
  }

  private static WALRestoreRequest request(String segment) {
    return WALRestoreRequest.newBuilder().setSourceWalName(segment).build();
  }

  private void awaitNoFile() throws Exception {
    while (!plugin.files().isEmpty()) {
      Thread.sleep(10);
    }
  }

  /// Restores after a wait that the test ends, or fails when asked for the segment `fail`.
  private static final class SlowWal extends WALGrpc.WALImplBase {
    final Semaphore started = new Semaphore(0);
    final Semaphore answered = new Semaphore(0);
    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    volatile int archivedBytes;

    private final UnaryCall unary =
        new UnaryCall(e -> Status.NOT_FOUND.withDescription(e.getMessage()).withCause(e));

    @Override
    public void archive(WALArchiveRequest request, StreamObserver<WALArchiveResult> response) {
      unary.answer(
          response,
          () -> {
            archivedBytes = request.getClusterDefinition().size();
            return WALArchiveResult.getDefaultInstance();
          });
    }

    @Override
    public void restore(WALRestoreRequest request, StreamObserver<WALRestoreResult> response) {
      unary.answer(response, () -> restore(request.getSourceWalName()));
      answered.release();
    }

    private WALRestoreResult restore(String segment) throws Exception {
      if (segment.equals("fail")) {
        throw new IOException("segment 'fail' is in no repository");
      }
      started.release();
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
      return WALRestoreResult.getDefaultInstance();
    }
  }

  private static final class IgnoredAnswer implements StreamObserver<WALRestoreResult> {
    @Override
    public void onNext(WALRestoreResult value) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
