package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;

/// Whether a store knows a pod by who it is in the cloud, which follows from its ServiceAccount.
final class PodIdentity {

  private PodIdentity() {}

  static boolean isNeeded(Stanza stanza) {
    return Repositories.of(stanza.spec()).stream()
        .anyMatch(repository -> isNeeded(repository.storage()));
  }

  private static boolean isNeeded(RepositorySpec repository) {
    return switch (repository) {
      case S3Repository s3 -> s3.keyType() != null && s3.keyType() != S3Repository.KeyType.SHARED;
      case AzureRepository azure -> azure.keyType() == AzureRepository.KeyType.AUTO;
      case GcsRepository gcs -> gcs.keyType() == GcsRepository.KeyType.AUTO;
      default -> false;
    };
  }
}
