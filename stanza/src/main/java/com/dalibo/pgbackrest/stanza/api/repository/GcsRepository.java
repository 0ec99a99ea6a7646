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

/// A repository in a Google Cloud Storage bucket.
@ValidationRule(
    value = "!has(self.block) || !self.block || (has(self.bundle) && self.bundle)",
    message = "block needs bundle; add 'bundle: true'")
@ValidationRule(
    value = "!has(self.caSecretRef) || !has(self.caConfigMapRef)",
    message = "caSecretRef and caConfigMapRef exclude one another; remove one")
public record GcsRepository(
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
            "Where in the store backups and WAL are kept; starts with /. Another path is another,"
                + " empty repository.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/.*$")
        String repoPath,
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
            "Where credentials come from: service (key file), token, auto (instance metadata or "
                + "workload identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; needed unless keyType is auto.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("Project that pays for requests.") @Size(min = 1, max = 255)
        @Nullable String userProject,
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
