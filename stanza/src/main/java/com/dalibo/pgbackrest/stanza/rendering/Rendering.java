package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.RepositoryOptions;
import com.dalibo.pgbackrest.stanza.options.Setting;
import com.dalibo.pgbackrest.stanza.options.StanzaOptions;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import java.util.List;
import java.util.stream.Collectors;

/// From a stanza to what pgBackRest reads. The only place that knows which options are ours.
public final class Rendering {
  private Rendering() {}

  /// Everything that is wrong is told at once.
  public static RenderedConfiguration configuration(
      Stanza stanza, SecretReader secrets, InstancePaths paths)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    var problems = StanzaValidation.problems(stanza);
    if (!problems.isEmpty()) {
      throw new InvalidStanzaException(problems);
    }
    var configuration = Configuration.builder(stanza.stanzaName());
    ours(configuration, paths);
    if (!saysCompression(stanza)) {
      configuration.global("compress-type", "zst");
    }
    var resolution = new SecretResolution(stanza, secrets, paths.caDirectory());
    for (var repository : Repositories.of(stanza.spec())) {
      repository(configuration, repository, resolution, paths);
      if (!saysBundling(stanza, repository)) {
        configuration.repository(repository.index(), "bundle", "y");
      }
    }
    for (var setting : StanzaOptions.settings(stanza.spec().stanzaConfiguration())) {
      if (setting instanceof Setting.Value(var option, var value)) {
        configuration.global(option, value);
      }
    }
    if (stanza.spec().stanzaConfiguration().verify() != null) {
      // What else runs here comes first; options of the user for this command come last and win.
      configuration.command("verify", "priority", "19").command("verify", "process-max", "1");
    }
    for (var free : UserOptions.accepted(stanza)) {
      if (free.command().isEmpty()) {
        configuration.global(free.written(), free.value());
      } else {
        configuration.command(free.command(), free.written(), free.value());
      }
    }
    resolution.complain();
    return new RenderedConfiguration(configuration.build(), resolution.files());
  }

  /// Whether the user has said how many processes a command uses; pgBackRest's default is one.
  ///
  /// @param command `backup` or `restore`
  public static boolean saysProcesses(Stanza stanza, String command) {
    return stanza.spec().stanzaConfiguration().processes() != null
        || saysProcessesOf(stanza, "")
        || saysProcessesOf(stanza, command);
  }

  /// Whether an option of the user says how many processes this command has, and no other.
  ///
  /// @param command empty: every command
  public static boolean saysProcessesOf(Stanza stanza, String command) {
    return UserOptions.accepted(stanza).stream()
        .filter(free -> free.command().equals(command))
        .anyMatch(free -> free.written().equals("process-max"));
  }

  /// Whether the user has said anything of compression. A level alone is one of pgBackRest's
  /// default type, gz.
  private static boolean saysCompression(Stanza stanza) {
    var config = stanza.spec().stanzaConfiguration().compressConfig();
    return (config != null && (config.type() != null || config.level() != null))
        || UserOptions.accepted(stanza).stream()
            .anyMatch(free -> free.written().startsWith("compress"));
  }

  private static boolean saysBundling(Stanza stanza, Repository repository) {
    var option = "repo%d-bundle".formatted(repository.index());
    return repository.storage().fields().bundle() != null
        || UserOptions.accepted(stanza).stream().anyMatch(free -> free.written().equals(option));
  }

  /// What depends on the place, not on the user.
  ///
  /// - `archive-check`: pgBackRest demands its own name in `archive_command`, which is CNPG's.
  ///   Whether the WAL of a backup has arrived is checked by the plugin.
  /// - `buffer-size`: with pgBackRest's default of 1 MiB each of its processes takes some 4 MiB
  ///   more and is not faster (measured: backups to S3 of 230 MiB, gz and none).
  /// - `io-timeout`: twice this passes before `archive-push` gives up on a refused connection.
  private static void ours(Configuration.Builder configuration, InstancePaths paths) {
    configuration
        .global("lock-path", paths.lockPath().toString())
        .global("spool-path", paths.spoolPath().toString())
        .global("log-level-file", "off")
        .global("buffer-size", "128KiB")
        .global("io-timeout", "30s")
        .command("backup", "archive-check", "n")
        .command("check", "archive-check", "n")
        .stanza("pg1-path", paths.pgPath().toString())
        .stanza("pg1-socket-path", paths.socketPath().toString())
        .stanza("pg1-port", Integer.toString(paths.port()))
        .stanza("pg1-user", "postgres");
  }

  private static void repository(
      Configuration.Builder configuration,
      Repository repository,
      SecretResolution resolution,
      InstancePaths paths)
      throws ForbiddenException, UnavailableException, InterruptedException {
    var index = repository.index();
    var settings = RepositoryOptions.settings(repository, paths.volumesDirectory());
    for (var setting : settings) {
      switch (setting) {
        case Setting.Value(var option, var _) ->
            configuration.repository(index, option, values(settings, option));
        case Setting.Secret secret ->
            resolution
                .value(secret)
                .ifPresent(value -> configuration.repositorySecret(index, secret.option(), value));
        case Setting.SecretFile file ->
            configuration.repository(index, file.option(), resolution.file(index, file).toString());
        case Setting.ConfigMapFile file ->
            configuration.repository(index, file.option(), resolution.file(index, file).toString());
        case Setting.TextFile file ->
            configuration.repository(index, file.option(), resolution.file(index, file).toString());
      }
    }
  }

  /// An option that may be given several times has several settings.
  private static List<String> values(List<Setting> settings, String option) {
    return settings.stream()
        .filter(Setting.Value.class::isInstance)
        .map(Setting.Value.class::cast)
        .filter(setting -> setting.option().equals(option))
        .map(Setting.Value::value)
        .collect(Collectors.toUnmodifiableList());
  }
}
