package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A repository on an SFTP server.
@ValidationRule(
    value =
        "!has(self.hostKeyCheckType) || self.hostKeyCheckType != 'fingerprint' || "
            + "has(self.hostFingerprint)",
    message = "hostKeyCheckType 'fingerprint' needs hostFingerprint; add it")
@ValidationRule(
    value =
        "(has(self.hostKeyCheckType) && (self.hostKeyCheckType == 'fingerprint' || "
            + "self.hostKeyCheckType == 'none')) || has(self.knownHosts)",
    message =
        "the key of the host cannot be checked; add knownHosts, or hostKeyCheckType "
            + "'fingerprint' with hostFingerprint")
public record SftpRepository(
    @JsonPropertyDescription("Host.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern(RepositorySpec.HOST)
        String host,
    @JsonPropertyDescription("Port.") @Min(1) @Max(65535) @Nullable Integer port,
    @JsonPropertyDescription("User.") @Required @Size(min = 1, max = 255) String user,
    @JsonPropertyDescription("Key pair for authentication.") @Required SecretRef secretRef,
    @JsonPropertyDescription("Hash algorithm for the check of the host key.") @Required
        HostKeyHashType hostKeyHashType,
    @JsonPropertyDescription(
            "How the host key is checked: strict and accept-new (knownHosts), fingerprint "
                + "(hostFingerprint), none.")
        @Nullable HostKeyCheckType hostKeyCheckType,
    @JsonPropertyDescription(
            "Fingerprint of the host key, in hexadecimal digits; used with hostKeyCheckType "
                + "fingerprint.")
        @Size(min = 1, max = 255)
        @Pattern("^[0-9A-Fa-f]+$")
        @Nullable String hostFingerprint,
    @JsonPropertyDescription("Lines of a known_hosts file, as ssh-keyscan prints them.")
        @Size(min = 1, max = 32)
        @Nullable List<String> knownHosts,
    @Inline RepositoryFields fields)
    implements RepositorySpec {
  /// The secrets of an SFTP repository.
  public record SecretRef(
      @JsonPropertyDescription("Private key, in the format of OpenSSH or PEM.") @Required
          SecretKeyRef privateKey,
      @JsonPropertyDescription(
              "Public key; only required if it cannot be derived from the private key.")
          @Nullable SecretKeyRef publicKey,
      @JsonPropertyDescription("Passphrase of the private key.")
          @Nullable SecretKeyRef passphrase) {}

  /// How the key of an SFTP host is checked.
  public enum HostKeyCheckType {
    /// It must be among the known hosts.
    @JsonProperty("strict")
    STRICT,
    /// A host that is not known yet is accepted.
    @JsonProperty("accept-new")
    ACCEPT_NEW,
    /// It must have the given fingerprint.
    @JsonProperty("fingerprint")
    FINGERPRINT,
    /// Not at all.
    @JsonProperty("none")
    NONE
  }

  /// The hash of an SFTP host key.
  public enum HostKeyHashType {
    /// MD5.
    @JsonProperty("md5")
    MD5,
    /// SHA-1.
    @JsonProperty("sha1")
    SHA1,
    /// SHA-256.
    @JsonProperty("sha256")
    SHA256
  }
}
