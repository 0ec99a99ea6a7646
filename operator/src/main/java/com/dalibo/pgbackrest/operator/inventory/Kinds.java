package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// The custom resources that the operator reads, in the versions in which it asks for them.
public final class Kinds {

  public static final ResourceDefinitionContext STANZAS =
      context(Stanza.GROUP, Stanza.VERSION, Stanza.KIND, Stanza.PLURAL);

  public static final ResourceDefinitionContext PLUGIN_CONFIGS =
      context(Stanza.GROUP, Stanza.VERSION, PluginConfig.KIND, PluginConfig.PLURAL);

  public static final ResourceDefinitionContext RESTORE_PLANS =
      context(Stanza.GROUP, Stanza.VERSION, RestorePlan.KIND, RestorePlan.PLURAL);

  public static final ResourceDefinitionContext RESTORE_DRILLS =
      context(Stanza.GROUP, Stanza.VERSION, RestoreDrill.KIND, RestoreDrill.PLURAL);

  public static final ResourceDefinitionContext RESTORE_DRILL_RUNS =
      context(Stanza.GROUP, Stanza.VERSION, RestoreDrillRun.KIND, RestoreDrillRun.PLURAL);

  public static final ResourceDefinitionContext CLUSTERS =
      context(Cluster.GROUP, "v1", "Cluster", "clusters");

  public static final ResourceDefinitionContext BACKUPS =
      context(Cluster.GROUP, "v1", "Backup", "backups");

  private Kinds() {}

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
