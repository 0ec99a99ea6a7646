package com.dalibo.pgbackrest.stanza;

import java.util.Set;
import java.util.TreeSet;

/// The Secrets, ConfigMaps and claims a stanza names: what its readers need rights for, and what
/// its pods need to mount.
public record References(Set<String> secrets, Set<String> configMaps, Set<String> claims) {
  public static References of(StanzaSpec spec) {
    var secrets = new TreeSet<String>();
    var configMaps = new TreeSet<String>();
    var claims = new TreeSet<String>();
    for (var repository : Repositories.of(spec)) {
      if (repository.storage() instanceof VolumeRepository volume) {
        claims.add(volume.claimName());
      }
      for (var setting : RepositoryOptions.settings(repository, InstancePaths.VOLUMES)) {
        switch (setting) {
          case Setting.Secret secret -> secrets.add(secret.reference().name());
          case Setting.SecretFile file -> secrets.add(file.reference().name());
          case Setting.ConfigMapFile file -> configMaps.add(file.reference().name());
          case Setting.Value _, Setting.TextFile _ -> {}
        }
      }
    }
    return new References(secrets, configMaps, claims);
  }
}
