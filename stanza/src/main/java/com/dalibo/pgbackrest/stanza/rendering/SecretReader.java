package com.dalibo.pgbackrest.stanza.rendering;

import java.util.Map;
import java.util.Optional;

/// The reads of what a Stanza refers to. Each is the whole object, so that the two halves of a
/// credential come from the same version of it.
public interface SecretReader {
  /// The decoded data of a Secret; empty when there is no such Secret.
  Optional<Map<String, byte[]>> secret(String namespace, String name)
      throws ForbiddenException, UnavailableException, InterruptedException;

  /// The data of a ConfigMap; empty when there is no such ConfigMap.
  Optional<Map<String, byte[]>> configMap(String namespace, String name)
      throws ForbiddenException, UnavailableException, InterruptedException;
}
