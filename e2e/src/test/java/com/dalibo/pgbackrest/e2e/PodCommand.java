package com.dalibo.pgbackrest.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What `kubectl exec` does, in one container.
record PodCommand(KubernetesClient client, String namespace, String pod, String container) {

  /// The output of a command that has to end well, within two minutes.
  String run(String... command) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (ExecWatch running =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .inContainer(container)
            .writingOutput(output)
            .writingError(errors)
            .exec(command)) {
      Integer code = running.exitCode().get(2, TimeUnit.MINUTES);
      if (code == null || code != 0) {
        throw new IllegalStateException(
            "%s ended with %s: %s".formatted(named(command), code, errors));
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException(named(command) + ": " + errors, failure);
    }
    return output.toString(StandardCharsets.UTF_8).strip();
  }

  private String named(String... command) {
    return "%s in %s/%s".formatted(String.join(" ", command), pod, container);
  }
}
