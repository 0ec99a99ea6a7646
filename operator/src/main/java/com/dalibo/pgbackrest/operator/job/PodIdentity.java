package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import java.util.List;

/// Whether a store knows a pod by who it is in the cloud, which follows from its ServiceAccount.
final class PodIdentity {

  private PodIdentity() {}

  static boolean isNeeded(Stanza stanza) {
    var accepted = UserOptions.accepted(stanza);
    return Repositories.of(stanza.spec()).stream()
        .anyMatch(
            repository -> isNeeded(repository.storage()) || isNeeded(accepted, repository.index()));
  }

  /// As manifests of the Go plugin say it.
  private static boolean isNeeded(List<UserOptions.Asked> accepted, int repository) {
    return UserOptions.ofRepository(accepted, repository, "s3-key-type")
            .filter(type -> !type.equals("shared"))
            .isPresent()
        || UserOptions.ofRepository(accepted, repository, "azure-key-type")
            .filter(type -> type.equals("auto"))
            .isPresent();
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
