package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.repository.CipherConfig;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.RetentionPolicy;
import java.util.Optional;

/// A repository of a stanza with the number it has in pgBackRest.
///
/// @param path where the spec has it, for messages: `s3Repositories[0]`
public record Repository(int index, String path, RepositorySpec storage) {
  public Optional<String> name() {
    return Optional.ofNullable(storage.fields().name());
  }

  public Optional<RetentionPolicy> retention() {
    return Optional.ofNullable(storage.fields().retentionPolicy());
  }

  public Optional<CipherConfig> cipher() {
    return Optional.ofNullable(storage.fields().cipherConfig());
  }

  /// How people call it: its number, and its name if it has one.
  public String label() {
    return name().map(name -> index + " (" + name + ")").orElse(Integer.toString(index));
  }
}
