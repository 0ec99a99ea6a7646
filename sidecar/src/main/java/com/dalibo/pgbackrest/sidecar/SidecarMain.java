package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.HeapTrim;
import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryLocator;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginLogLevel;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;

/// The sidecar: what runs beside PostgreSQL, and in the job that restores one, and answers CNPG on
/// a UNIX socket.
public final class SidecarMain {

  private static final Duration HEAP_LOOK = Duration.ofSeconds(5);

  private static final Log log = Log.named("sidecar");

  private SidecarMain() {}

  public static void main(String... arguments) throws Exception {
    if (List.of(arguments).contains("--train")) {
      StartCacheTraining.run();
      return;
    }
    SidecarSettings settings;
    try {
      settings = SidecarSettings.fromEnvironment();
    } catch (IllegalArgumentException problems) {
      String.valueOf(problems.getMessage()).lines().forEach(problem -> log.error(problem, null));
      System.exit(2);
      return;
    }
    Log.setThreshold(threshold(settings.logLevel()));
    if (settings.mode() == SidecarMode.INSPECTION || settings.mode() == SidecarMode.PLAN) {
      System.exit(runOnce(settings));
      return;
    }
    var sidecar = start(settings);
    HeapTrim.start(HEAP_LOOK);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(sidecar::stop));
    sidecar.awaitTermination();
  }

  private static int runOnce(SidecarSettings settings) throws InterruptedException {
    try (var job = new JobParts(settings, Intervals.NORMAL)) {
      if (settings.mode() == SidecarMode.PLAN) {
        job.plan();
      } else {
        job.inspect();
      }
      return 0;
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception failure) {
      log.error(
          "the Job failed",
          failure,
          "role",
          settings.mode(),
          "stanza",
          settings.stanzaName(),
          "plan",
          settings.planName());
      return 1;
    }
  }

  private static Level threshold(PluginLogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  static RunningSidecar start(SidecarSettings settings) throws IOException {
    return start(settings, Intervals.NORMAL);
  }

  static RunningSidecar start(SidecarSettings settings, Intervals intervals) throws IOException {
    var files = new PeerFiles(settings, InstantSource.system());
    return start(settings, files, PrimaryLocator.alike(settings, files), intervals);
  }

  static RunningSidecar start(
      SidecarSettings settings, PeerFiles peerFiles, PrimaryLocator primary, Intervals intervals)
      throws IOException {
    return start(
        new SidecarParts(settings, peerFiles, primary, intervals, MemoryLimit::ofContainer));
  }

  static RunningSidecar start(SidecarParts parts) throws IOException {
    var settings = parts.settings;
    new WorkDirectories(settings).prepare();
    var mode =
        switch (settings.mode()) {
          case INSTANCE -> InstanceParts.of(parts);
          case RESTORE -> RestoreParts.of(parts);
          case INSPECTION, PLAN ->
              throw new IllegalArgumentException("a Job that only asks serves nobody, and ends");
        };
    var archiver = parts.archiver();
    var restorer = parts.restorer();
    var server =
        PluginServer.onUnixSocket(settings.socket())
            .add(new IdentityService(capabilities(mode)))
            .add(new WalService(archiver, restorer));
    mode.services().forEach(server::add);
    var sidecar =
        new RunningSidecar(
            server.start(),
            archiver,
            List.of(mode.end(), restorer::close),
            parts.runner,
            parts.lock);
    mode.start().run();
    log.info(
        "listening",
        "socket",
        settings.socket(),
        "role",
        settings.mode(),
        "version",
        Plugin.version(),
        "java",
        Runtime.version());
    return sidecar;
  }

  private static List<PluginCapability.Service.Type> capabilities(ModeServices mode) {
    var all = new ArrayList<>(mode.capabilities());
    all.add(PluginCapability.Service.Type.TYPE_WAL_SERVICE);
    return all;
  }
}
