package com.dalibo.pgbackrest.sidecar.remedy;

/// An example for each remedy of what pgBackRest reports of a store, a volume or the metadata
/// service of a node.
final class StoreAnswerExample {

  private StoreAnswerExample() {}

  static String of(StoreRemedy remedy) {
    return switch (remedy) {
      case CLOCK_SKEW ->
          s3(403, "Forbidden", "GET /demo/?list-type=2", "RequestTimeTooSkewed")
              + "<Message>The difference between the request time and the current time is too large.</Message></Error>";
      case LABEL_NOT_LATER ->
          "[ClockError] new backup label '20261128-101500F' is not later than latest backup label '20261128-121500F'";
      case STS_UNREACHABLE ->
          "[HostConnectError] unable to connect to 'sts.amazonaws.com:443': [110] Connection timed out";
      case STS_UNKNOWN_ISSUER ->
          sts(
              "InvalidIdentityToken",
              "No OpenIDConnect provider found in your account for https://oidc.example");
      case STS_REFUSED ->
          sts("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
      case WEB_ID_MISSING ->
          "[OptionInvalidError] option 'repo1-s3-key-type' is 'web-id' but 'AWS_ROLE_ARN' and 'AWS_WEB_IDENTITY_TOKEN_FILE' are not set";
      case POD_ID_MISSING ->
          "[OptionInvalidError] option 'repo1-s3-key-type' is 'pod-id' but 'AWS_CONTAINER_CREDENTIALS_FULL_URI' and 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' are not set";
      case METADATA_UNREACHABLE ->
          "[HostConnectError] unable to connect to '169.254.169.254:80': [110] Connection timed out";
      case NODE_WITHOUT_ROLE ->
          "[ProtocolError] role to retrieve temporary credentials not found\nHINT: is a valid IAM role associated with this instance?";
      case NODE_WITH_ANOTHER_ROLE ->
          "[ProtocolError] role 'backup' not found\nHINT: is 'backup' a valid IAM role associated with this instance?";
      case NO_MANAGED_IDENTITY -> metadata("Identity not found");
      case SEVERAL_MANAGED_IDENTITIES ->
          metadata(
              "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request");
      case OBJECT_ARCHIVED ->
          s3(
                  403,
                  "Forbidden",
                  "GET /demo/r/archive/main/17-1/0000000100000000/x.zst",
                  "InvalidObjectState")
              + "<Message>The operation is not valid for the object's storage class</Message></Error>";
      case ACCOUNT_DISABLED ->
          google(
              403,
              "Forbidden",
              "The billing account for the owning project is disabled in state closed");
      case KMS_KEY ->
          s3(400, "Bad Request", "PUT /demo/r/archive/main/archive.info", "KMS.DisabledException")
              + "<Message>arn:aws:kms:eu-west-3:1:key/2 is disabled.</Message></Error>";
      case NO_SUCH_BUCKET ->
          s3(404, "Not Found", "GET /demo/?list-type=2", "NoSuchBucket")
              + "<Message>The specified bucket does not exist</Message></Error>";
      case UNKNOWN_ACCESS_KEY ->
          s3(403, "Forbidden", "GET /demo/?list-type=2", "InvalidAccessKeyId")
              + "<Message>The AWS Access Key Id you provided does not exist in our records.</Message></Error>";
      case WRONG_SECRET_KEY ->
          s3(403, "Forbidden", "GET /demo/?list-type=2", "SignatureDoesNotMatch")
              + "<StringToSign>AWS4\n2026</StringToSign><RequestId>1</RequestId></Error>";
      case SESSION_EXPIRED ->
          s3(400, "Bad Request", "GET /demo/?list-type=2", "ExpiredToken")
              + "<Message>The provided token has expired.</Message></Error>";
      case WRONG_REGION ->
          s3(400, "Bad Request", "GET /demo/?list-type=2", "AuthorizationHeaderMalformed")
              + "<Message>The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'eu-west-3'</Message></Error>";
      case OBJECT_LOCKED ->
          "[FileRemoveError] unable to remove file '/r/backup/main/20261101-100000F/pg_data/base': [AccessDenied] Access Denied because object protected by object lock.";
      case GOOGLE_PERMISSION ->
          google(
              403,
              "Forbidden",
              "db@acme.iam.gserviceaccount.com does not have storage.objects.list access to the Google Cloud Storage bucket.");
      case MAY_NOT_DELETE ->
          "[FileRemoveError] unable to remove file '/r/archive/main/17-1/0000000100000000/x.zst': [AccessDenied] Access Denied";
      case MAY_NOT_LIST ->
          s3(403, "Forbidden", "GET /demo/?delimiter=%2F&list-type=2&prefix=r%2F", "AccessDenied")
              + "<Message>Access Denied</Message></Error>";
      case MAY_NOT_READ ->
          s3(403, "Forbidden", "GET /demo/r/archive/main/archive.info", "AccessDenied")
              + "<Message>Access Denied</Message></Error>";
      case MAY_NOT_WRITE ->
          s3(403, "Forbidden", "PUT /demo/r/archive/main/archive.info", "AccessDenied")
              + "<Message>Access Denied</Message></Error>";
      case ACCESS_DENIED -> "[ProtocolError] unable to use the store: AccessDenied";
      case NO_SUCH_CONTAINER ->
          azure(404, "The specified container does not exist.", "ContainerNotFound");
      case AZURE_PERMISSION ->
          azure(
              403,
              "This request is not authorized to perform this operation using this permission.",
              "AuthorizationPermissionMismatch");
      case AZURE_KEYS_FORBIDDEN ->
          azure(
              403,
              "Key based authentication is not permitted on this storage account.",
              "KeyBasedAuthenticationNotPermitted");
      case AZURE_REFUSED ->
          azure(
              403,
              "This request is not authorized to perform this operation.",
              "AuthorizationFailure");
      case AZURE_WRONG_KEY ->
          azure(403, "Server failed to authenticate the request.", "AuthenticationFailed");
      case GOOGLE_UNKNOWN_KEY ->
          "[ProtocolError] unable to get authentication token: [invalid_grant] Invalid JWT Signature.";
      case GOOGLE_POLICY ->
          google(403, "Forbidden", "Request is prohibited by organization's policy.");
      case GOOGLE_EXPIRED_TOKEN -> google(401, "Unauthorized", "Invalid Credentials");
      case TOO_LARGE ->
          exchange(
              413,
              "Request Entity Too Large",
              "PUT /demo/r/archive/main/17-1/0000000100000000/x.zst");
      case OTHER_SERVER ->
          "[FormatError] unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':\nFormatError: key/value found outside of section at line 1: <html>";
      case OTHER_PASSWORD ->
          "[FormatError] key/value found outside of section at line 1: \u0007\uFFFD\uFFFD=x\u0001";
      case INFO_MISSING ->
          """
          [FileMissingError] unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':
          FileMissingError: unable to open missing file '/r/archive/main/archive.info.copy' for read
          HINT: archive.info cannot be opened but is required to push/get WAL segments.
          HINT: is archive_command configured correctly in postgresql.conf?
          HINT: has a stanza-create been performed?
          HINT: use --no-archive-check to disable archive checks during backup if you have an alternate archiving scheme.""";
      case INFO_INCOMPLETE ->
          "[FileMissingError] archive.info exists but backup.info is missing on repo1";
      case BACKUP_DAMAGED ->
          "[ChecksumError] raised from local-2 protocol: error restoring '/var/lib/postgresql/data/pgbackrest-plugin.copy/base/4/2840': actual checksum '1926' does not match expected checksum 'f579'";
      case SFTP_DIRECTORY ->
          "[PathCreateError] sftp error unable to create path '/r/archive': sftp error [3] permission denied";
      case SFTP_UNKNOWN_HOST_KEY ->
          "[ServiceError] known hosts failure: 'sftp' not found in known hosts files: LIBSSH2_KNOWNHOST_CHECK_NOTFOUND [2]: check type [strict]";
      case SFTP_OTHER_FINGERPRINT ->
          "[ServiceError] host [ab12] and configured fingerprint (repo-sftp-host-fingerprint) [cd34] do not match";
      case SFTP_PASSPHRASE ->
          "[ServiceError] public key authentication failed: libssh2 error [-16]";
      case SFTP_KEY_REFUSED ->
          "[ServiceError] public key authentication failed: libssh2 error [-18]";
      case SFTP_NO_ANSWER -> "[ServiceError] libssh2 handshake failed [-43]: Failed getting banner";
      case SFTP_FAILURE ->
          "[FileWriteError] unable to write '/r/archive/main/archive.info.pgbackrest.tmp': libssh2 error [-31]: sftp error [4] failure";
      case SFTP_NO_DIRECTORY ->
          "pgbackrest stanza-create failed [139 killed]: it crashed with signal 11, a fault of pgBackRest: try another version of it, or report it";
      case WAL_REFUSED ->
          "[FileOpenError] unable to open file '/var/lib/postgresql/data/pgdata/pg_wal/000000010000000000000007' for read: [13] Permission denied";
      case TABLESPACE_REFUSED ->
          "[PathCreateError] unable to create path '/var/lib/postgresql/tablespaces/late/data/PG_17_202406281': [13] Permission denied";
      case DATA_REFUSED ->
          "[FileOpenError] unable to open file '/var/lib/postgresql/data/pgdata/base/1/1259' for read: [13] Permission denied";
      case SCRATCH_REFUSED ->
          "[FileOpenError] unable to open file '/controller/tmp/pgbackrest-plugin/lock/main-archive-1.lock' for write: [13] Permission denied";
      case WAL_FULL ->
          "[FileWriteError] unable to write '/var/lib/postgresql/data/pgdata/pg_wal/RECOVERYXLOG': [28] No space left on device";
      case TABLESPACE_FULL ->
          "[FileWriteError] unable to write '/var/lib/postgresql/tablespaces/late/data/PG_17_202406281/5/16384': [28] No space left on device";
      case DATA_FULL ->
          "[FileWriteError] unable to write '/var/lib/postgresql/data/pgbackrest-plugin.copy/base/1/1259': [28] No space left on device";
      case SCRATCH_FULL ->
          "[FileWriteError] unable to write '/controller/tmp/pgbackrest-plugin/spool/archive/main/in/x': [28] No space left on device";
      case POSTGRES_READ_ONLY ->
          "[FileOpenError] unable to open file '/var/lib/postgresql/data/pgdata/pg_wal/RECOVERYXLOG' for write: [30] Read-only file system";
      case POSTGRES_BROKEN ->
          "[FileReadError] unable to read '/var/lib/postgresql/data/pgdata/base/1/1259': [5] Input/output error";
      case VOLUME_BROKEN ->
          "[FileOpenError] unable to open file '/volumes/backups/archive/main/archive.info' for read: [116] Stale file handle";
      case VOLUME_OF_CIFS ->
          "[FileOpenError] unable to create symlink '/volumes/backups/backup/main/latest' to '20261130-200115F': [95] Operation not supported";
      case VOLUME_NOT_MOUNTED ->
          "[PathCreateError] unable to create path '/volumes/backups/archive': [30] Read-only file system";
      case VOLUME_REFUSED ->
          "[FileOpenError] unable to open file '/volumes/backups/archive/main/archive.info' for read: [13] Permission denied";
      case FULL ->
          "[FileWriteError] unable to write '/volumes/backups/x': [28] No space left on device";
      case STORE_BUSY ->
          "[ServiceError] [503] Slow Down\n[ServiceError] on 6 retries from 155-2001ms: [503] Slow Down";
      case STORE_FAILS ->
          "[ServiceError] [500] Internal Server Error\n[ServiceError] on 6 retries from 167-2047ms: [500] Internal Server Error";
      case UNKNOWN_HOST ->
          "[HostConnectError] unable to get address for 's33.example.com': [-2] Name or service not known";
      case UNREACHABLE ->
          "[HostConnectError] unable to connect to 's3.example.com:443': [111] Connection refused";
      case NO_TLS -> "[ServiceError] TLS error [1:167772427] wrong version number";
      case NO_ANSWER ->
          "[FileReadError] timeout after 60000ms waiting for read from 's3.example.com:443'";
      case TLS_FAILED -> "[ServiceError] TLS error [1:167773200] ssl/tls alert handshake failure";
      case CERTIFICATE_OUT_OF_DATE ->
          "[CryptoError] unable to verify certificate presented by 's3.example.com:443': [10] certificate has expired";
      case UNKNOWN_AUTHORITY ->
          "[CryptoError] unable to verify certificate presented by 's3.example.com:443': [20] unable to get local issuer certificate";
      case AUTHORITY_UNREADABLE ->
          "[CryptoError] unable to set user-defined CA certificate location: [92274824] no certificate or crl found";
      case OTHER_HOST_IN_CERTIFICATE ->
          "[CryptoError] unable to find hostname 's3.example.com' in certificate common name or subject alternative names";
      case FORBIDDEN ->
          """
          [ProtocolError] HTTP request failed with 403 (Forbidden):
          *** Path/Query ***:
          HEAD /demo/r/archive/main/archive.info
          *** Request Headers ***:
          host: s3.example.com
          *** Response Headers ***:
          x-amz-request-id: 17
          """;
    };
  }

  private static String s3(int status, String reason, String request, String code) {
    return exchange(status, reason, request) + "<Error><Code>" + code + "</Code>";
  }

  static String sts(String code, String message) {
    return exchange(
            code.equals("AccessDenied") ? 403 : 400,
            code.equals("AccessDenied") ? "Forbidden" : "Bad Request",
            "GET /?Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fbackup&WebIdentityToken=<redacted>")
        + "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>"
            .formatted(code, message);
  }

  private static String azure(int status, String message, String code) {
    return exchange(status, status == 404 ? "Not Found" : "Forbidden", "GET /backups?comp=list")
        + "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code><Message>%s\nRequestId:7\nTime:2026-11-28T00:00:00Z</Message></Error>"
            .formatted(code, message);
  }

  private static String google(int status, String reason, String message) {
    return exchange(status, reason, "GET /storage/v1/b/backups/o?prefix=r%2F")
        + "{\"error\":{\"code\":%d,\"message\":\"%s\",\"errors\":[{\"message\":\"%s\"}]}}"
            .formatted(status, message, message);
  }

  private static String metadata(String message) {
    return exchange(
            400, "Bad Request", "GET /metadata/identity/oauth2/token?api-version=2018-02-01")
        + "{\"error\":\"invalid_request\",\"error_description\":\"%s\"}".formatted(message);
  }

  static String exchange(int status, String reason, String request) {
    return """
    [ProtocolError] HTTP request failed with %d (%s):
    *** Path/Query ***:
    %s
    *** Request Headers ***:
    authorization: <redacted>
    host: store.example.com
    *** Response Headers ***:
    date: Mon, 23 Nov 2026 02:13:46 GMT
    *** Response Content ***:
    """
        .formatted(status, reason, request);
  }
}
