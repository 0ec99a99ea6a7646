package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.CipherConfig;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.ObjectStoreFields;
import com.dalibo.pgbackrest.stanza.api.repository.RepositoryFields;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.RetentionPolicy;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SecretKeyRef;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a repository becomes `repoN-*` options. Nothing else knows.
public final class RepositoryOptions {
  private static final OptionTable<S3Repository> S3 = s3();
  private static final OptionTable<AzureRepository> AZURE = azure();
  private static final OptionTable<GcsRepository> GCS = gcs();
  private static final OptionTable<SftpRepository> SFTP = sftp();

  private RepositoryOptions() {}

  /// All options that a field of some repository sets.
  public static List<String> options() {
    return Stream.of(every(InstancePaths.VOLUMES), S3, AZURE, GCS, SFTP)
        .flatMap(table -> table.options().stream())
        .distinct()
        .toList();
  }

  public static List<Setting> settings(Repository repository, Path volumes) {
    var storage = repository.storage();
    var path = repository.path();
    var settings = new ArrayList<>(every(volumes).settings(storage, path));
    settings.addAll(
        switch (storage) {
          case S3Repository s3 -> S3.settings(s3, path);
          case AzureRepository azure -> AZURE.settings(azure, path);
          case GcsRepository gcs -> GCS.settings(gcs, path);
          case SftpRepository sftp -> SFTP.settings(sftp, path);
          case VolumeRepository _ -> List.of();
        });
    return List.copyOf(settings);
  }

  private static OptionTable<RepositorySpec> every(Path volumes) {
    return new OptionTable<RepositorySpec>()
        .text("type", RepositorySpec::word)
        .text("path", storage -> path(storage, volumes))
        .inline(RepositorySpec::fields, fields());
  }

  private static OptionTable<RepositoryFields> fields() {
    return new OptionTable<RepositoryFields>()
        .group("retentionPolicy", RepositoryFields::retentionPolicy, retention())
        .group("cipherConfig", RepositoryFields::cipherConfig, cipher())
        .flag("bundle", RepositoryFields::bundle)
        .flag("block", RepositoryFields::block);
  }

  /// The claim of a volume is a directory below `volumes`; the repository a directory below that.
  private static String path(RepositorySpec storage, Path volumes) {
    var path = storage.fields().repoPath();
    return storage instanceof VolumeRepository volume
        ? volumes + "/" + volume.claimName() + below(path)
        : path;
  }

  /// `/` is the root of the volume itself.
  private static String below(String path) {
    return path.equals("/") ? "" : path;
  }

  private static OptionTable<ObjectStoreFields> store() {
    return new OptionTable<ObjectStoreFields>()
        .flag("storage-verify-tls", ObjectStoreFields::verifyTLS)
        .secretFile("storage-ca-file", "caSecretRef", ObjectStoreFields::caSecretRef)
        .configMapFile("storage-ca-file", "caConfigMapRef", ObjectStoreFields::caConfigMapRef)
        .pairs("storage-tag", ObjectStoreFields::tags)
        .text("storage-upload-chunk-size", ObjectStoreFields::uploadChunkSize);
  }

  private static OptionTable<S3Repository> s3() {
    return new OptionTable<S3Repository>()
        .text("s3-bucket", S3Repository::bucket)
        .text("s3-endpoint", S3Repository::endpoint)
        .text("s3-region", S3Repository::region)
        .choice("s3-uri-style", S3Repository::uriStyle)
        .inline(S3Repository::store, store())
        .number("storage-port", s3 -> s3.store().port())
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
        .text("azure-account", AzureRepository::account)
        .text("azure-container", AzureRepository::container)
        .text("azure-endpoint", AzureRepository::endpoint)
        .choice("azure-uri-style", AzureRepository::uriStyle)
        .inline(AzureRepository::store, store())
        .number("storage-port", azure -> azure.store().port())
        .choice("azure-key-type", AzureRepository::keyType)
        .group("secretRef", AzureRepository::secretRef, azureSecrets());
  }

  private static OptionTable<AzureRepository.SecretRef> azureSecrets() {
    return new OptionTable<AzureRepository.SecretRef>()
        .secret("azure-key", "keyReference", AzureRepository.SecretRef::keyReference);
  }

  private static OptionTable<GcsRepository> gcs() {
    return new OptionTable<GcsRepository>()
        .text("gcs-bucket", GcsRepository::bucket)
        .text("gcs-endpoint", RepositoryOptions::endpoint)
        .inline(GcsRepository::store, store())
        .choice("gcs-key-type", GcsRepository::keyType)
        .secretFile("gcs-key", "secretRef.keyReference", gcs -> key(gcs, Held.IN_A_FILE))
        .secret("gcs-key", "secretRef.keyReference", gcs -> key(gcs, Held.AS_A_VALUE))
        .text("gcs-user-project", GcsRepository::userProject);
  }

  /// pgBackRest does not look at `storage-port` here, only at a port in the endpoint.
  private static @Nullable String endpoint(GcsRepository gcs) {
    if (gcs.store().port() == null) {
      return gcs.endpoint();
    }
    var endpoint = gcs.endpoint() == null ? "storage.googleapis.com" : gcs.endpoint();
    return endpoint.replaceFirst("(:[0-9]+)?/*$", "") + ":" + gcs.store().port();
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
        .text("sftp-host", SftpRepository::host)
        .number("sftp-host-port", SftpRepository::port)
        .text("sftp-host-user", SftpRepository::user)
        .group("secretRef", SftpRepository::secretRef, sftpSecrets())
        .choice("sftp-host-key-hash-type", SftpRepository::hostKeyHashType)
        .choice("sftp-host-key-check-type", SftpRepository::hostKeyCheckType)
        .text("sftp-host-fingerprint", RepositoryOptions::fingerprint)
        .lines("sftp-known-host", SftpRepository::knownHosts);
  }

  /// pgBackRest compares it with one in small letters.
  private static @Nullable String fingerprint(SftpRepository sftp) {
    var fingerprint = sftp.hostFingerprint();
    return fingerprint == null ? null : fingerprint.toLowerCase(Locale.ROOT);
  }

  private static OptionTable<SftpRepository.SecretRef> sftpSecrets() {
    return new OptionTable<SftpRepository.SecretRef>()
        .secretFile("sftp-private-key-file", "privateKey", SftpRepository.SecretRef::privateKey)
        .secretFile("sftp-public-key-file", "publicKey", SftpRepository.SecretRef::publicKey)
        .secret("sftp-private-key-passphrase", "passphrase", SftpRepository.SecretRef::passphrase);
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
