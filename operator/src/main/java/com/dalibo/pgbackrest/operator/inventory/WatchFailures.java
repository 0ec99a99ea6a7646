package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What is reported of a watch that fails and is retried: each cause once, as long as it lasts.
final class WatchFailures {

  /// A watch that fails is retried after less than this.
  private static final Duration LASTING = Duration.ofMinutes(2);

  private final String resource;
  private final String group;
  private final InstantSource clock;
  private String reported = "";
  private Instant last = Instant.MIN;

  /// @param resource such as `restoredrills`
  /// @param group of its API; empty for Kubernetes' own core
  WatchFailures(String resource, String group, InstantSource clock) {
    this.resource = resource;
    this.group = group;
    this.clock = clock;
  }

  /// What there is to report; empty if this cause was reported and has lasted since.
  synchronized Optional<String> report(Throwable failure) {
    var now = clock.instant();
    var words = words(failure instanceof CompletionException ? failure.getCause() : failure);
    var isKnown = words.equals(reported) && now.isBefore(last.plus(LASTING));
    reported = words;
    last = now;
    return isKnown ? Optional.empty() : Optional.of(words);
  }

  private String words(@Nullable Throwable failure) {
    var code = failure instanceof KubernetesClientException answer ? answer.getCode() : 0;
    return switch (code) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "the operator is not permitted to list and watch %s, and continues without them; %s"
              .formatted(resource, ReleaseRemedy.WORDS);
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "Kubernetes has no %s.%s, and the operator continues without them; %s"
              .formatted(
                  resource,
                  group,
                  group.equals(Cluster.GROUP) ? "install CloudNativePG" : ReleaseRemedy.WORDS);
      default ->
          "cannot watch %s: %s"
              .formatted(resource, failure == null ? "no cause" : failure.getMessage());
    };
  }
}
