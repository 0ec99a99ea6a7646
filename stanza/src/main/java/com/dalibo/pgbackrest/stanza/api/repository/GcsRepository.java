package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// A repository in a Google Cloud Storage bucket.
public record GcsRepository(
    @JsonPropertyDescription("Bucket; it must exist.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.GCS_BUCKET)
        String bucket,
    @JsonPropertyDescription("Host of the store.")
        @Size(min = 1, max = 1024)
        @Pattern(RepositorySpec.ENDPOINT)
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Where credentials come from: service (key file), token, auto (instance metadata or "
                + "workload identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; required unless keyType is auto.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("Project that pays for requests.") @Size(min = 1, max = 255)
        @Nullable String userProject,
    @Inline ObjectStoreFields store,
    @Inline RepositoryFields fields)
    implements ObjectStoreSpec {
  /// Where the credentials of a GCS repository come from.
  public enum KeyType {
    /// A service account key file.
    @JsonProperty("service")
    SERVICE,
    /// An authorization token.
    @JsonProperty("token")
    TOKEN,
    /// The instance metadata of the cloud.
    @JsonProperty("auto")
    AUTO
  }

  /// The secret of a GCS repository.
  public record SecretRef(
      @JsonPropertyDescription(
              "Service account key file in JSON (keyType service) or authorization token (keyType "
                  + "token).")
          @Nullable SecretKeyRef keyReference) {}
}
