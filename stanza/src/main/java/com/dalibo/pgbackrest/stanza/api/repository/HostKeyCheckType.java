package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How the key of an SFTP host is checked.
public enum HostKeyCheckType {
  /// It must be among the known hosts.
  @JsonProperty("strict")
  STRICT,
  /// A host that is not known yet is accepted.
  @JsonProperty("accept-new")
  ACCEPT_NEW,
  /// It must have the given fingerprint.
  @JsonProperty("fingerprint")
  FINGERPRINT,
  /// Not at all.
  @JsonProperty("none")
  NONE
}
