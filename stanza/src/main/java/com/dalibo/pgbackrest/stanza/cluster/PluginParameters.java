package com.dalibo.pgbackrest.stanza.cluster;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.PluginEntry;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What a Cluster tells the plugin, in `spec.plugins` or in an external cluster.
///
/// @param selectedRepository by name or number, where a recovery is to use no other one
/// @param promotionTimeout how long a promotion waits for an archive that does not answer
public record PluginParameters(
    String stanzaRef,
    Optional<String> pluginConfigRef,
    Optional<String> selectedRepository,
    Duration promotionTimeout) {
  /// Seconds in which most stores come back from a hiccup; PostgreSQL has no primary meanwhile.
  private static final Duration PROMOTION_TIMEOUT = Duration.ofSeconds(15);

  private static final String STANZA = "stanzaRef";
  private static final String PLUGIN_CONFIG = "pluginConfigRef";
  private static final String PROMOTION = "promotionTimeout";
  private static final String REPOSITORY = "selectedRepository";
  private static final List<String> KNOWN = List.of(PLUGIN_CONFIG, PROMOTION, STANZA);
  private static final List<String> KNOWN_OF_A_SOURCE =
      List.of(PLUGIN_CONFIG, PROMOTION, REPOSITORY, STANZA);

  /// @param where the parameters stand, for messages
  static PluginParameters of(StanzaPurpose purpose, Map<String, String> parameters, String where)
      throws InvalidStanzaException {
    // Who archives, archives to every repository.
    var known = purpose == StanzaPurpose.ARCHIVE ? KNOWN : KNOWN_OF_A_SOURCE;
    for (var name : new TreeSet<>(parameters.keySet())) {
      if (!known.contains(name)) {
        throw new InvalidStanzaException(
            ClusterReason.PARAMETER_UNKNOWN,
            "the plugin '%s' has no parameter '%s'; known are %s; correct %s"
                .formatted(Plugin.NAME, name, String.join(", ", known), where));
      }
    }
    var stanza =
        given(parameters, STANZA)
            .orElseThrow(
                () ->
                    new InvalidStanzaException(
                        ClusterReason.PARAMETER_MISSING,
                        "the plugin '%s' has no parameter 'stanzaRef'; name a Stanza in %s"
                            .formatted(Plugin.NAME, where)));
    var timeout = given(parameters, PROMOTION);
    if (timeout.isPresent() && TimeSpan.parse(timeout.get()).isEmpty()) {
      throw new InvalidStanzaException(
          ClusterReason.PARAMETER_INVALID,
          "the parameter '%s' of the plugin '%s' is '%s', which is not a time span; write it as 15s or 2m in %s"
              .formatted(PROMOTION, Plugin.NAME, timeout.get(), where));
    }
    return new PluginParameters(
        stanza,
        given(parameters, PLUGIN_CONFIG),
        given(parameters, REPOSITORY),
        promotionTimeout(parameters));
  }

  /// That of a Cluster, whatever else is wrong with its parameters.
  public static Duration promotionTimeout(Cluster cluster) {
    return promotionTimeout(cluster.plugin().map(PluginEntry::parameters).orElse(Map.of()));
  }

  private static Duration promotionTimeout(Map<String, String> parameters) {
    return given(parameters, PROMOTION).flatMap(TimeSpan::parse).orElse(PROMOTION_TIMEOUT);
  }

  private static Optional<String> given(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isBlank());
  }
}
