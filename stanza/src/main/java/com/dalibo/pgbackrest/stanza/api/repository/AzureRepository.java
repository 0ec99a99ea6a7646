package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// A repository in an Azure blob container.
public record AzureRepository(
    @JsonPropertyDescription("Storage account.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.AZURE_ACCOUNT)
        String account,
    @JsonPropertyDescription("Container; it must exist.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.AZURE_CONTAINER)
        String container,
    @JsonPropertyDescription("Host of the store.")
        @Size(min = 1, max = 1024)
        @Pattern(RepositorySpec.ENDPOINT)
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Whether the account is part of the host name (host) or of the path (path).")
        @Nullable UriStyle uriStyle,
    @JsonPropertyDescription(
            "Where credentials come from: shared (account key), sas (shared access signature), "
                + "auto (managed identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; required unless keyType is auto.")
        @Nullable SecretRef secretRef,
    @Inline ObjectStoreFields store,
    @Inline RepositoryFields fields)
    implements ObjectStoreSpec {
  /// Where the credentials of an Azure repository come from.
  public enum KeyType {
    /// A storage account key.
    @JsonProperty("shared")
    SHARED,
    /// A shared access signature.
    @JsonProperty("sas")
    SAS,
    /// The managed identity of the cloud.
    @JsonProperty("auto")
    AUTO
  }

  /// The secret of an Azure repository.
  public record SecretRef(
      @JsonPropertyDescription(
              "Storage account key (keyType shared) or shared access signature (keyType sas).")
          @Nullable SecretKeyRef keyReference) {}
}
