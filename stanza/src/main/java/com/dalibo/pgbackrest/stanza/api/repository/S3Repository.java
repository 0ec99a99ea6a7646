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

/// A repository in an S3 bucket.
@ValidationRule(
    value = "!has(self.block) || !self.block || (has(self.bundle) && self.bundle)",
    message = "block needs bundle; add 'bundle: true'")
@ValidationRule(
    value = "!has(self.caSecretRef) || !has(self.caConfigMapRef)",
    message = "caSecretRef and caConfigMapRef exclude one another; remove one")
@ValidationRule(
    value =
        "!self.bucket.contains('.') || (has(self.uriStyle) && self.uriStyle == 'path') || "
            + "(has(self.verifyTLS) && !self.verifyTLS) || has(self.caSecretRef) || "
            + "has(self.caConfigMapRef) || self.endpoint.startsWith('http://')",
    message =
        "no certificate is valid for a bucket with a dot in its name as part of the host name; "
            + "add 'uriStyle: path'")
public record S3Repository(
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
        @Pattern(RepositorySpec.S3_BUCKET)
        String bucket,
    @JsonPropertyDescription(
            "Host of the store, with :port if need be; http:// before it for a store without TLS.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern(RepositorySpec.ENDPOINT)
        String endpoint,
    @JsonPropertyDescription("Region of the bucket; any word if the store has none.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.WORD)
        String region,
    @JsonPropertyDescription(
            "Where in the store backups and WAL are kept; starts with /. Another path is another,"
                + " empty repository.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/.*$")
        String repoPath,
    @JsonPropertyDescription(
            "Whether the bucket is part of the host name (host) or of the path (path); most "
                + "stores outside AWS need path.")
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
            "Where credentials come from: shared (secretRef), auto (instance metadata), web-id "
                + "(service account token), pod-id (EKS Pod Identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; needed unless keyType says otherwise.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("IAM role; with keyType auto.")
        @Size(min = 1, max = 2048)
        @Pattern(RepositorySpec.WORD)
        @Nullable String role,
    @JsonPropertyDescription("Key of the KMS with which the store encrypts (SSE-KMS).")
        @Size(min = 1, max = 2048)
        @Pattern(RepositorySpec.WORD)
        @Nullable String kmsKeyId,
    @JsonPropertyDescription("Whether requests are paid by you, not by the owner of the bucket.")
        @Nullable Boolean requesterPays,
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
  /// Where the credentials of an S3 repository come from.
  public enum KeyType {
    /// Keys in a Secret.
    @JsonProperty("shared")
    SHARED,
    /// The instance metadata of the cloud.
    @JsonProperty("auto")
    AUTO,
    /// A web identity token, as EKS gives to service accounts.
    @JsonProperty("web-id")
    WEB_ID,
    /// EKS Pod Identity.
    @JsonProperty("pod-id")
    POD_ID
  }

  /// The secrets of an S3 repository.
  public record SecretRef(
      @JsonPropertyDescription("Access key id.") @Nullable SecretKeyRef accessKeyId,
      @JsonPropertyDescription("Secret access key.") @Nullable SecretKeyRef secretAccessKey,
      @JsonPropertyDescription("Session token of temporary credentials.")
          @Nullable SecretKeyRef sessionToken,
      @JsonPropertyDescription(
              "Key for server-side encryption with customer-provided keys (SSE-C): 256 bits in "
                  + "base64. Every later read needs the same key.")
          @Nullable SecretKeyRef sseCustomerKey) {}
}
