package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.MissingObjectException;
import com.dalibo.pgbackrest.operator.inventory.NotReadyException;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Completes a decision to inject with what the Stanzas and the PluginConfig say.
public final class SidecarResolver {

  /// An annotation of a PluginConfig that names an image.
  static final String LIVENESS_PROBE = "pgbackrest.dalibo.com/livenessProbe";

  private final Inventory inventory;

  /// For clusters whose PluginConfig names none.
  private final String image;

  public SidecarResolver(Inventory inventory, String image) {
    this.inventory = inventory;
    this.image = image;
  }

  public SidecarSpec of(Cluster cluster, Injection.Inject injection) throws InvalidStanzaException {
    // Another shape now than a moment later would restart PostgreSQL.
    if (!inventory.isComplete()) {
      throw new NotReadyException(
          "the operator of '"
              + Plugin.NAME
              + "' has not yet read all stanzas; it will be asked again");
    }
    var object = config(cluster, injection);
    var config = object.map(found -> found.path("spec"));
    var pinned = config.flatMap(spec -> present(spec.path("image"))).map(JsonNode::asText);
    return new SidecarSpec(
        pinned.orElse(image),
        pinned.isEmpty() || object.filter(SidecarResolver::asksForLivenessProbe).isPresent(),
        injection.mode(),
        injection.recoversFromSnapshots(),
        cluster.imagePullPolicy(),
        config.flatMap(spec -> present(spec.path("resourcesRequirement"))).map(SortedJson::of),
        config.flatMap(spec -> present(spec.path("logLevel"))).map(JsonNode::asText),
        claims(cluster, injection));
  }

  private Optional<JsonNode> config(Cluster cluster, Injection.Inject injection) {
    return injection
        .pluginConfig()
        .map(
            present ->
                inventory
                    .pluginConfig(new ObjectKey(cluster.namespace(), present))
                    .orElseThrow(
                        () ->
                            new MissingObjectException(
                                ("there is no PluginConfig '%s' in namespace '%s', which cluster"
                                        + " '%s' refers to; create it or remove the parameter"
                                        + " 'pluginConfigRef'")
                                    .formatted(present, cluster.namespace(), cluster.name()))));
  }

  /// The probe came with an image. Who says which image the pods have says so of the probe too, so
  /// that an upgrade of the operator does not change these pods.
  private static boolean asksForLivenessProbe(JsonNode config) {
    return config.path("metadata").path("annotations").path(LIVENESS_PROBE).asText().equals("true");
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
        claims.addAll(ReferredObjects.of(stanza(entry.get())).claims());
      }
    }
    return claims;
  }

  private static Stanza stanza(Inventory.StanzaEntry entry) throws InvalidStanzaException {
    return switch (entry) {
      case Inventory.StanzaEntry.Understood understood -> understood.stanza();
      case Inventory.StanzaEntry.Unreadable unreadable ->
          throw new InvalidStanzaException(List.of(unreadable.problem()));
    };
  }

  private static Optional<JsonNode> present(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }
}
