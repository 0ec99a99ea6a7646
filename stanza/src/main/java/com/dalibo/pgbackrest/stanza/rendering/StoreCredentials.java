package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.dalibo.pgbackrest.stanza.options.UserOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys that a store needs and a repository does not have, and how the key of an SFTP host is
/// checked.
final class StoreCredentials {
  /// How pgBackRest calls keys that are given to it.
  private static final String SHARED = "shared";

  private final Stanza stanza;
  private final List<UserOptions.Asked> accepted;
  private final List<Problem> problems = new ArrayList<>();

  private StoreCredentials(Stanza stanza) {
    this.stanza = stanza;
    this.accepted = UserOptions.accepted(stanza);
  }

  static List<Problem> problems(Stanza stanza, Repository repository) {
    var credentials = new StoreCredentials(stanza);
    credentials.check(repository);
    return credentials.problems;
  }

  private void check(Repository repository) {
    switch (repository.storage()) {
      case S3Repository s3 -> s3(s3, repository);
      case AzureRepository azure -> azure(azure, repository);
      case GcsRepository gcs -> gcs(gcs, repository.path());
      case SftpRepository sftp -> sftp(sftp, repository.path());
      case VolumeRepository _ -> {}
    }
  }

  private void s3(S3Repository s3, Repository repository) {
    var keys = s3.secretRef();
    var hasId = (keys != null && keys.accessKeyId() != null) || isGiven(repository, "s3-key");
    var hasKey =
        (keys != null && keys.secretAccessKey() != null) || isGiven(repository, "s3-key-secret");
    var keyType =
        given(repository, "s3-key-type")
            .orElse(s3.keyType() == null ? SHARED : EnumSpelling.of(s3.keyType()));
    if (keyType.equals(SHARED) && !(hasId && hasKey)) {
      refuse(
          SpecReason.CREDENTIALS_MISSING,
          "has no keys in %s".formatted(repository.path()),
          "add secretRef with accessKeyId and secretAccessKey, or a keyType that needs none");
    }
  }

  private void azure(AzureRepository azure, Repository repository) {
    var keys = azure.secretRef();
    var keyType =
        given(repository, "azure-key-type")
            .orElse(azure.keyType() == null ? SHARED : EnumSpelling.of(azure.keyType()));
    if (!keyType.equals("auto")
        && (keys == null || keys.keyReference() == null)
        && !isGiven(repository, "azure-key")) {
      refuse(
          SpecReason.CREDENTIALS_MISSING,
          "has no key in %s".formatted(repository.path()),
          "add secretRef with keyReference, or keyType 'auto'");
    }
  }

  /// Manifests of the Go plugin have it in `customEnvVar`.
  private Optional<String> given(Repository repository, String option) {
    return UserOptions.ofRepository(accepted, repository.index(), option);
  }

  private boolean isGiven(Repository repository, String option) {
    return given(repository, option).isPresent();
  }

  private void gcs(GcsRepository gcs, String path) {
    var keys = gcs.secretRef();
    if (gcs.keyType() != GcsRepository.KeyType.AUTO
        && (keys == null || keys.keyReference() == null)) {
      refuse(
          SpecReason.CREDENTIALS_MISSING,
          "has no key in %s".formatted(path),
          "add secretRef with keyReference, or keyType 'auto'");
    }
  }

  private void sftp(SftpRepository sftp, String path) {
    var check = sftp.hostKeyCheckType();
    if (check == SftpRepository.HostKeyCheckType.FINGERPRINT && sftp.hostFingerprint() == null) {
      refuse(
          SpecReason.HOST_KEY_MISSING,
          "has hostKeyCheckType 'fingerprint' without hostFingerprint in %s".formatted(path),
          "add hostFingerprint");
    }
    if (check != SftpRepository.HostKeyCheckType.FINGERPRINT
        && check != SftpRepository.HostKeyCheckType.NONE
        && sftp.knownHosts() == null) {
      refuse(
          SpecReason.HOST_KEY_MISSING,
          "cannot check the key of the host in %s".formatted(path),
          "add knownHosts, or hostKeyCheckType 'fingerprint' with hostFingerprint");
    }
  }

  private void refuse(SpecReason reason, String what, String remedy) {
    problems.add(StanzaValidation.problem(stanza, reason, what, remedy));
  }
}
