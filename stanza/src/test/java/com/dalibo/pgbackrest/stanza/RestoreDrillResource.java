package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/// What the schema of `RestoreDrill` is generated from.
@Group(Stanza.GROUP)
@Version(Stanza.VERSION)
@Kind(RestoreDrill.KIND)
@Plural(RestoreDrill.PLURAL)
@Singular("restoredrill")
@AdditionalPrinterColumn(
    name = "Stanza",
    jsonPath = ".spec.stanzaRef",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Schedule",
    jsonPath = ".spec.schedule",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Proven",
    jsonPath = ".status.conditions[?(@.type==\"Proven\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Missed",
    jsonPath = ".status.conditions[?(@.type==\"Missed\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Last success",
    jsonPath = ".status.lastSuccessTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Next",
    jsonPath = ".status.nextScheduleTime",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
final class RestoreDrillResource extends CustomResource<RestoreDrillSpec, RestoreDrillStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1;
}
