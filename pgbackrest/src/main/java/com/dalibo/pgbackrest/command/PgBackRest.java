package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.Info;
import com.dalibo.pgbackrest.info.InfoJson;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.process.FetchStallWatch;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// The commands of pgBackRest for one stanza, with one configuration file. Interrupting the calling
/// thread ends the program and everything it started before the method throws.
public final class PgBackRest {
  /// The largest number that a retention option takes.
  private static final int MOST_BACKUPS = 9_999_999;

  /// How the archiver that pgBackRest starts for itself is called.
  private static final String ASYNCHRONOUS = "archive-push:async";

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration QUERY = Duration.ofMinutes(10);
  private static final Duration WAL = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofDays(30);

  private final CommandRunner commands;
  private final String stanza;

  public PgBackRest(Path program, ProgramRunner runner, Path configurationFile, String stanza) {
    this(new CommandRunner(program, runner, configurationFile, stanza, LONG), stanza);
  }

  private PgBackRest(CommandRunner commands, String stanza) {
    this.commands = commands;
    this.stanza = stanza;
  }

  /// The same, with a deadline for each command that is shorter than its own.
  public PgBackRest within(Duration deadline) {
    return new PgBackRest(commands.within(deadline), stanza);
  }

  public String stanza() {
    return stanza;
  }

  /// Puts a file of the WAL directory into every repository. A file that PostgreSQL has not marked
  /// as ready cannot be pushed asynchronously (pgBackRest looks for the mark), so that one is
  /// pushed while we wait. An asynchronous archiver that hangs is ended once it has been missed for
  /// minutes.
  public ArchivePush archivePush(Path wal) throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<String>();
    if (!Files.exists(ready(wal))) {
      arguments.add("--no-archive-async");
    }
    arguments.add(wal.toAbsolutePath().toString());
    try {
      return ArchivePush.of(commands.run("archive-push", WAL, arguments));
    } catch (PgBackRestException failure) {
      if (failure.errorCode() == ErrorCode.ARCHIVE_TIMEOUT) {
        commands.endStalled(ASYNCHRONOUS);
      }
      throw failure;
    }
  }

  /// Puts a file of the WAL directory into every repository of the configuration while we wait. The
  /// asynchronous archiver is left out of it, with its marks about all repositories.
  public ArchivePush archivePushNow(Path wal) throws PgBackRestException, InterruptedException {
    var arguments = List.of("--no-archive-async", wal.toAbsolutePath().toString());
    return ArchivePush.of(commands.run("archive-push", WAL, arguments));
  }

  /// Fetches a file of the archive from one repository.
  public ArchiveGet archiveGet(String name, Path destination, int repository)
      throws PgBackRestException, InterruptedException {
    return archiveGet(name, destination, repository, () -> false);
  }

  /// Fetches a file of the archive from one repository. The deadline is for a file of which nothing
  /// arrives.
  ///
  /// @param isUrgent whether somebody has come to wait who needs an answer, be it none, in seconds
  public ArchiveGet archiveGet(
      String name, Path destination, int repository, BooleanSupplier isUrgent)
      throws PgBackRestException, InterruptedException {
    var target = destination.toAbsolutePath();
    // In the same folder, so that the file appears whole or not at all.
    var temporary = target.resolveSibling("." + target.getFileName() + ".pgbackrest-" + nonce());
    // The program's own, until it is whole.
    var partial = temporary.resolveSibling(temporary.getFileName() + ".pgbackrest.tmp");
    var arguments =
        List.of("--repo=" + repository, "--no-archive-async", name, temporary.toString());
    try {
      var watch = new FetchStallWatch(List.of(temporary, partial), commands.shorter(WAL), isUrgent);
      var output = commands.attempt("archive-get", WAL, watch, arguments);
      var answer = ArchiveGet.of(output);
      if (answer == ArchiveGet.FOUND) {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      }
      return answer;
    } catch (IOException e) {
      throw PgBackRestException.of(
          "archive-get", ErrorCode.FILE_WRITE, "cannot write '%s': %s".formatted(target, e), e);
    } finally {
      deleteQuietly(temporary);
      deleteQuietly(partial);
    }
  }

  /// Creates the stanza in every repository of the configuration; to be run with
  /// [Configuration#only(int)], because the command stops at the first repository that fails. What
  /// is there already is checked and left. PostgreSQL need not run: its control file is read.
  ///
  /// @param locks a directory for its lock, so that what runs for other repositories is not in its
  ///   way: where there is no stanza nothing runs
  public void stanzaCreate(Path locks) throws PgBackRestException, InterruptedException {
    commands.run("stanza-create", QUERY, List.of("--no-online", "--lock-path=" + locks));
  }

  /// Makes the stanza belong to the cluster that is there now. Accepts any cluster: ask for it only
  /// after a major upgrade that is known to have happened.
  public void stanzaUpgrade() throws PgBackRestException, InterruptedException {
    commands.run("stanza-upgrade", QUERY, List.of("--no-online"));
  }

  /// Makes a backup and removes none: [#expire(int, DryRun)] does, when it is known to be good.
  public void backup(BackupCommand command) throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<String>();
    arguments.add("--type=" + command.type().label());
    arguments.add("--repo=" + command.repository());
    arguments.add("--no-expire-auto");
    addPairs(arguments, "--annotation", command.annotations());
    commands.run("backup", LONG, LogLine.Level.DETAIL, arguments, command.progress());
  }

  public void restore(RestoreCommand command) throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<String>();
    arguments.add("--repo=" + command.repository());
    arguments.add("--set=" + command.set());
    arguments.add("--pg1-path=" + command.pgPath().toAbsolutePath());
    if (command.extra().stream().noneMatch(argument -> argument.startsWith("--type="))) {
      arguments.add("--type=none");
    }
    addPairs(arguments, "--link-map", command.linkMap());
    addPairs(arguments, "--tablespace-map", command.tablespaceMap());
    arguments.addAll(command.extra());
    commands.run("restore", LONG, LogLine.Level.DETAIL, arguments, command.progress());
  }

  /// What every repository holds for this stanza. A repository that cannot be asked says so in its
  /// status.
  public Info info() throws PgBackRestException, InterruptedException {
    return info(List.of());
  }

  public Info info(int repository) throws PgBackRestException, InterruptedException {
    return info(List.of("--repo=" + repository));
  }

  /// Removes what retention no longer asks for, and tells what that was (or would be).
  public Expiration expire(int repository, DryRun dryRun)
      throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<>(List.of("--repo=" + repository));
    if (dryRun == DryRun.YES) {
      arguments.add("--dry-run");
    }
    return Expiration.of(
        commands.run("expire", LONG, LogLine.Level.INFO, arguments, _ -> {}).log());
  }

  /// Removes one backup with all that build on it, whatever retention says, and no WAL: by itself
  /// pgBackRest removes also the WAL that `retention-archive` does not ask for, counted from the
  /// newest backup, be it damaged.
  public List<LogLine> expire(int repository, String set)
      throws PgBackRestException, InterruptedException {
    var arguments =
        List.of(
            "--repo=" + repository,
            "--set=" + set,
            "--repo%d-retention-archive=%d".formatted(repository, MOST_BACKUPS));
    return commands.run("expire", LONG, LogLine.Level.INFO, arguments, _ -> {}).log();
  }

  /// Reads all backups and WAL of a repository; the verdict is in the text, for the exit code is 0
  /// whatever was found.
  public VerifyReport verify(int repository) throws PgBackRestException, InterruptedException {
    var arguments = List.of("--repo=" + repository, "--output=text", "--verbose");
    var output = commands.run("verify", LONG, LogLine.Level.INFO, arguments, _ -> {});
    return VerifyReport.parse(output.stdout(), output.log())
        .orElseThrow(
            () ->
                PgBackRestException.of(
                    "verify",
                    ErrorCode.UNREADABLE,
                    "it printed no status; pgBackRest 2.58 or newer is needed",
                    null));
  }

  /// Returns where pgBackRest's TLS server answers there, which a port that can be connected to
  /// does not prove: the kernel accepts connections for a program that hangs.
  public void serverPing(String host, int port) throws PgBackRestException, InterruptedException {
    var _ = commands.runBare("server-ping", SOON, ping(host, port));
  }

  static List<String> ping(String host, int port) {
    return List.of(
        host,
        "--tls-server-port=" + port,
        "--io-timeout=5s",
        "--log-level-file=off",
        "--log-level-console=off",
        "--log-level-stderr=warn");
  }

  /// The version as one number: 2.60.1 is 2060001.
  public int version() throws PgBackRestException, InterruptedException {
    var text = commands.runBare("version", SOON, List.of("--output=num")).stdout().strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw PgBackRestException.of(
          "version",
          ErrorCode.UNREADABLE,
          "'%s' is not a version number; pgBackRest 2.58 or newer is needed".formatted(text),
          e);
    }
  }

  /// The files and folders at a path of a repository, relative to its root: `archive/main`. Empty
  /// when nothing is there.
  public List<RepositoryFile> repoLs(int repository, String path)
      throws PgBackRestException, InterruptedException {
    return repoLs(repository, path, List.of());
  }

  /// Removes one file of a repository; its path is relative to the root. A file that is not there
  /// is as good as removed. (`repo-rm`, which pgBackRest keeps to itself, `repo-ls` too.)
  public void repoRm(int repository, String path) throws PgBackRestException, InterruptedException {
    commands.run("repo-rm", QUERY, List.of("--repo=" + repository, path));
  }

  /// The timelines that one archive (such as `17-1`) in a repository has a history of.
  public List<Integer> histories(int repository, String archiveId)
      throws PgBackRestException, InterruptedException {
    return repoLs(repository, archive(archiveId), List.of("--filter=^[0-9A-F]{8}[.]history$"))
        .stream()
        .map(file -> WalFile.parse(file.name()).timeline())
        .toList();
  }

  /// One of these histories.
  public TimelineHistory history(int repository, String archiveId, int timeline)
      throws PgBackRestException, InterruptedException {
    var file = archive(archiveId) + "/%08X.history".formatted(timeline);
    var output = commands.run("repo-get", QUERY, List.of("--repo=" + repository, file));
    try {
      return TimelineHistory.parse(timeline, output.stdout());
    } catch (IllegalArgumentException damage) {
      throw PgBackRestException.of(
          "repo-get",
          ErrorCode.UNREADABLE,
          "'%s' in repository %d is damaged: %s; remedy: put it back, from pg_wal of an instance or from another repository"
              .formatted(file, repository, damage.getMessage()),
          damage);
    }
  }

  private String archive(String archiveId) {
    return "archive/" + stanza + "/" + archiveId;
  }

  private List<RepositoryFile> repoLs(int repository, String path, List<String> more)
      throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<>(List.of("--repo=" + repository, "--output=json"));
    arguments.addAll(more);
    arguments.add(path);
    return ParsedOutput.of(
        "repo-ls", commands.run("repo-ls", QUERY, arguments), RepositoryFile::parse);
  }

  /// The names of the tablespaces in a backup, the two that every cluster has left out. Empty where
  /// the backup is listed at most: its manifest is not there.
  public Optional<List<String>> tablespaces(int repository, String set)
      throws PgBackRestException, InterruptedException {
    var output =
        commands.run(
            "info", QUERY, List.of("--output=json", "--repo=" + repository, "--set=" + set));
    var answer = ParsedOutput.of("info", output, Info::parse).stanza(stanza);
    if (answer.filter(info -> info.code() == StatusCode.BACKUP_NOT_FOUND).isPresent()) {
      return Optional.empty();
    }
    for (var state : answer.map(StanzaInfo::repositories).orElse(List.of())) {
      if (!state.readable()) {
        throw PgBackRestException.of(
            "info", state.errorCode().orElse(ErrorCode.UNREADABLE), state.message(), null);
      }
    }
    return Optional.of(ParsedOutput.of("info", output, InfoJson::tablespaces));
  }

  private Info info(List<String> more) throws PgBackRestException, InterruptedException {
    var arguments = new ArrayList<>(List.of("--output=json"));
    arguments.addAll(more);
    return ParsedOutput.of("info", commands.run("info", QUERY, arguments), Info::parse);
  }

  private static void addPairs(List<String> arguments, String option, Map<String, String> pairs) {
    pairs.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(pair -> arguments.add(option + "=" + pair.getKey() + "=" + pair.getValue()));
  }

  private static Path ready(Path wal) {
    return wal.toAbsolutePath()
        .resolveSibling("archive_status")
        .resolve(wal.getFileName() + ".ready");
  }

  private static String nonce() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A left-over with a name that nothing reads; the failure that led here is what counts.
    }
  }
}
