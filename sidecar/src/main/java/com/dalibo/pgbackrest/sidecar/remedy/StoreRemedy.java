package com.dalibo.pgbackrest.sidecar.remedy;

import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a failure of a store means to whoever wrote the Stanza: one row for each sign in the text
/// of pgBackRest, and the remedy, which are with those of their kind of store. Answers to CNPG, the
/// status of a Stanza, events, and the table in docs/how-to/repositories.md all take it from here.
/// The first row that fits counts, so the particular ones stand before the general ones. Some rows
/// are for paths that are in no store, so that no store is blamed for them.
///
/// Whether a failure may pass without a change is decided where commands are repeated, in
/// [com.dalibo.pgbackrest.error.TransientError]; the table in the docs asks it.
public enum StoreRemedy {
  CLOCK_SKEW(ObjectStoreRemedies.CLOCK_SKEW),
  LABEL_NOT_LATER(ContentRemedies.LABEL_NOT_LATER),

  STS_UNREACHABLE(IdentityRemedies.STS_UNREACHABLE),
  STS_UNKNOWN_ISSUER(IdentityRemedies.STS_UNKNOWN_ISSUER),
  STS_REFUSED(IdentityRemedies.STS_REFUSED),
  WEB_ID_MISSING(IdentityRemedies.WEB_ID_MISSING),
  POD_ID_MISSING(IdentityRemedies.POD_ID_MISSING),
  METADATA_UNREACHABLE(IdentityRemedies.METADATA_UNREACHABLE),
  NODE_WITHOUT_ROLE(IdentityRemedies.NODE_WITHOUT_ROLE),
  NODE_WITH_ANOTHER_ROLE(IdentityRemedies.NODE_WITH_ANOTHER_ROLE),
  NO_MANAGED_IDENTITY(IdentityRemedies.NO_MANAGED_IDENTITY),
  SEVERAL_MANAGED_IDENTITIES(IdentityRemedies.SEVERAL_MANAGED_IDENTITIES),

  OBJECT_ARCHIVED(ObjectStoreRemedies.OBJECT_ARCHIVED),
  ACCOUNT_DISABLED(ObjectStoreRemedies.ACCOUNT_DISABLED),
  KMS_KEY(ObjectStoreRemedies.KMS_KEY),
  NO_SUCH_BUCKET(S3Remedies.NO_SUCH_BUCKET),
  UNKNOWN_ACCESS_KEY(S3Remedies.UNKNOWN_ACCESS_KEY),
  WRONG_SECRET_KEY(S3Remedies.WRONG_SECRET_KEY),
  SESSION_EXPIRED(S3Remedies.SESSION_EXPIRED),
  WRONG_REGION(S3Remedies.WRONG_REGION),
  OBJECT_LOCKED(ObjectStoreRemedies.OBJECT_LOCKED),
  GOOGLE_PERMISSION(GoogleRemedies.PERMISSION),
  MAY_NOT_DELETE(S3Remedies.MAY_NOT_DELETE),
  MAY_NOT_LIST(S3Remedies.MAY_NOT_LIST),
  MAY_NOT_READ(S3Remedies.MAY_NOT_READ),
  MAY_NOT_WRITE(S3Remedies.MAY_NOT_WRITE),
  ACCESS_DENIED(S3Remedies.ACCESS_DENIED),

  NO_SUCH_CONTAINER(AzureRemedies.NO_SUCH_CONTAINER),
  AZURE_PERMISSION(AzureRemedies.PERMISSION),
  AZURE_KEYS_FORBIDDEN(AzureRemedies.KEYS_FORBIDDEN),
  AZURE_REFUSED(AzureRemedies.REFUSED),
  AZURE_WRONG_KEY(AzureRemedies.WRONG_KEY),
  GOOGLE_UNKNOWN_KEY(GoogleRemedies.UNKNOWN_KEY),
  GOOGLE_POLICY(GoogleRemedies.POLICY),
  GOOGLE_EXPIRED_TOKEN(GoogleRemedies.EXPIRED_TOKEN),

  BACKUP_DAMAGED(ContentRemedies.BACKUP_DAMAGED),

  NO_TLS(TlsRemedies.NO_TLS),
  TLS_FAILED(TlsRemedies.TLS_FAILED),
  CERTIFICATE_OUT_OF_DATE(TlsRemedies.CERTIFICATE_OUT_OF_DATE),
  UNKNOWN_AUTHORITY(TlsRemedies.UNKNOWN_AUTHORITY),
  AUTHORITY_UNREADABLE(TlsRemedies.AUTHORITY_UNREADABLE),
  OTHER_HOST_IN_CERTIFICATE(TlsRemedies.OTHER_HOST_IN_CERTIFICATE),

  TOO_LARGE(ServerRemedies.TOO_LARGE),
  OTHER_SERVER(ServerRemedies.OTHER_SERVER),
  OTHER_PASSWORD(ContentRemedies.OTHER_PASSWORD),
  INFO_MISSING(ContentRemedies.INFO_MISSING),
  INFO_INCOMPLETE(ContentRemedies.INFO_INCOMPLETE),

  SFTP_DIRECTORY(SftpRemedies.DIRECTORY),
  SFTP_UNKNOWN_HOST_KEY(SftpRemedies.UNKNOWN_HOST_KEY),
  SFTP_OTHER_FINGERPRINT(SftpRemedies.OTHER_FINGERPRINT),
  SFTP_PASSPHRASE(SftpRemedies.PASSPHRASE),
  SFTP_KEY_REFUSED(SftpRemedies.KEY_REFUSED),

  SFTP_NO_ANSWER(SftpRemedies.NO_ANSWER),
  SFTP_FAILURE(SftpRemedies.FAILURE),
  SFTP_NO_DIRECTORY(SftpRemedies.NO_DIRECTORY),

  WAL_FULL(PostgresVolumeRemedies.WAL_FULL),
  TABLESPACE_FULL(PostgresVolumeRemedies.TABLESPACE_FULL),
  DATA_FULL(PostgresVolumeRemedies.DATA_FULL),
  SCRATCH_FULL(PostgresVolumeRemedies.SCRATCH_FULL),
  WAL_REFUSED(PostgresVolumeRemedies.WAL_REFUSED),
  TABLESPACE_REFUSED(PostgresVolumeRemedies.TABLESPACE_REFUSED),
  DATA_REFUSED(PostgresVolumeRemedies.DATA_REFUSED),
  SCRATCH_REFUSED(PostgresVolumeRemedies.SCRATCH_REFUSED),
  POSTGRES_READ_ONLY(PostgresVolumeRemedies.READ_ONLY),
  POSTGRES_BROKEN(PostgresVolumeRemedies.BROKEN),
  FULL(VolumeRemedies.FULL),
  VOLUME_BROKEN(VolumeRemedies.BROKEN),
  VOLUME_OF_CIFS(VolumeRemedies.OF_CIFS),
  VOLUME_NOT_MOUNTED(VolumeRemedies.NOT_MOUNTED),
  VOLUME_REFUSED(VolumeRemedies.REFUSED),

  STORE_BUSY(ServerRemedies.STORE_BUSY),
  STORE_FAILS(ServerRemedies.STORE_FAILS),

  UNKNOWN_HOST(ServerRemedies.UNKNOWN_HOST),
  UNREACHABLE(ServerRemedies.UNREACHABLE),
  NO_ANSWER(ServerRemedies.NO_ANSWER),
  FORBIDDEN(ObjectStoreRemedies.FORBIDDEN);

  /// What stands before the remedy in a message.
  public static final String REMEDY = "; remedy: ";

  /// The text that pgBackRest has for a host with PostgreSQL can be the same.
  private static final String NO_STORE = "unable to check pg";

  private final Pattern sign;
  private final String words;

  StoreRemedy(Remedy remedy) {
    sign = Pattern.compile(remedy.sign());
    words = remedy.words();
  }

  /// The text in one line, with the remedy if there is one and it has none yet.
  public static String of(String text) {
    var brief = StoreAnswer.brief(text);
    if (brief.contains(NO_STORE) || brief.contains(REMEDY)) {
      return brief;
    }
    return find(brief).map(remedy -> brief + REMEDY + remedy.in(brief)).orElse(brief);
  }

  /// That of a failure of the file system, if it has one.
  public static Optional<StoreRemedy> of(FileSystemException failure) {
    return find("'%s': %s".formatted(failure.getFile(), failure));
  }

  /// The first row whose sign is in the text.
  static Optional<StoreRemedy> find(String brief) {
    return Arrays.stream(values()).filter(remedy -> remedy.sign.matcher(brief).find()).findFirst();
  }

  /// The remedy alone.
  public String words() {
    return words;
  }

  private String in(String brief) {
    var cited = sign.matcher(brief);
    return words.contains("%s") && cited.find() ? words.formatted(cited.group(1)) : words;
  }
}
