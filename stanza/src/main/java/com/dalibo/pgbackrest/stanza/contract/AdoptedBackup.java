package com.dalibo.pgbackrest.stanza.contract;

import com.dalibo.pgbackrest.cnpgi.Plugin;

/// What marks a Backup object that the operator has created for a backup that is there already.
public final class AdoptedBackup {

  /// A label, with the value `true`.
  public static final String LABEL = Plugin.NAME + "/adopted";

  /// The plugin that its spec names. There is none, so that whatever CNPG does with the object, it
  /// cannot take a backup for it.
  public static final String PLUGIN = "adopted." + Plugin.NAME;

  /// With it CNPG 1.29 and newer leaves the object alone.
  public static final String LEFT_ALONE = "cnpg.io/reconciliationLoop";

  public static final String LEFT_ALONE_VALUE = "disabled";

  /// The phase of a Backup that CNPG does nothing about, in any release.
  public static final String COMPLETED = "completed";

  private AdoptedBackup() {}
}
