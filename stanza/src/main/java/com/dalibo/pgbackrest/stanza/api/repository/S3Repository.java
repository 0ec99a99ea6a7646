package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// A repository in an S3 bucket.
@ValidationRule(
    value =
        "!self.bucket.contains('.') || (has(self.uriStyle) && self.uriStyle == 'path') || "
            + "(has(self.verifyTLS) && !self.verifyTLS) || has(self.caSecretRef) || "
            + "has(self.caConfigMapRef) || self.endpoint.startsWith('http://')",
    message =
        "no certificate is valid for a bucket with a dot in its name as part of the host name; "
            + "add 'uriStyle: path'")
public record S3Repository(
    @JsonPropertyDescription("Bucket; it must exist.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.S3_BUCKET)
        String bucket,
    @JsonPropertyDescription(
            "Host of the store, with :port if needed, and with http:// before it for a store without TLS.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern(RepositorySpec.ENDPOINT)
        String endpoint,
    @JsonPropertyDescription("Region of the bucket; any value if the store does not use regions.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern(RepositorySpec.WORD)
        String region,
    @JsonPropertyDescription(
            "Whether the bucket is part of the host name (host) or of the path (path); most "
                + "stores outside AWS need path.")
        @Nullable UriStyle uriStyle,
    @JsonPropertyDescription(
            "Where credentials come from: shared (secretRef), auto (instance metadata), web-id "
                + "(service account token), pod-id (EKS Pod Identity).")
        @Nullable KeyType keyType,
    @JsonPropertyDescription("Credentials; required with keyType shared.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("IAM role; used with keyType auto.")
        @Size(min = 1, max = 2048)
        @Pattern(RepositorySpec.WORD)
        @Nullable String role,
    @JsonPropertyDescription("KMS key with which the store encrypts objects (SSE-KMS).")
        @Size(min = 1, max = 2048)
        @Pattern(RepositorySpec.WORD)
        @Nullable String kmsKeyId,
    @JsonPropertyDescription(
            "Whether the requester, not the owner of the bucket, pays for requests.")
        @Nullable Boolean requesterPays,
    @Inline ObjectStoreFields store,
    @Inline RepositoryFields fields)
    implements ObjectStoreSpec {
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
