package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.admission.ContainerRefusedException;
import com.dalibo.pgbackrest.operator.admission.EffectiveResources;
import com.dalibo.pgbackrest.operator.admission.SidecarAdmission;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.MissingObjectException;
import com.dalibo.pgbackrest.operator.inventory.NotReadyException;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfigSpec;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.ResourceRequirements;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Completes a decision to inject with what the Stanzas and the PluginConfig say.
public final class SidecarResolver {

  private static final Log LOG = Log.of(SidecarResolver.class);

  private final Inventory inventory;
  private final SidecarAdmission admission;

  /// For clusters whose PluginConfig names none.
  private final String image;

  public SidecarResolver(Inventory inventory, String image) {
    this.inventory = inventory;
    this.admission = new SidecarAdmission(inventory.limits(), inventory.pods());
    this.image = image;
  }

  /// The sidecar as it goes into a workload.
  public SidecarSpec of(Cluster cluster, Injection.Inject injection, Workload workload)
      throws InvalidStanzaException {
    // Another shape now than a moment later would restart PostgreSQL.
    if (!inventory.isComplete()) {
      throw new NotReadyException(
          "the operator of '"
              + Plugin.NAME
              + "' has not yet read all Stanzas; CNPG will call it again");
    }
    var config = config(cluster, injection);
    var spec = config.map(PluginConfig::spec);
    requireAdmission(
        cluster, injection, workload, spec.map(PluginConfigSpec::resourcesRequirement));
    return new SidecarSpec(
        spec.map(PluginConfigSpec::image).orElse(image),
        config.map(PluginConfig::sidecarShape).orElse(PluginConfig.NEWEST_SHAPE),
        injection.mode(),
        injection.recoversFromSnapshots(),
        cluster.imagePullPolicy(),
        spec.map(PluginConfigSpec::resourcesRequirement),
        spec.map(PluginConfigSpec::logLevel),
        claims(cluster, injection));
  }

  private void requireAdmission(
      Cluster cluster,
      Injection.Inject injection,
      Workload workload,
      Optional<ResourceRequirements> resources) {
    var refusals = refusals(cluster, injection, workload, EffectiveResources.of(resources));
    if (!refusals.isEmpty()) {
      throw new ContainerRefusedException(
          refusals.stream().map(Problem::message).collect(Collectors.joining("; ")));
    }
  }

  /// Where they cannot be determined there are none, and the API server alone decides.
  private List<Problem> refusals(
      Cluster cluster, Injection.Inject injection, Workload workload, EffectiveResources written) {
    try {
      var refusals = admission.refusals(cluster, injection.pluginConfig(), written);
      return refusals.isEmpty() && workload instanceof Workload.Instance instance
          ? admission.shortages(cluster, injection.pluginConfig(), written, instance.podName())
          : refusals;
    } catch (RuntimeException e) {
      LOG.error(
          "the quotas and limit ranges of a namespace could not be judged",
          e,
          "namespace",
          cluster.namespace());
      return List.of();
    }
  }

  /// One that cannot be read is an error: a sidecar of another size would restart PostgreSQL.
  private Optional<PluginConfig> config(Cluster cluster, Injection.Inject injection)
      throws InvalidStanzaException {
    if (injection.pluginConfig().isEmpty()) {
      return Optional.empty();
    }
    var name = injection.pluginConfig().get();
    return Optional.of(
        inventory
            .pluginConfig(new ObjectKey(cluster.namespace(), name))
            .orElseThrow(
                () ->
                    new MissingObjectException(
                        ("there is no PluginConfig '%s' in namespace '%s', which cluster"
                                + " '%s' refers to; create it or remove the parameter"
                                + " 'pluginConfigRef'")
                            .formatted(name, cluster.namespace(), cluster.name())))
            .object());
  }

  /// A Stanza may come after its Cluster; until then there is nothing to mount. One that cannot be
  /// read is an error: without what it mounts PostgreSQL would restart, and again once it is
  /// corrected.
  private SortedSet<String> claims(Cluster cluster, Injection.Inject injection)
      throws InvalidStanzaException {
    var claims = new TreeSet<String>();
    for (StanzaReference reference : injection.references()) {
      var entry = inventory.stanza(new ObjectKey(cluster.namespace(), reference.stanzaName()));
      if (entry.isPresent()) {
        claims.addAll(ReferredObjects.of(entry.get().object()).claims());
      }
    }
    return claims;
  }
}
