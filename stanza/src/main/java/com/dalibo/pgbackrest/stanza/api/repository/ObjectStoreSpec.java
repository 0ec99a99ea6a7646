package com.dalibo.pgbackrest.stanza.api.repository;

/// A repository in an object store.
public sealed interface ObjectStoreSpec extends RepositorySpec
    permits S3Repository, AzureRepository, GcsRepository {
  ObjectStoreFields store();
}
