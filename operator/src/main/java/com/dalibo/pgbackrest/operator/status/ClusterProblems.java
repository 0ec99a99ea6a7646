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
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the user of a Cluster has to change before the plugin can do what the Cluster asks for.
public final class ClusterProblems {

  private final Inventory inventory;
  private final Validation validation;
  private final SidecarAdmission admission;

  public ClusterProblems(Inventory inventory, Validation validation) {
    this.inventory = inventory;
    this.validation = validation;
    this.admission = new SidecarAdmission(inventory.limits());
  }

  public List<Problem> of(Cluster cluster) {
    var problems = new ArrayList<Problem>(StanzaReferences.of(cluster).problems());
    for (var reference : StanzaReferences.of(cluster).valid()) {
      problems.addAll(stanza(cluster, reference));
      problems.addAll(pluginConfig(cluster, reference));
      problems.addAll(admission(cluster, reference));
    }
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
                        Reason.STANZA_MISSING,
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
    var written =
        name.flatMap(config -> inventory.pluginConfig(new ObjectKey(cluster.namespace(), config)))
            .map(ClusterProblems::resources);
    if (name.isPresent() && written.isEmpty()) {
      return List.of();
    }
    var resources = written.orElseGet(() -> EffectiveResources.of(Optional.empty()));
    return Stream.of(
            admission.refusals(cluster, name, resources),
            admission.warnings(cluster, name, resources))
        .flatMap(List::stream)
        .toList();
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
        Reason.PLUGIN_CONFIG_MISSING,
        "there is no PluginConfig '%s' in namespace '%s', which the cluster refers to; create it or remove the parameter 'pluginConfigRef'"
            .formatted(pluginConfig, cluster.namespace()));
  }
}
