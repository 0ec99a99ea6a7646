package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.program.ProgramRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The sidecar: what runs beside PostgreSQL, and in the job that restores one, and answers CNPG on
/// a UNIX socket.
public final class SidecarMain {

  private static final Log log = Log.named("sidecar");

  private SidecarMain() {}

  public static void main(String... arguments) throws Exception {
    SidecarSettings settings;
    try {
      settings = SidecarSettings.fromEnvironment();
    } catch (IllegalArgumentException problems) {
      String.valueOf(problems.getMessage()).lines().forEach(problem -> log.error(problem, null));
      System.exit(2);
      return;
    }
    Log.threshold(settings.logLevel());
    var sidecar = start(settings);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(sidecar::stop));
    sidecar.awaitTermination();
  }

  /// The parts list. Nothing here talks to Kubernetes or starts a program: CNPG waits for the
  /// socket before it starts PostgreSQL.
  static Sidecar start(SidecarSettings settings) throws IOException {
    var directories = new WorkDirectories(settings);
    directories.prepare();
    var runner = new ProgramRunner(Duration.ofSeconds(3));
    var api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    var stanzas = new KubernetesStanzas(api);
    var events = new Events(api, settings.podName());
    var sessions = new StanzaSessions(new StanzaOpener(settings, stanzas, stanzas, runner));
    var guard = new ArchiveGuard(settings.pgData(), sessions, new Ownership(api, stanzas));
    var archive = new ArchiveRecord();
    var archiver =
        new WalArchiver(
            settings.pgData(),
            sessions,
            guard,
            new WalPush(Duration.ofSeconds(1)),
            archive,
            events);
    var fetcher =
        new WalFetcher(
            settings.podName(),
            sessions,
            new WalProbe(),
            new Misses(settings.missDirectory()),
            events);
    var server =
        PluginServer.onUnixSocket(settings.socket()).add(new WalService(archiver, fetcher));
    switch (settings.role()) {
      case INSTANCE ->
          server.add(new IdentityService(List.of(PluginCapability.Service.Type.TYPE_WAL_SERVICE)));
      case RESTORE ->
          server.add(new IdentityService(List.of(PluginCapability.Service.Type.TYPE_WAL_SERVICE)));
    }
    var sidecar = new Sidecar(server.start(), archiver, runner);
    log.info(
        "listening",
        "socket",
        settings.socket(),
        "role",
        settings.role(),
        "version",
        Plugin.version(),
        "java",
        Runtime.version());
    return sidecar;
  }
}
