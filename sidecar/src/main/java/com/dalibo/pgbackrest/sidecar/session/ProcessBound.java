package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Fewer processes than the Stanza asks for where the container's memory has no room for them: the
/// kernel would end the container, and with it the backup.
public final class ProcessBound {
  private static final String OPTION = "process-max";

  private final MemoryLimit limit;
  private final BiConsumer<Cluster, String> notice;

  /// @param notice what becomes an event on the Cluster
  public ProcessBound(MemoryLimit limit, BiConsumer<Cluster, String> notice) {
    this.limit = limit;
    this.notice = notice;
  }

  Configuration apply(Cluster cluster, Stanza stanza, Configuration configuration) {
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
        ("stanza '%s' has processMax %d, and a memory limit of %s has room for %d: that many run;"
                + " for more raise resourcesRequirement.limits.memory in the PluginConfig of the"
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
