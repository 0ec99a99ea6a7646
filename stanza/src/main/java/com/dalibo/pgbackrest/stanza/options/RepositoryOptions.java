package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.CipherConfig;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.RetentionPolicy;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SecretKeyRef;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a repository becomes `repoN-*` options. Nothing else knows.
public final class RepositoryOptions {
  private static final OptionTable<RepositorySpec> COMMON =
      new OptionTable<RepositorySpec>()
          .text("type", RepositorySpec::word)
          .group("retentionPolicy", RepositorySpec::retentionPolicy, retention())
          .group("cipherConfig", RepositorySpec::cipherConfig, cipher())
          .flag("bundle", RepositorySpec::bundle)
          .flag("block", RepositorySpec::block);
  private static final OptionTable<S3Repository> S3 = s3();
  private static final OptionTable<AzureRepository> AZURE = azure();
  private static final OptionTable<GcsRepository> GCS = gcs();
  private static final OptionTable<SftpRepository> SFTP = sftp();
  private static final OptionTable<VolumeRepository> VOLUME = volume(InstancePaths.VOLUMES);

  private RepositoryOptions() {}

  /// All options that a field of some repository sets.
  public static List<String> options() {
    return Stream.of(COMMON, S3, AZURE, GCS, SFTP, VOLUME)
        .flatMap(table -> table.options().stream())
        .distinct()
        .toList();
  }

  public static List<Setting> settings(Repository repository, Path volumes) {
    var settings = new ArrayList<>(COMMON.settings(repository.storage(), repository.path()));
    settings.addAll(own(repository.storage(), repository.path(), volumes));
    return List.copyOf(settings);
  }

  private static List<Setting> own(RepositorySpec storage, String path, Path volumes) {
    return switch (storage) {
      case S3Repository s3 -> S3.settings(s3, path);
      case AzureRepository azure -> AZURE.settings(azure, path);
      case GcsRepository gcs -> GCS.settings(gcs, path);
      case SftpRepository sftp -> SFTP.settings(sftp, path);
      case VolumeRepository volume -> volume(volumes).settings(volume, path);
    };
  }

  private static OptionTable<S3Repository> s3() {
    return new OptionTable<S3Repository>()
        .text("path", S3Repository::repoPath)
        .text("s3-bucket", S3Repository::bucket)
        .text("s3-endpoint", S3Repository::endpoint)
        .text("s3-region", S3Repository::region)
        .choice("s3-uri-style", S3Repository::uriStyle)
        .flag("storage-verify-tls", S3Repository::verifyTLS)
        .secretFile("storage-ca-file", "caSecretRef", S3Repository::caSecretRef)
        .configMapFile("storage-ca-file", "caConfigMapRef", S3Repository::caConfigMapRef)
        .number("storage-port", S3Repository::port)
        .pairs("storage-tag", S3Repository::tags)
        .text("storage-upload-chunk-size", S3Repository::uploadChunkSize)
        .choice("s3-key-type", S3Repository::keyType)
        .group("secretRef", S3Repository::secretRef, s3Secrets())
        .text("s3-role", S3Repository::role)
        .text("s3-kms-key-id", S3Repository::kmsKeyId)
        .flag("s3-requester-pays", S3Repository::requesterPays);
  }

  private static OptionTable<S3Repository.SecretRef> s3Secrets() {
    return new OptionTable<S3Repository.SecretRef>()
        .secret("s3-key", "accessKeyId", S3Repository.SecretRef::accessKeyId)
        .secret("s3-key-secret", "secretAccessKey", S3Repository.SecretRef::secretAccessKey)
        .secret("s3-token", "sessionToken", S3Repository.SecretRef::sessionToken)
        .secret("s3-sse-customer-key", "sseCustomerKey", S3Repository.SecretRef::sseCustomerKey);
  }

  private static OptionTable<AzureRepository> azure() {
    return new OptionTable<AzureRepository>()
        .text("path", AzureRepository::repoPath)
        .text("azure-account", AzureRepository::account)
        .text("azure-container", AzureRepository::container)
        .text("azure-endpoint", AzureRepository::endpoint)
        .choice("azure-uri-style", AzureRepository::uriStyle)
        .flag("storage-verify-tls", AzureRepository::verifyTLS)
        .secretFile("storage-ca-file", "caSecretRef", AzureRepository::caSecretRef)
        .configMapFile("storage-ca-file", "caConfigMapRef", AzureRepository::caConfigMapRef)
        .number("storage-port", AzureRepository::port)
        .pairs("storage-tag", AzureRepository::tags)
        .text("storage-upload-chunk-size", AzureRepository::uploadChunkSize)
        .choice("azure-key-type", AzureRepository::keyType)
        .group("secretRef", AzureRepository::secretRef, azureSecrets());
  }

  private static OptionTable<AzureRepository.SecretRef> azureSecrets() {
    return new OptionTable<AzureRepository.SecretRef>()
        .secret("azure-key", "keyReference", AzureRepository.SecretRef::keyReference);
  }

  private static OptionTable<GcsRepository> gcs() {
    return new OptionTable<GcsRepository>()
        .text("path", GcsRepository::repoPath)
        .text("gcs-bucket", GcsRepository::bucket)
        .text("gcs-endpoint", RepositoryOptions::endpoint)
        .flag("storage-verify-tls", GcsRepository::verifyTLS)
        .secretFile("storage-ca-file", "caSecretRef", GcsRepository::caSecretRef)
        .configMapFile("storage-ca-file", "caConfigMapRef", GcsRepository::caConfigMapRef)
        .pairs("storage-tag", GcsRepository::tags)
        .text("storage-upload-chunk-size", GcsRepository::uploadChunkSize)
        .choice("gcs-key-type", GcsRepository::keyType)
        .secretFile("gcs-key", "secretRef.keyReference", gcs -> key(gcs, Held.IN_A_FILE))
        .secret("gcs-key", "secretRef.keyReference", gcs -> key(gcs, Held.AS_A_VALUE))
        .text("gcs-user-project", GcsRepository::userProject);
  }

  /// pgBackRest does not look at `storage-port` here, only at a port in the endpoint.
  private static @Nullable String endpoint(GcsRepository gcs) {
    if (gcs.port() == null) {
      return gcs.endpoint();
    }
    var endpoint = gcs.endpoint() == null ? "storage.googleapis.com" : gcs.endpoint();
    return endpoint.replaceFirst("(:[0-9]+)?/*$", "") + ":" + gcs.port();
  }

  /// A token is the value of `gcs-key`; of a service key it is the path.
  private enum Held {
    IN_A_FILE,
    AS_A_VALUE
  }

  private static @Nullable SecretKeyRef key(GcsRepository gcs, Held held) {
    var reference = gcs.secretRef();
    var how = gcs.keyType() == GcsRepository.KeyType.TOKEN ? Held.AS_A_VALUE : Held.IN_A_FILE;
    return reference == null || how != held ? null : reference.keyReference();
  }

  private static OptionTable<SftpRepository> sftp() {
    return new OptionTable<SftpRepository>()
        .text("path", SftpRepository::repoPath)
        .text("sftp-host", SftpRepository::host)
        .number("sftp-host-port", SftpRepository::port)
        .text("sftp-host-user", SftpRepository::user)
        .group("secretRef", SftpRepository::secretRef, sftpSecrets())
        .choice("sftp-host-key-hash-type", SftpRepository::hostKeyHashType)
        .choice("sftp-host-key-check-type", SftpRepository::hostKeyCheckType)
        .text("sftp-host-fingerprint", SftpRepository::hostFingerprint)
        .lines("sftp-known-host", SftpRepository::knownHosts);
  }

  private static OptionTable<SftpRepository.SecretRef> sftpSecrets() {
    return new OptionTable<SftpRepository.SecretRef>()
        .secretFile("sftp-private-key-file", "privateKey", SftpRepository.SecretRef::privateKey)
        .secretFile("sftp-public-key-file", "publicKey", SftpRepository.SecretRef::publicKey)
        .secret("sftp-private-key-passphrase", "passphrase", SftpRepository.SecretRef::passphrase);
  }

  /// The claim is a directory below `volumes`; the repository a directory below that.
  private static OptionTable<VolumeRepository> volume(Path volumes) {
    return new OptionTable<VolumeRepository>()
        .text("path", volume -> volumes + "/" + volume.claimName() + below(volume.repoPath()));
  }

  /// `/` is the root of the volume itself.
  private static String below(String path) {
    return path.equals("/") ? "" : path;
  }

  private static OptionTable<RetentionPolicy> retention() {
    return new OptionTable<RetentionPolicy>()
        .number("retention-full", RetentionPolicy::full)
        .choice("retention-full-type", RetentionPolicy::fullType)
        .number("retention-diff", RetentionPolicy::diff)
        .number("retention-archive", RetentionPolicy::archive)
        .choice("retention-archive-type", RetentionPolicy::archiveType)
        .number("retention-history", RetentionPolicy::history);
  }

  /// The type is always written with a passphrase: pgBackRest silently does not encrypt without it.
  private static OptionTable<CipherConfig> cipher() {
    return new OptionTable<CipherConfig>()
        .choice(
            "cipher-type",
            cipher -> cipher.type() == null ? CipherConfig.Type.AES_256_CBC : cipher.type())
        .secret("cipher-pass", "encryptionPass", CipherConfig::encryptionPass);
  }
}
