package com.dalibo.pgbackrest.stanza.api.reason;

import com.dalibo.pgbackrest.stanza.api.SidecarMemory;

/// What the plugin's entry of a Cluster asks for, and what keeps its sidecar from running.
@SuppressWarnings("ImmutableEnumChecker")
public enum ClusterReason implements Reason {
  STANZA_MISSING(
      "StanzaMissing",
      "The Cluster or RestorePlan refers to a Stanza that does not exist.",
      "Create it, or correct `stanzaRef`.",
      EventOn.CLUSTER,
      ConditionType.POSSIBLE),
  STANZA_NOT_FOUND(
      "StanzaNotFound",
      "As `StanzaMissing`, found by the sidecar.",
      "Create the Stanza, or correct `stanzaRef`.",
      Answer.TO_CNPG),
  STANZA_NOT_NAMED(
      "StanzaNotNamed",
      "The plugin entry of the Cluster has no `stanzaRef`.",
      "Add it under `parameters`.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  REPOSITORY_UNKNOWN(
      "RepositoryUnknown",
      "`selectedRepository` of the Backup is neither the number nor the name of a " + "repository.",
      "Use one of those that the message lists.",
      Answer.TO_CNPG),
  PARAMETER_INVALID(
      "ParameterInvalid",
      "The value of a parameter of the plugin entry is not possible.",
      "Correct it as the message says.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  PARAMETER_MISSING(
      "ParameterMissing",
      "A parameter of the plugin entry is empty.",
      "Give it a value.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  PARAMETER_UNKNOWN(
      "ParameterUnknown",
      "A parameter of the plugin entry is unknown; the message lists the known ones.",
      "Correct or remove it.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  OPTION_WITHOUT_EFFECT(
      "OptionWithoutEffect",
      "A variable in `customEnvVar` has no effect.",
      "Remove it.",
      EventOn.CLUSTER),
  PLUGIN_CONFIG_MISSING(
      "PluginConfigMissing",
      "The Cluster refers to a PluginConfig that does not exist.",
      "Create it, or remove `pluginConfigRef`.",
      EventOn.CLUSTER),
  REQUEST_ABOVE_LIMIT(
      "RequestAboveLimit",
      "The PluginConfig requests more for the sidecar than its limit, so Kubernetes "
          + "refuses each new pod.",
      "Correct `resourcesRequirement`.",
      EventOn.CLUSTER),
  MEMORY_LIMIT_TOO_LOW(
      "MemoryLimitTooLow",
      "The memory limit in the PluginConfig is below 64Mi; the kernel kills the sidecar "
          + "again and again.",
      "Raise it, to " + SidecarMemory.ENOUGH + " where backups are taken.",
      EventOn.CLUSTER),
  RESOURCES_REQUIRED(
      "ResourcesRequired",
      "A ResourceQuota of the namespace demands requests or limits of each container, and the "
          + "sidecar has none. Nothing is injected, so that no running pod is replaced by one "
          + "that Kubernetes refuses.",
      "Apply the PluginConfig in the message ([Namespaces with rules of their"
          + " own](namespaces.md)).",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  QUOTA_EXHAUSTED(
      "QuotaExhausted",
      "A ResourceQuota of the namespace has less left than the sidecar adds to the running pods of "
          + "the Cluster. None of them is replaced, so that no instance is lost.",
      "Raise the quota as the message says, or make the sidecar smaller with a PluginConfig "
          + "([Namespaces with rules of their own](namespaces.md)).",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  OUTSIDE_LIMIT_RANGE(
      "OutsideLimitRange",
      "A LimitRange of the namespace refuses the resources of the sidecar. Nothing is injected.",
      "Correct `resourcesRequirement` as the message says.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  PROCESSES_REDUCED(
      "ProcessesReduced",
      "The memory limit of the sidecar has no room for `processMax` processes, so fewer run.",
      "Raise the limit in the PluginConfig, or lower `processMax`.",
      EventOn.CLUSTER),
  QOS_CLASS_LOWERED(
      "QoSClassLowered",
      "The Cluster's resources ask for the QoS class Guaranteed; the sidecar's do not, so the pods "
          + "are Burstable.",
      "Give the sidecar equal requests and limits if the class matters.",
      EventOn.CLUSTER),
  RIGHTS_NOT_GRANTED(
      "RightsNotGranted",
      "The operator could not grant the pods of the Cluster their permissions.",
      "See the log of the operator and [Permissions](../reference/rights.md).",
      EventOn.CLUSTER),
  NAME_TAKEN(
      "NameTaken",
      "A Role or RoleBinding that the Cluster needs exists and belongs to somebody else.",
      "Remove it with the command in the message, or rename it.",
      EventOn.CLUSTER),
  ROLE_BINDING_RETURNED(
      "RoleBindingReturned",
      "An earlier release of the plugin had taken the RoleBinding of this Cluster.",
      "Run the command in the message; CNPG then creates it again at once.",
      EventOn.CLUSTER);

  private final Row row;

  ClusterReason(String word, String meaning, String remedy, Place... places) {
    row = new Row(word, meaning, remedy, places);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public String toString() {
    return word();
  }
}
