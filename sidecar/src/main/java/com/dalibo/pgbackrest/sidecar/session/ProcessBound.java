package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import java.util.Optional;
import java.util.function.BiConsumer;

/// How many processes of pgBackRest run: as many as the container has CPUs where the Stanza says
/// nothing, half of them for a backup, because it reads where PostgreSQL works; and never more than
/// the container's memory has room for: the kernel would end the container, and with it the backup.
public final class ProcessBound {
  private static final String OPTION = "process-max";

  /// More would only wait for the store and for each other.
  private static final int MOST = 16;

  private final MemoryLimit limit;
  private final BiConsumer<Cluster, String> notice;

  private final int cpus;

  /// @param notice what becomes an event on the Cluster
  public ProcessBound(MemoryLimit limit, BiConsumer<Cluster, String> notice) {
    this(limit, Runtime.getRuntime().availableProcessors(), notice);
  }

  ProcessBound(MemoryLimit limit, int cpus, BiConsumer<Cluster, String> notice) {
    this.limit = limit;
    this.cpus = cpus;
    this.notice = notice;
  }

  /// There is no PostgreSQL yet that a restore would take anything from.
  public static int forRestore(MemoryLimit limit) {
    return bounded(limit, Runtime.getRuntime().availableProcessors());
  }

  /// Files of WAL that are pushed or fetched at the same time: also beside one CPU, because they
  /// wait for the store, and few, because PostgreSQL works there.
  public static int forWal(MemoryLimit limit) {
    return forWal(limit, Runtime.getRuntime().availableProcessors());
  }

  static int forWal(MemoryLimit limit, int cpus) {
    return bounded(limit, Math.clamp(cpus, 2, 4));
  }

  private static int bounded(MemoryLimit limit, int wanted) {
    return Math.clamp(Math.min(wanted, limit.processes().orElse(MOST)), 1, MOST);
  }

  Configuration apply(Cluster cluster, Stanza stanza, Configuration configuration) {
    if (!Rendering.saysProcesses(stanza, "backup")) {
      var half = bounded(limit, cpus / 2);
      return half == 1
          ? configuration
          : configuration.toBuilder().command("backup", OPTION, Integer.toString(half)).build();
    }
    var most = limit.processes();
    var asked = stanza.spec().stanzaConfiguration().processes();
    // Where an option of the user stands in its place, the user has decided.
    if (asked == null
        || most.isEmpty()
        || asked <= most.getAsInt()
        || !configuration.global(OPTION).equals(Optional.of(asked.toString()))) {
      return configuration;
    }
    notice.accept(
        cluster,
        ("stanza '%s' has processMax %d, and a memory limit of %s has room for %d, so no more "
                + "run; for more, raise resourcesRequirement.limits.memory in the PluginConfig of the"
                + " cluster, by %s for each")
            .formatted(
                stanza.metadata().name(),
                asked,
                limit.words().orElse(""),
                most.getAsInt(),
                SidecarMemory.PROCESS));
    return configuration.with(OPTION, Integer.toString(most.getAsInt()));
  }
}
