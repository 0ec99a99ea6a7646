package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.RepositoryOptions;
import com.dalibo.pgbackrest.stanza.options.Setting;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names of the objects beside a Stanza that have to be read to use it.
///
/// @param claims the volume claims that hold repositories
public record ReferredObjects(
    SortedSet<String> secrets, SortedSet<String> configMaps, SortedSet<String> claims) {

  public static ReferredObjects of(Stanza stanza) {
    var secrets = new TreeSet<String>();
    var configMaps = new TreeSet<String>();
    var claims = new TreeSet<String>();
    for (var repository : Repositories.of(stanza.spec())) {
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
    return new ReferredObjects(
        Collections.unmodifiableSortedSet(secrets),
        Collections.unmodifiableSortedSet(configMaps),
        Collections.unmodifiableSortedSet(claims));
  }
}
