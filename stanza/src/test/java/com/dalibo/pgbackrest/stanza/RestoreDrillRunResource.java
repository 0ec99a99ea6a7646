package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/// What the schema of `RestoreDrillRun` is generated from.
@Group(Stanza.GROUP)
@Version(Stanza.VERSION)
@Kind(RestoreDrillRun.KIND)
@Plural(RestoreDrillRun.PLURAL)
@Singular("restoredrillrun")
@AdditionalPrinterColumn(
    name = "Drill",
    jsonPath = ".spec.drillRef",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Repo",
    jsonPath = ".spec.repository",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Result",
    jsonPath = ".status.result",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "RTO",
    jsonPath = ".status.rtoSeconds",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "RPO",
    jsonPath = ".status.rpoSeconds",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
final class RestoreDrillRunResource
    extends CustomResource<RestoreDrillRunSpec, RestoreDrillRunStatus> implements Namespaced {
  private static final long serialVersionUID = 1;
}
