package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanSpec;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/// What the schema of `RestorePlan` is generated from.
@Group(Stanza.GROUP)
@Version(Stanza.VERSION)
@Kind(RestorePlan.KIND)
@Plural(RestorePlan.PLURAL)
@Singular("restoreplan")
@ShortNames("rplan")
@AdditionalPrinterColumn(
    name = "Possible",
    jsonPath = ".status.conditions[?(@.type==\"Possible\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Backup",
    jsonPath = ".status.backup.label",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Until",
    jsonPath = ".status.ends.time",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
final class RestorePlanResource extends CustomResource<RestorePlanSpec, RestorePlanStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1;
}
