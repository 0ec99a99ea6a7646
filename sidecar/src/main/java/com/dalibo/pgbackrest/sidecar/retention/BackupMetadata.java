package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.Map;
import java.util.TreeMap;

/// What a Backup object remembers in `status.pluginMetadata`: whose backup it is, where it is, and
/// how large.
public record BackupMetadata(
    Cluster cluster, Stanza stanza, Repository repository, BackupInfo backup) {
  static final String PLUGIN = "name";
  static final String CLUSTER_UID = "clusterUID";
  static final String STANZA = "stanza";
  static final String STANZA_NAME = "stanzaName";
  static final String REPOSITORY = "repository";
  static final String LOCATION = "location";

  public Map<String, String> values() {
    var values = new TreeMap<String, String>();
    values.put(PLUGIN, Plugin.NAME);
    values.put("version", Plugin.version());
    values.put(CLUSTER_UID, cluster.uid());
    values.put(STANZA, stanza.name());
    values.put(STANZA_NAME, stanza.stanzaName());
    values.put(REPOSITORY, Integer.toString(repository.index()));
    repository.name().ifPresent(name -> values.put("repositoryName", name));
    values.put(LOCATION, repository.storage().location());
    values.put("type", backup.type().label());
    if (backup.prior() != null) {
      values.put("prior", backup.prior());
    }
    values.put("size", Long.toString(backup.size()));
    values.put("delta", Long.toString(backup.delta()));
    backup.repositorySize().ifPresent(size -> values.put("repositorySize", Long.toString(size)));
    backup.repositoryDelta().ifPresent(size -> values.put("repositoryDelta", Long.toString(size)));
    return values;
  }
}
