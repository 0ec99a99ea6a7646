package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// How many processes of pgBackRest run: as many as the container has CPUs where the Stanza says
/// nothing, half of them for a backup, because it reads where PostgreSQL works; and never more than
/// the container's memory has room for: the kernel would end the container, and with it the backup.
public final class ProcessBound {
  private static final String OPTION = "process-max";
  private static final String BACKUP = "backup";

  /// More would only wait for the store and for each other.
  private static final int MOST = 16;

  private final Supplier<MemoryLimit> memory;
  private final BiConsumer<Cluster, String> notice;
  private final int cpus;

  /// What was noticed last, by Stanza.
  private final Map<String, String> noticed = new ConcurrentHashMap<>();

  /// @param memory read each time, as Kubernetes can resize a container that runs
  /// @param notice what becomes an event on the Cluster, once for each Stanza and number
  public ProcessBound(Supplier<MemoryLimit> memory, BiConsumer<Cluster, String> notice) {
    this(memory, Runtime.getRuntime().availableProcessors(), notice);
  }

  ProcessBound(Supplier<MemoryLimit> memory, int cpus, BiConsumer<Cluster, String> notice) {
    this.memory = memory;
    this.cpus = cpus;
    this.notice = notice;
  }

  /// There is no PostgreSQL yet that a restore would take anything from.
  public static int forRestore(MemoryLimit limit) {
    return bounded(limit.processes(), Runtime.getRuntime().availableProcessors());
  }

  /// How many processes a backup with this configuration has, whoever has decided that.
  public static int ofBackup(Configuration configuration) {
    return configuration
        .command(BACKUP, OPTION)
        .or(() -> configuration.global(OPTION))
        .filter(number -> number.matches("[1-9][0-9]{0,2}"))
        .map(Integer::valueOf)
        .orElse(1);
  }

  private static int bounded(OptionalInt room, int wanted) {
    return Math.clamp(Math.min(wanted, room.orElse(MOST)), 1, MOST);
  }

  Configuration apply(Cluster cluster, Stanza stanza, Configuration configuration) {
    var limit = memory.get();
    if (!Rendering.saysProcesses(stanza, BACKUP)) {
      var half = bounded(limit.backupProcesses(), cpus / 2);
      return half == 1
          ? configuration
          : configuration.toBuilder().command(BACKUP, OPTION, Integer.toString(half)).build();
    }
    var asked = stanza.spec().stanzaConfiguration().processes();
    // Where an option of the user stands in its place, the user has decided.
    if (asked == null || !configuration.global(OPTION).equals(Optional.of(asked.toString()))) {
      return configuration;
    }
    var reduced = configuration;
    if (isTooMany(asked, limit.processes())) {
      reduced = reduced.with(OPTION, Integer.toString(limit.processes().getAsInt()));
    }
    if (isTooMany(asked, limit.backupProcesses()) && !Rendering.saysProcessesOf(stanza, BACKUP)) {
      var room = Integer.toString(limit.backupProcesses().getAsInt());
      reduced = reduced.toBuilder().command(BACKUP, OPTION, room).build();
    }
    if (reduced.equals(configuration)) {
      noticed.remove(stanza.name());
    } else {
      notice(
          cluster,
          stanza,
          ("stanza '%s' has processMax %d, and a memory limit of %s has room for %d in a backup"
                  + " and %d otherwise, so no more run; for more, raise"
                  + " resourcesRequirement.limits.memory in the PluginConfig of the cluster, by %s"
                  + " for each of a backup")
              .formatted(
                  stanza.metadata().name(),
                  asked,
                  limit.words().orElse(""),
                  limit.backupProcesses().getAsInt(),
                  Math.min(asked, limit.processes().getAsInt()),
                  SidecarMemory.BACKUP_PROCESS));
    }
    return reduced;
  }

  /// The configuration is made for each segment.
  private void notice(Cluster cluster, Stanza stanza, String message) {
    if (!message.equals(noticed.put(stanza.name(), message))) {
      notice.accept(cluster, message);
    }
  }

  private static boolean isTooMany(int asked, OptionalInt room) {
    return room.isPresent() && asked > room.getAsInt();
  }
}
