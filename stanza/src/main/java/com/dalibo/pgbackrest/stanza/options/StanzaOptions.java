package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.ArchiveConfig;
import com.dalibo.pgbackrest.stanza.api.CompressConfig;
import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration;
import java.util.List;

/// How the settings of a stanza, its repositories aside, become options. Nothing else knows.
public final class StanzaOptions {
  private static final OptionTable<StanzaConfiguration> TABLE =
      new OptionTable<StanzaConfiguration>()
          .group("archive", StanzaConfiguration::archive, archive())
          .number("process-max", StanzaConfiguration::processes)
          .group("compressConfig", StanzaConfiguration::compressConfig, compress())
          .flag("start-fast", StanzaConfiguration::startFast)
          .flag("delta", StanzaConfiguration::delta)
          .choice("log-level-console", StanzaConfiguration::logLevel);

  private StanzaOptions() {}

  /// All options that a field of the stanza sets.
  public static List<String> options() {
    return TABLE.options();
  }

  public static List<Setting> settings(StanzaConfiguration configuration) {
    return TABLE.settings(configuration, "");
  }

  private static OptionTable<ArchiveConfig> archive() {
    return new OptionTable<ArchiveConfig>()
        .flag("archive-async", ArchiveConfig::async)
        .text("archive-push-queue-max", ArchiveConfig::pushQueueMax)
        .text("archive-get-queue-max", ArchiveConfig::getQueueSize);
  }

  private static OptionTable<CompressConfig> compress() {
    return new OptionTable<CompressConfig>()
        .choice("compress-type", CompressConfig::type)
        .number("compress-level", CompressConfig::level);
  }
}
