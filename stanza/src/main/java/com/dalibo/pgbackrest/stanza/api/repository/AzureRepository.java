package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A repository in an Azure blob container.
@ValidationRule(
    value = "!has(self.block) || !self.block || (has(self.bundle) && self.bundle)",
    message = "block needs bundle; add 'bundle: true'")
@ValidationRule(
    value = "!has(self.caSecretRef) || !has(self.caConfigMapRef)",
    message = "caSecretRef and caConfigMapRef exclude one another; remove one")
public record AzureRepository(
    @JsonPropertyDescription(
            "Name of the repository, to be used wherever one is chosen, such as "
                + "selectedRepository of a Backup.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        @Nullable String name,
    @JsonPropertyDescription(
            "Number of the repository in pgBackRest. Absent: its position among all repositories,"
                + " in the order S3, Azure, GCS, SFTP, volume. Give numbers before you remove a "
                + "repository from the middle.")
        @Min(1)
        @Max(256)
        @Nullable Integer index,
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
            "Where in the store backups and WAL are kept; starts with /. Another path is another,"
                + " empty repository.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/.*$")
        String repoPath,
    @JsonPropertyDescription(
            "Whether the account is part of the host name (host) or of the path (path).")
        @Nullable UriStyle uriStyle,
    @JsonPropertyDescription(
            "Whether the certificate of the store must be valid. Absent: it must. With a CA of "
                + "your own, give caSecretRef or caConfigMapRef instead of switching this off.")
        @Nullable Boolean verifyTLS,
    @JsonPropertyDescription("Certificate authority of the store in a Secret, in PEM.")
        @Nullable SecretKeyRef caSecretRef,
    @JsonPropertyDescription("Certificate authority of the store in a ConfigMap, in PEM.")
        @Nullable ConfigMapKeyRef caConfigMapRef,
    @JsonPropertyDescription("Port of the store.") @Min(1) @Max(65535) @Nullable Integer port,
    @JsonPropertyDescription(
            "Tags of every object that is written: for lifecycle rules and cost reports of the "
                + "store.")
        @Size(max = 50)
        @Nullable Map<String, String> tags,
    @JsonPropertyDescription("Size of the parts in which large files are sent.")
        @Pattern("^[0-9]{1,15}(B|KiB|MiB|GiB|TiB|PiB)$")
        @Nullable String uploadChunkSize,
    @JsonPropertyDescription(
            "Where credentials come from: shared (account key), sas (shared access signature), "
                + "auto (managed identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; needed unless keyType is auto.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("How long backups and WAL are kept. Absent: for ever.")
        @Nullable RetentionPolicy retentionPolicy,
    @JsonPropertyDescription(
            "Client-side encryption; cannot be added, removed or changed once the repository has "
                + "been written to.")
        @Nullable CipherConfig cipherConfig,
    @JsonPropertyDescription(
            "Store small files together: far fewer requests, faster backups, recommended for "
                + "object stores.")
        @Nullable Boolean bundle,
    @JsonPropertyDescription(
            "Store only the changed parts of a file in later backups; needs bundle.")
        @Nullable Boolean block)
    implements RepositorySpec {
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
