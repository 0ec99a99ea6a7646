package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfigSpec;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/// What the schema of `PluginConfig` is generated from.
@Group(Stanza.GROUP)
@Version(Stanza.VERSION)
@Kind(PluginConfig.KIND)
@Plural(PluginConfig.PLURAL)
@Singular("pluginconfig")
final class PluginConfigResource extends CustomResource<PluginConfigSpec, Void>
    implements Namespaced {
  private static final long serialVersionUID = 1;
}
