package com.dalibo.pgbackrest.stanza.api;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What we use of an object's metadata.
public record Metadata(
    String name,
    @Nullable String namespace,
    @Nullable String uid,
    @Nullable Long generation,
    @Nullable String resourceVersion,
    @Nullable String creationTimestamp,
    @Nullable Map<String, String> annotations) {

  /// The namespace; that of Kubernetes' default where the text names none.
  public String namespaceOrDefault() {
    return namespace == null ? "default" : namespace;
  }

  /// The value of an annotation.
  public Optional<String> annotation(String name) {
    return Optional.ofNullable(annotations).map(all -> all.get(name));
  }
}
