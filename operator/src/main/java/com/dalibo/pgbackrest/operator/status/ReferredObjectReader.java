package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.SecretReader;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the Secrets and ConfigMaps that Stanzas refer to hold now. Nothing of it is kept.
public final class ReferredObjectReader implements SecretReader {

  private final KubernetesClient client;

  public ReferredObjectReader(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name)
      throws ForbiddenException, UnavailableException {
    return read(
            "secret '%s' in namespace '%s'".formatted(name, namespace),
            () -> client.secrets().inNamespace(namespace).withName(name).get())
        .map(secret -> decoded(secret.getData()));
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name)
      throws ForbiddenException, UnavailableException {
    return read(
            "config map '%s' in namespace '%s'".formatted(name, namespace),
            () -> client.configMaps().inNamespace(namespace).withName(name).get())
        .map(
            configMap -> {
              var data = decoded(configMap.getBinaryData());
              if (configMap.getData() != null) {
                configMap
                    .getData()
                    .forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
              }
              return data;
            });
  }

  private static <T> Optional<T> read(String what, Supplier<@Nullable T> read)
      throws ForbiddenException, UnavailableException {
    try {
      return Optional.ofNullable(read.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new ForbiddenException(what + " may not be read by the operator", e);
      }
      throw new UnavailableException(what + " cannot be read now: " + e.getMessage(), e);
    }
  }

  private static Map<String, byte[]> decoded(@Nullable Map<String, String> data) {
    var decoded = new HashMap<String, byte[]>();
    if (data != null) {
      data.forEach((key, value) -> decoded.put(key, Base64.getDecoder().decode(value)));
    }
    return decoded;
  }
}
