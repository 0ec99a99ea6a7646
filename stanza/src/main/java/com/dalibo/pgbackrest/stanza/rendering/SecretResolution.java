package com.dalibo.pgbackrest.stanza.rendering;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.ConfigMapKeyRef;
import com.dalibo.pgbackrest.stanza.api.repository.SecretKeyRef;
import com.dalibo.pgbackrest.stanza.options.OptionValue;
import com.dalibo.pgbackrest.stanza.options.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings of one stanza turned into values and files, each Secret and ConfigMap being read once.
final class SecretResolution {
  private final Stanza stanza;
  private final SecretReader secrets;
  private final Path directory;
  private final Map<String, Optional<Map<String, byte[]>>> read = new HashMap<>();
  private final Map<Path, byte[]> files = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  SecretResolution(Stanza stanza, SecretReader secrets, Path directory) {
    this.stanza = stanza;
    this.secrets = secrets;
    this.directory = directory;
  }

  Map<Path, byte[]> files() {
    return files;
  }

  void complain() throws InvalidStanzaException {
    if (!problems.isEmpty()) {
      throw new InvalidStanzaException(problems);
    }
  }

  /// Empty when there is none, which is then among the problems.
  Optional<String> value(Setting.Secret setting)
      throws ForbiddenException, UnavailableException, InterruptedException {
    var content = secret(setting.reference(), setting.path());
    if (content.isEmpty()) {
      return Optional.empty();
    }
    var value = new String(content.get(), UTF_8);
    var plain = setting.option().equals("cipher-pass") ? value : withoutLineBreak(value);
    if (!isPossible(setting.option(), plain)) {
      problems.add(
          new Problem(
              SpecReason.SECRET_VALUE_INVALID,
              ("the value of key '%s' of secret '%s' is empty, has white space at an end, or a"
                      + " character that it cannot have, such as a line break or a no-break space; the"
                      + " Stanza '%s' refers to it in %s; store it without, for example with kubectl"
                      + " create secret --from-literal")
                  .formatted(
                      setting.reference().key(),
                      setting.reference().name(),
                      stanza.name(),
                      setting.path())));
      return Optional.empty();
    }
    return Optional.of(setting.option().equals("gcs-key") ? authorization(plain) : plain);
  }

  /// A passphrase is the user's own choice, and so is a key of MinIO or Ceph, which may hold a
  /// blank; what nobody can see in it came along from elsewhere.
  private static boolean isPossible(String option, String value) {
    return switch (option) {
      case "cipher-pass", "sftp-private-key-passphrase" ->
          !value.isEmpty()
              && value.strip().equals(value)
              && value.chars().noneMatch(Character::isISOControl);
      default -> OptionValue.isWritable(value);
    };
  }

  /// pgBackRest sends it as it is, and Google wants the scheme before the token it gives out.
  private static String authorization(String token) {
    return token.contains(" ") ? token : "Bearer " + token;
  }

  Path file(int repository, Setting.SecretFile setting)
      throws ForbiddenException, UnavailableException, InterruptedException {
    var content = secret(setting.reference(), setting.path());
    if (setting.option().equals("gcs-key") && content.isPresent()) {
      requireKeyFile(setting, content.get());
    }
    return file(repository, setting, content);
  }

  /// What is no key file pgBackRest repeats in its complaint, secret or not.
  private void requireKeyFile(Setting.SecretFile setting, byte[] content) {
    if (!GcsKeyFile.isOne(content)) {
      problems.add(
          new Problem(
              SpecReason.SECRET_VALUE_INVALID,
              ("the value of key '%s' of secret '%s' is not the key file of a service account, in JSON"
                      + " with %s; the Stanza '%s' refers to it in %s; store the file as Google "
                      + "issues it, or set keyType 'token' if it is a token")
                  .formatted(
                      setting.reference().key(),
                      setting.reference().name(),
                      GcsKeyFile.MEMBERS,
                      stanza.name(),
                      setting.path())));
    }
  }

  Path file(int repository, Setting.ConfigMapFile setting)
      throws ForbiddenException, UnavailableException, InterruptedException {
    return file(repository, setting, configMap(setting.reference(), setting.path()));
  }

  Path file(int repository, Setting.TextFile setting) {
    return file(repository, setting, Optional.of(setting.content().getBytes(UTF_8)));
  }

  /// Two stanzas of one cluster share the directory, so the file carries the name of the object.
  private Path file(int repository, Setting setting, Optional<byte[]> content) {
    var file =
        directory.resolve("%s.repo%d-%s".formatted(stanza.name(), repository, setting.option()));
    content.ifPresent(bytes -> files.put(file, bytes));
    return file;
  }

  private Optional<byte[]> secret(SecretKeyRef reference, String path)
      throws ForbiddenException, UnavailableException, InterruptedException {
    var id = "secret '%s'".formatted(reference.name());
    var known = read.get(id);
    if (known == null) {
      known = secrets.secret(stanza.namespace(), reference.name());
      read.put(id, known);
    }
    return key(id, known, reference.key(), path);
  }

  private Optional<byte[]> configMap(ConfigMapKeyRef reference, String path)
      throws ForbiddenException, UnavailableException, InterruptedException {
    var id = "config map '%s'".formatted(reference.name());
    var known = read.get(id);
    if (known == null) {
      known = secrets.configMap(stanza.namespace(), reference.name());
      read.put(id, known);
    }
    return key(id, known, reference.key(), path);
  }

  private Optional<byte[]> key(
      String object, Optional<Map<String, byte[]>> data, String key, String path) {
    if (data.isEmpty()) {
      problems.add(
          new Problem(
              SpecReason.SECRET_MISSING,
              "%s does not exist in namespace '%s'; the Stanza '%s' refers to it in %s; create it or correct the reference"
                  .formatted(object, stanza.namespace(), stanza.name(), path)));
      return Optional.empty();
    }
    var content = data.get().get(key);
    if (content == null) {
      problems.add(
          new Problem(
              SpecReason.SECRET_KEY_MISSING,
              "%s has no key '%s'; the Stanza '%s' refers to it in %s; add the key or correct the reference"
                  .formatted(object, key, stanza.name(), path)));
    }
    return Optional.ofNullable(content);
  }

  /// Files and here-documents end with a line break that no key has.
  private static String withoutLineBreak(String value) {
    return value.replaceFirst("\\r?\\n$", "");
  }
}
