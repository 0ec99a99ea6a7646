package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.repository.ConfigMapKeyRef;
import com.dalibo.pgbackrest.stanza.api.repository.SecretKeyRef;

/// One option of pgBackRest as a stanza sets it, before any Secret is read.
public sealed interface Setting {
  /// The option without its repository: `s3-bucket`, not `repo1-s3-bucket`.
  String option();

  /// A value the stanza holds itself.
  record Value(String option, String value) implements Setting {}

  /// A value held by a Secret.
  record Secret(String option, SecretKeyRef reference, String path) implements Setting {}

  /// A file whose content is held by a Secret; the option is its path.
  record SecretFile(String option, SecretKeyRef reference, String path) implements Setting {}

  /// A file whose content is held by a ConfigMap; the option is its path.
  record ConfigMapFile(String option, ConfigMapKeyRef reference, String path) implements Setting {}

  /// A file whose content is in the stanza; the option is its path.
  record TextFile(String option, String content) implements Setting {}
}
