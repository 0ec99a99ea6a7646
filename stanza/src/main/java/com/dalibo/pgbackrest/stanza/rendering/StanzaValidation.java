package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.ArchiveConfig;
import com.dalibo.pgbackrest.stanza.api.CompressConfig;
import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.VerifyConfig;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.ObjectStoreFields;
import com.dalibo.pgbackrest.stanza.api.repository.ObjectStoreSpec;
import com.dalibo.pgbackrest.stanza.api.repository.RetentionPolicy;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.OptionValue;
import com.dalibo.pgbackrest.stanza.options.RepositoryOptions;
import com.dalibo.pgbackrest.stanza.options.Setting;
import com.dalibo.pgbackrest.stanza.options.StanzaOptions;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a user has to change about a stanza before it can work, as far as the stanza alone shows.
/// The schema says most of it earlier; this says it also where the schema is older, and in the same
/// words as condition, event and answer.
public final class StanzaValidation {
  /// Files are named after the stanza, with more after it.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");

  private static final Pattern SIZE = Pattern.compile("[0-9]{1,15}(B|KiB|MiB|GiB|TiB|PiB)");

  private final Stanza stanza;
  private final List<Problem> problems = new ArrayList<>();

  private StanzaValidation(Stanza stanza) {
    this.stanza = stanza;
  }

  /// Empty when there is nothing to change.
  public static List<Problem> problems(Stanza stanza) {
    return new StanzaValidation(stanza).check();
  }

  /// What works, as with the Go plugin, though hardly as it is meant. The schema refuses it where
  /// it is written.
  public static List<Problem> warnings(Stanza stanza) {
    var validation = new StanzaValidation(stanza);
    for (var repository : Repositories.of(stanza.spec())) {
      repository
          .retention()
          .ifPresent(retention -> validation.retention(retention, repository.path()));
    }
    return List.copyOf(validation.problems);
  }

  private List<Problem> check() {
    var configuration = stanza.spec().stanzaConfiguration();
    var repositories = Repositories.of(stanza.spec());
    name(configuration.name());
    if (repositories.isEmpty()) {
      refuse(
          SpecReason.NO_REPOSITORY,
          "has no repository",
          "add one, for example under s3Repositories");
    }
    problems.addAll(RepeatedRepositories.problems(stanza, repositories));
    repositories.forEach(this::repository);
    processMax(configuration.processes());
    archive(configuration.archive());
    compression(configuration.compressConfig());
    verify(configuration.verify());
    plainValues(StanzaOptions.settings(configuration), "");
    problems.addAll(UserOptions.problems(stanza));
    return List.copyOf(problems);
  }

  private void name(String name) {
    if (!NAME.matcher(name).matches() || name.equals("global")) {
      refuse(
          SpecReason.NAME_INVALID,
          "has the name '%s', which pgBackRest cannot use".formatted(name),
          "use letters, digits, '_', '-' and '.' in 'name', 200 at most, and not the word global");
    }
  }

  private void repository(Repository repository) {
    var path = repository.path();
    var storage = repository.storage();
    var fields = storage.fields();
    if (repository.index() < 1 || repository.index() > 256) {
      refuse(
          SpecReason.INDEX_OUT_OF_RANGE,
          "has number %d in %s".formatted(repository.index(), path),
          "use an 'index' from 1 to 256");
    }
    if (!fields.repoPath().startsWith("/") || fields.repoPath().matches(".*/\\.\\.?(/.*)?")) {
      refuse(
          SpecReason.PATH_INVALID,
          "has '%s' in %s.repoPath, which is not an absolute path"
              .formatted(fields.repoPath(), path),
          "start it with '/' and use neither '.' nor '..' in it");
    }
    if (isTrue(fields.block()) && Boolean.FALSE.equals(fields.bundle())) {
      refuse(
          SpecReason.BLOCK_NEEDS_BUNDLE,
          "has 'block: true' with 'bundle: false' in %s".formatted(path),
          "remove 'bundle: false'");
    }
    if (storage instanceof ObjectStoreSpec store) {
      store(store.store(), path);
    }
    problems.addAll(StoreCredentials.problems(stanza, repository));
    problems.addAll(StoreNames.problems(stanza, repository));
    problems.addAll(StoreLimits.problems(stanza, repository));
    plainValues(RepositoryOptions.settings(repository, InstancePaths.VOLUMES), path);
  }

  private void retention(RetentionPolicy retention, String path) {
    if (retention.fullType() == RetentionPolicy.FullType.TIME && retention.full() == null) {
      refuse(
          SpecReason.RETENTION_INCOMPLETE,
          "has fullType 'time' without 'full' in %s.retentionPolicy".formatted(path),
          "add 'full': for how many days backups are kept");
    }
    if (retention.archiveType() != null && retention.archive() == null) {
      refuse(
          SpecReason.RETENTION_INCOMPLETE,
          "has archiveType without 'archive' in %s.retentionPolicy".formatted(path),
          "add 'archive': for how many backups WAL is kept, or remove archiveType");
    }
  }

  private void store(ObjectStoreFields store, String path) {
    if (store.caSecretRef() != null && store.caConfigMapRef() != null) {
      refuse(
          SpecReason.AUTHORITY_AMBIGUOUS,
          "has both caSecretRef and caConfigMapRef in %s".formatted(path),
          "remove one");
    }
    size(store.uploadChunkSize(), path + ".uploadChunkSize");
  }

  private void processMax(@Nullable Integer processMax) {
    if (processMax != null && (processMax < 1 || processMax > 999)) {
      refuse(SpecReason.OUT_OF_RANGE, "has processMax %d".formatted(processMax), "use 1 to 999");
    }
  }

  private void archive(@Nullable ArchiveConfig archive) {
    if (archive != null) {
      queue(archive.pushQueueMax(), "archive.pushQueueMax");
      queue(archive.getQueueSize(), "archive.getQueueMax");
    }
  }

  private void queue(@Nullable String size, String path) {
    size(size, path);
    if (size != null && isSize(size)) {
      problems.addAll(StoreLimits.ofQueue(stanza, size, path));
    }
  }

  /// Whether it is written as one, however large.
  static boolean isSize(String text) {
    return SIZE.matcher(text).matches();
  }

  private void size(@Nullable String size, String path) {
    if (size != null && !isSize(size)) {
      refuse(
          SpecReason.SIZE_INVALID,
          "has '%s' in %s, which is not a size".formatted(size, path),
          "write a number and a unit without a space, such as 128MiB");
    }
  }

  private void compression(@Nullable CompressConfig compression) {
    if (compression == null || compression.level() == null) {
      return;
    }
    int level = compression.level();
    var type = compression.type() == null ? CompressConfig.Type.GZ : compression.type();
    var inRange =
        switch (type) {
          case NONE -> true;
          case GZ -> level >= -1 && level <= 9;
          case BZ2 -> level >= 1 && level <= 9;
          case LZ4 -> level >= -5 && level <= 12;
          case ZST -> level >= -7 && level <= 22;
        };
    if (!inRange) {
      refuse(
          SpecReason.OUT_OF_RANGE,
          "has compression level %d, which %s does not have"
              .formatted(level, EnumSpelling.of(type)),
          "use gz -1 to 9, bz2 1 to 9, lz4 -5 to 12 or zst -7 to 22 in compressConfig.level");
    }
  }

  private void verify(@Nullable VerifyConfig verify) {
    if (verify != null && TimeSpan.parse(verify.every()).isEmpty()) {
      refuse(
          SpecReason.TIME_SPAN_INVALID,
          "has '%s' in verify.every, which is not a time span".formatted(verify.every()),
          "write one such as 168h, 90m or 2h30m");
    }
  }

  /// A line break would start another option of the file; white space at an end would be lost.
  private void plainValues(List<Setting> settings, String path) {
    for (var setting : settings) {
      if (setting instanceof Setting.Value(var option, var value)
          && !OptionValue.isWritable(value)) {
        refuse(
            SpecReason.VALUE_INVALID,
            "has a value for option '%s'%s that is empty, has white space at an end, or a character"
                    .formatted(option, path.isEmpty() ? "" : " in " + path)
                + " that cannot be seen, such as a line break",
            "give it a plain value or remove the field");
      }
    }
  }

  private void refuse(Reason reason, String what, String remedy) {
    problems.add(problem(stanza, reason, what, remedy));
  }

  static Problem problem(Stanza stanza, Reason reason, String what, String remedy) {
    return new Problem(reason, "the Stanza '%s' %s; %s".formatted(stanza.name(), what, remedy));
  }

  private static boolean isTrue(@Nullable Boolean flag) {
    return Boolean.TRUE.equals(flag);
  }
}
