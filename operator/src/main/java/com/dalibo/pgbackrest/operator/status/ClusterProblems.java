package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.admission.EffectiveResources;
import com.dalibo.pgbackrest.operator.admission.SidecarAdmission;
import com.dalibo.pgbackrest.operator.admission.SidecarResourceCheck;
import com.dalibo.pgbackrest.operator.inventory.Entry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the user of a Cluster has to change before the plugin can do what the Cluster asks for.
public final class ClusterProblems {

  private final Inventory inventory;
  private final Validation validation;
  private final SidecarAdmission admission;

  private final InstantSource clock;

  public ClusterProblems(Inventory inventory, Validation validation, InstantSource clock) {
    this.inventory = inventory;
    this.validation = validation;
    this.admission = new SidecarAdmission(inventory.limits(), inventory.pods());
    this.clock = clock;
  }

  public List<Problem> of(Cluster cluster) {
    var problems = new ArrayList<Problem>(StanzaReferences.of(cluster).problems());
    for (var reference : StanzaReferences.of(cluster).valid()) {
      problems.addAll(stanza(cluster, reference));
      problems.addAll(pluginConfig(cluster, reference));
      problems.addAll(admission(cluster, reference));
    }
    problems.addAll(rollout(cluster));
    return problems.stream().distinct().toList();
  }

  private List<Problem> stanza(Cluster cluster, StanzaReference reference) {
    var name = reference.stanzaName();
    return inventory
        .stanza(new ObjectKey(cluster.namespace(), name))
        .map(
            entry ->
                switch (entry) {
                  case Entry.Understood<Stanza>(Stanza readable) ->
                      Stream.of(
                              validation.problems(readable),
                              UserOptions.warnings(readable),
                              StanzaValidation.warnings(readable))
                          .flatMap(List::stream)
                          .toList();
                  case Entry.Unreadable<Stanza>(Problem problem) -> List.of(problem);
                })
        .orElseGet(
            () ->
                List.of(
                    new Problem(
                        ClusterReason.STANZA_MISSING,
                        "there is no Stanza '%s' in namespace '%s', which the cluster refers to; create it"
                            .formatted(name, cluster.namespace()))));
  }

  private List<Problem> pluginConfig(Cluster cluster, StanzaReference reference) {
    return reference
        .pluginConfigName()
        .map(
            name ->
                inventory
                    .pluginConfig(new ObjectKey(cluster.namespace(), name))
                    .map(ClusterProblems::problems)
                    .orElseGet(() -> List.of(missing(cluster, name))))
        .orElse(List.of());
  }

  /// Of what a namespace demands; a PluginConfig that is not there, or cannot be read, is a problem
  /// of its own.
  private List<Problem> admission(Cluster cluster, StanzaReference reference) {
    var name = reference.pluginConfigName();
    var written = written(cluster, name);
    if (written.isEmpty()) {
      return List.of();
    }
    var resources = written.get();
    return Stream.of(
            admission.refusals(cluster, name, resources),
            admission.warnings(cluster, name, resources))
        .flatMap(List::stream)
        .toList();
  }

  /// Of what a rollout of the sidecar would cost the running instances.
  private List<Problem> rollout(Cluster cluster) {
    var lasting =
        StanzaReferences.of(cluster).valid().stream()
            .filter(reference -> reference.purpose() != StanzaPurpose.RECOVERY)
            .toList();
    if (lasting.isEmpty()) {
      return List.of();
    }
    var name =
        lasting.stream().flatMap(reference -> reference.pluginConfigName().stream()).findFirst();
    return written(cluster, name)
        .filter(resources -> admission.refusals(cluster, name, resources).isEmpty())
        .map(resources -> admission.shortages(cluster, name, resources))
        .filter(shortages -> shortages.isEmpty() || admission.isSettled(cluster, clock.instant()))
        .orElse(List.of());
  }

  /// Empty where a PluginConfig is named that is not there.
  private Optional<EffectiveResources> written(Cluster cluster, Optional<String> pluginConfig) {
    return pluginConfig.isEmpty()
        ? Optional.of(EffectiveResources.of(Optional.empty()))
        : inventory
            .pluginConfig(new ObjectKey(cluster.namespace(), pluginConfig.get()))
            .map(ClusterProblems::resources);
  }

  private static EffectiveResources resources(Entry<PluginConfig> entry) {
    return EffectiveResources.of(
        switch (entry) {
          case Entry.Understood<PluginConfig>(PluginConfig config) ->
              Optional.ofNullable(config.spec().resourcesRequirement());
          case Entry.Unreadable<PluginConfig> _ -> Optional.empty();
        });
  }

  private static List<Problem> problems(Entry<PluginConfig> entry) {
    return switch (entry) {
      case Entry.Understood<PluginConfig>(PluginConfig config) ->
          new SidecarResourceCheck(config).problems();
      case Entry.Unreadable<PluginConfig>(Problem problem) -> List.of(problem);
    };
  }

  private static Problem missing(Cluster cluster, String pluginConfig) {
    return new Problem(
        ClusterReason.PLUGIN_CONFIG_MISSING,
        "there is no PluginConfig '%s' in namespace '%s', which the cluster refers to; create it or remove the parameter 'pluginConfigRef'"
            .formatted(pluginConfig, cluster.namespace()));
  }
}
