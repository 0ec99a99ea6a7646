package com.dalibo.pgbackrest.stanza.cluster;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What a Cluster tells the plugin, in `spec.plugins` or in an external cluster.
public record PluginParameters(String stanzaRef, Optional<String> pluginConfigRef) {
  private static final String STANZA = "stanzaRef";
  private static final String PLUGIN_CONFIG = "pluginConfigRef";
  private static final List<String> KNOWN = List.of(PLUGIN_CONFIG, STANZA);

  /// @param where the parameters stand, for messages
  static PluginParameters of(Map<String, String> parameters, String where)
      throws InvalidStanzaException {
    for (var name : new TreeSet<>(parameters.keySet())) {
      if (!KNOWN.contains(name)) {
        throw new InvalidStanzaException(
            Reason.PARAMETER_UNKNOWN,
            "the plugin '%s' has no parameter '%s'; known are %s; correct %s"
                .formatted(Plugin.NAME, name, String.join(", ", KNOWN), where));
      }
    }
    var stanza =
        given(parameters, STANZA)
            .orElseThrow(
                () ->
                    new InvalidStanzaException(
                        Reason.PARAMETER_MISSING,
                        "the plugin '%s' has no parameter 'stanzaRef'; name a Stanza in %s"
                            .formatted(Plugin.NAME, where)));
    return new PluginParameters(stanza, given(parameters, PLUGIN_CONFIG));
  }

  private static Optional<String> given(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isBlank());
  }
}
