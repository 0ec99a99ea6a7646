package com.dalibo.pgbackrest.sidecar.failure;

import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a failure of a store means to whoever wrote the Stanza: one row for each sign in the text
/// of pgBackRest, and the remedy. Answers to CNPG, the status of a Stanza, events, and the table in
/// docs/how-to/repositories.md all take it from here. The first row that fits counts, so the
/// particular ones stand before the general ones. Some rows are for paths that are in no store, so
/// that no store is blamed for them.
///
/// Whether a failure may pass without a change is decided where commands are repeated, in
/// [com.dalibo.pgbackrest.error.TransientError]; the table in the docs asks it.
public enum StoreRemedy {
  CLOCK_SKEW(
      "RequestTimeTooSkewed|Request date header too old|Invalid JWT: Token must be a short-lived token",
      "the clock of this node differs from the store's: synchronise it (NTP); the credentials are not the cause"),
  LABEL_NOT_LATER(
      "is not later than latest backup label",
      "the label of a backup is its local time: if the time zone of the container was changed ('TZ' in the Cluster's"
          + " 'env'), change it back; if the clock of a node is wrong, correct it (NTP); otherwise create a new Backup"
          + " after the time in the latest label"),

  STS_UNREACHABLE(
      "(?:connect(?:ing)? to|get address for) '(?:sts\\.)",
      "keyType 'web-id' needs the AWS Security Token Service: let the pods reach it on port 443 (network policies,"
          + " VPC endpoint), or name the one of your region with 'repoN-s3-sts-host' in 'options', such as"
          + " sts.eu-west-3.amazonaws.com (pgBackRest 2.59 and newer)"),
  STS_UNKNOWN_ISSUER(
      "InvalidIdentityToken",
      "AWS does not know who issued the token of the service account: create the IAM OIDC provider of this Kubernetes"
          + " cluster in the account of the role"),
  STS_REFUSED(
      "Action=AssumeRoleWithWebIdentity\\S*: (?:AccessDenied|ValidationError|MalformedPolicyDocument|ExpiredToken)"
          + "|Not authorized to perform sts:AssumeRoleWithWebIdentity",
      "the IAM role refuses this service account: in the trust policy of the role, allow"
          + " sts:AssumeRoleWithWebIdentity to system:serviceaccount:NAMESPACE:CLUSTER, or correct the role in the"
          + " annotation 'eks.amazonaws.com/role-arn' under 'serviceAccountTemplate' of the Cluster"),
  WEB_ID_MISSING(
      "'AWS_ROLE_ARN' and 'AWS_WEB_IDENTITY_TOKEN_FILE' are not set",
      "this pod was started without an IAM role: add the annotation 'eks.amazonaws.com/role-arn' under"
          + " 'serviceAccountTemplate' of the Cluster and restart its pods, or choose another 'keyType'"),
  POD_ID_MISSING(
      "'AWS_CONTAINER_CREDENTIALS_FULL_URI' and 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' are not set"
          + "|(?:connect(?:ing)? to) '169\\.254\\.170\\.23",
      "this pod has no EKS pod identity: install the EKS Pod Identity Agent, create a pod identity association for the"
          + " service account with the name of the Cluster, and restart the pods, or choose another 'keyType'"),
  METADATA_UNREACHABLE(
      "(?:connect(?:ing)? to|get address for) '(?:169\\.254\\.169\\.254|metadata\\.google\\.internal)",
      "keyType 'auto' needs the metadata service of the node: let the pods reach 169.254.169.254 (network policies; on"
          + " AWS a hop limit of 2; on AKS no IMDS restriction), or choose another 'keyType'"),
  NODE_WITHOUT_ROLE(
      "role to retrieve temporary credentials not found",
      "the node has no IAM role: attach an instance profile to the nodes, or choose keyType 'web-id' or 'pod-id'"),
  NODE_WITH_ANOTHER_ROLE(
      "role '[^']*' not found",
      "the node does not have this IAM role: correct 'role' in the Stanza, or remove it to use the node's role"),
  NO_MANAGED_IDENTITY(
      "Identity not found",
      "the node has no managed identity: assign one to the virtual machine scale set of the node pool and give it the"
          + " role 'Storage Blob Data Contributor', or choose keyType 'shared' or 'sas' with a Secret"),
  SEVERAL_MANAGED_IDENTITIES(
      "Multiple user assigned identities exist",
      "the node has several managed identities, and pgBackRest cannot choose one: leave one on the node pool (AKS adds"
          + " some for add-ons), or choose keyType 'shared' or 'sas' with a Secret"),

  OBJECT_ARCHIVED(
      "InvalidObjectState|BlobArchived",
      "a lifecycle rule of the store has moved this object to an archive from which nothing is read at once: restore it"
          + " there, and exclude 'repoPath' from that rule; the credentials are not the cause"),
  ACCOUNT_DISABLED(
      "AccountProblem|AllAccessDisabled|AccountIsDisabled|ContainerDisabled|UserSuspended|NotSignedUp"
          + "|billing account[^.]* disabled|absent billing account",
      "the account of the store is disabled or has no valid billing: its owner has to enable it; the credentials are not"
          + " the cause"),
  KMS_KEY(
      "KMS\\.(?:DisabledException|NotFoundException|InvalidKeyUsageException|KMSInvalidStateException)|Cloud KMS",
      "the KMS key of the objects is disabled, deleted, in another region or not granted to the store: enable it or cancel its deletion, because"
          + " nothing that it has encrypted can be read without it; for new objects correct 'kmsKeyId' in the Stanza"),
  NO_SUCH_BUCKET(
      "NoSuchBucket|InvalidBucketName|The specified bucket does not exist",
      "there is no such bucket at this endpoint: create it, or correct 'bucket' or 'endpoint' in the Stanza"),
  UNKNOWN_ACCESS_KEY(
      "InvalidAccessKeyId",
      "the store does not know this access key id: correct the Secret that 'secretRef.accessKeyId' names"),
  WRONG_SECRET_KEY(
      "SignatureDoesNotMatch",
      "the secret access key does not belong to the access key id: correct the Secret that"
          + " 'secretRef.secretAccessKey' names"),
  SESSION_EXPIRED(
      "ExpiredToken|InvalidToken|TokenRefreshRequired",
      "the temporary credentials are not valid, or have expired: renew the keys and the token in the Secret that"
          + " 'secretRef.sessionToken' names, or choose a 'keyType' that renews them"),
  WRONG_REGION(
      "AuthorizationHeaderMalformed|PermanentRedirect|TemporaryRedirect|IllegalLocationConstraint|InvalidRegion",
      "the bucket is in another region: correct 'region' and 'endpoint' of the repository in the Stanza"),
  OBJECT_LOCKED(
      "protected by object lock|BlobImmutableDueToPolicy|retentionPolicyNotMet|retention policy[^:]* and cannot be deleted",
      "the store keeps this object until the end of its lock: make 'retentionPolicy' in the Stanza longer than the object"
          + " lock or retention policy of the store, or shorten that"),
  GOOGLE_PERMISSION(
      "does not have storage\\.[a-zA-Z.]+ access",
      "the service account lacks the permission that the message names: grant it roles/storage.objectAdmin on the bucket"),
  MAY_NOT_DELETE(
      "DELETE \\S+: (?:AccessDenied|AuthorizationPermissionMismatch)|POST \\S*\\?delete\\S*: AccessDenied"
          + "|unable to remove file '[^']*': \\[AccessDenied\\]",
      "the credentials may not delete: allow s3:DeleteObject (Azure: role 'Storage Blob Data Contributor', or d in the"
          + " shared access signature) and see that no object lock, legal hold or bucket policy forbids it"),
  MAY_NOT_LIST(
      "GET \\S*[?&](?:list-type=2|comp=list)\\S*: AccessDenied",
      "the credentials may not list the bucket: allow s3:ListBucket on the bucket itself, not only on its objects"),
  MAY_NOT_READ(
      "(?:GET|HEAD) \\S+: AccessDenied",
      "the credentials may not read this object: allow s3:GetObject on the objects of the repository, and s3:ListBucket on"
          + " the bucket, without which S3 refuses a missing object in the same way"),
  MAY_NOT_WRITE(
      "(?:PUT|POST) \\S+: AccessDenied",
      "the credentials may not write: allow s3:PutObject on the objects of the repository, and with 'kmsKeyId' also"
          + " kms:GenerateDataKey and kms:Decrypt on that key"),
  ACCESS_DENIED(
      "(?<!java\\.nio\\.file\\.)AccessDenied",
      "the credentials may not do that: allow them to list, read, write and delete in this bucket and repoPath, or"
          + " correct the Secret that 'secretRef' names"),

  NO_SUCH_CONTAINER(
      "ContainerNotFound",
      "there is no such container in this account: create it, or correct 'container', 'account' or 'endpoint' in the"
          + " Stanza"),
  AZURE_PERMISSION(
      "AuthorizationPermissionMismatch|Authorization(?:Service|ResourceType)Mismatch",
      "the credentials lack a permission: give the identity the role 'Storage Blob Data Contributor', or the shared access"
          + " signature read, write, delete and list for the service blob and the resource types container and object"),
  AZURE_KEYS_FORBIDDEN(
      "KeyBasedAuthenticationNotPermitted",
      "the storage account allows no keys: allow shared keys in its configuration, or choose keyType 'auto' with a managed"
          + " identity"),
  AZURE_REFUSED(
      "AuthorizationFailure|AuthorizationSourceIPMismatch",
      "the key does not belong to the account, or the network rules of the account refuse this pod: correct 'account' in"
          + " the Stanza, the Secret that 'secretRef.keyReference' names, or those rules"),
  AZURE_WRONG_KEY(
      "AuthenticationFailed|InvalidAuthenticationInfo|NoAuthenticationInformation",
      "the key or shared access signature is not valid for this account, or has expired: correct 'account' or 'keyType' in"
          + " the Stanza, or the Secret that 'secretRef.keyReference' names"),
  GOOGLE_UNKNOWN_KEY(
      "invalid_grant",
      "Google no longer recognises this service account key: put a valid key file into the Secret that"
          + " 'secretRef.keyReference' names"),
  GOOGLE_POLICY(
      "prohibited by organization's policy",
      "a policy of the Google organisation refuses this pod, not the credentials: let the service perimeter (VPC Service"
          + " Controls) of the bucket's project admit the network and the service account"),
  GOOGLE_EXPIRED_TOKEN(
      "Invalid Credentials",
      "the token is not valid, or has expired: put a new one into the Secret that 'secretRef.keyReference' names, or use"
          + " the key file of a service account"),

  BACKUP_DAMAGED(
      DamagedBackup.SIGN,
      "a file of the backup is damaged or missing in the repository: restore from another backup ('backupID') or another"
          + " repository ('selectedRepository'), and take a new full backup of the source"),

  NO_TLS(
      "wrong version number",
      "the endpoint does not speak TLS: correct the port, or put http:// before the 'endpoint'"),
  TLS_FAILED(
      "TLS error \\[",
      "the connection ended before TLS was agreed on: see that the store, and what stands before it (load balancer, proxy,"
          + " service mesh, firewall), speaks TLS 1.2 or newer at this port for this host name, and asks for no client"
          + " certificate"),
  CERTIFICATE_OUT_OF_DATE(
      "unable to verify certificate presented by '[^']*': \\[(?:9|10)\\]",
      "the certificate of the store has expired, or is not valid yet: renew it at the store, or correct the clock of this"
          + " node (NTP)"),
  UNKNOWN_AUTHORITY(
      "unable to verify certificate",
      "name the certificate authority of the store in 'caSecretRef' or 'caConfigMapRef'"),
  AUTHORITY_UNREADABLE(
      "user-defined CA certificate location",
      "the certificate authority cannot be read: put its certificate in PEM, which begins with BEGIN CERTIFICATE, into the"
          + " key that 'caSecretRef' or 'caConfigMapRef' names"),
  OTHER_HOST_IN_CERTIFICATE(
      "unable to find hostname",
      "the certificate of the store is for another host: correct 'endpoint' in the Stanza, or the certificate"),

  TOO_LARGE(
      "HTTP request failed with 413",
      "what stands before the store limits the size of a request: raise that limit (ingress-nginx: proxy-body-size), or set a"
          + " smaller 'uploadChunkSize' in the Stanza"),
  OTHER_SERVER(
      "outside of section at line \\d+: <[!?a-zA-Z]|invalid xml in|last modified missing"
          + "|HTTP response '[^']*' has invalid|HTTP request failed with (?:30[1-8]|405|407)|\\[(?:501|505|511)\\] "
          + "|answer in HTML",
      "what answers there is not the store, but for example a proxy, an ingress, a console or a login page: correct"
          + " 'endpoint' and port in the Stanza, or let what stands before the store pass these requests"),
  OTHER_PASSWORD(
      "key/value found outside of section|cipher header (?:invalid|missing)"
          + "|(?:CryptoError|crypto)[:\\]]+ unable to flush",
      "the content of the repository was not encrypted with the password in the Stanza, or is not encrypted: correct the"
          + " Secret that 'cipherConfig.encryptionPass' names, or 'cipherConfig'"),
  INFO_MISSING(
      "unable to open missing file '[^']*?((?:archive|backup)/[^/']+/(?:archive|backup)\\.info)\\.copy'",
      "'%s' and its copy are not in the repository: correct 'repoPath' in the Stanza if it is elsewhere; if they were"
          + " deleted, restore them from an earlier version in the store, or give this repository another 'repoPath' and"
          + " take a full backup"),
  INFO_INCOMPLETE(
      "(?:archive|backup)\\.info is missing|(?:archive|backup) directory not empty",
      "the stanza is incomplete: if 'archive.info' or 'backup.info' was deleted, restore it from an earlier version in the"
          + " store; otherwise give this repository another 'repoPath' in the Stanza, to which WAL goes at once, and take"
          + " a full backup"),

  SFTP_DIRECTORY(
      "sftp error \\[(?:3|12)\\]",
      "give the SFTP user read and write access to 'repoPath' on the server, or correct 'repoPath' in the Stanza"),
  SFTP_UNKNOWN_HOST_KEY(
      "known hosts failure",
      "the server does not present a key that 'knownHosts' in the Stanza has for it: correct the line, as ssh-keyscan"
          + " prints it, after checking that the key is the server's"),
  SFTP_OTHER_FINGERPRINT(
      "configured fingerprint",
      "the server does not present the key of 'hostFingerprint' in the Stanza: correct it after checking that the key is"
          + " the server's"),
  SFTP_PASSPHRASE(
      "public key authentication failed: libssh2 error \\[-16\\]",
      "the private key cannot be read with this passphrase: correct the Secret that 'secretRef.privateKey' or"
          + " 'secretRef.passphrase' names"),
  SFTP_KEY_REFUSED(
      "public key authentication failed",
      "correct 'user' in the Stanza, or the key or passphrase in the Secret that 'secretRef' names; the log of the server"
          + " says which, and its authorized_keys needs the public key"),

  SFTP_NO_ANSWER(
      "libssh2 handshake|libssh2_sftp session",
      "no SFTP server answers at this host and port: see that it runs, has its SFTP subsystem, admits this pod and as many"
          + " connections at once as 'processMax' (MaxStartups), shares a method of key exchange with libssh2, and that the"
          + " 'ChrootDirectory' of the user belongs to root; its log says which; or correct 'host' or 'port' in the Stanza"),
  SFTP_FAILURE(
      "sftp error \\[4\\]",
      "the SFTP server does not say why: its file system is probably full, over a quota or read-only; its log may say"
          + " more; make room, or correct 'repoPath' in the Stanza"),
  SFTP_NO_DIRECTORY(
      "stanza-create failed \\[139 killed\\]: it crashed with signal 11",
      "with a repository on an SFTP server, pgBackRest crashes where the server cannot create 'repoPath': create that"
          + " directory for the SFTP user, correct 'repoPath' in the Stanza, or see whether the file system is read-only"),

  WAL_REFUSED(
      PodPath.WAL.refused(),
      "the path is in the WAL of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
          + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of 'walStorage',"
          + " or of 'storage' where the Cluster has no 'walStorage'"),
  TABLESPACE_REFUSED(
      PodPath.TABLESPACE.refused(),
      "the path is in a tablespace of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
          + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of that name"
          + " under 'tablespaces'"),
  DATA_REFUSED(
      PodPath.DATA.refused(),
      "the path is in the data directory of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
          + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of 'storage'"),
  SCRATCH_REFUSED(
      PodPath.SCRATCH.refused(),
      "the path is in the scratch space of this pod, not in a repository: delete the pod, which gets an empty one; if the"
          + " error returns, let no policy or webhook give the containers of a pod different users"),
  WAL_FULL(
      PodPath.WAL.full(),
      "the volume of PostgreSQL's WAL is full, not a repository: enlarge 'walStorage' of the Cluster, or 'storage' where it"
          + " has no 'walStorage'; WAL that waits to be archived leaves when archiving works"),
  TABLESPACE_FULL(
      PodPath.TABLESPACE.full(),
      "the volume of a tablespace of PostgreSQL is full, not a repository: enlarge it under 'tablespaces' of the Cluster"),
  DATA_FULL(
      PodPath.DATA.full(),
      "the data volume of PostgreSQL is full, not a repository: enlarge 'storage' of the Cluster; where the StorageClass"
          + " does not let volumes grow, a restore needs a new Cluster with larger ones"),
  SCRATCH_FULL(
      PodPath.SCRATCH.full(),
      "the scratch space of this pod is full, not a repository: delete the pod, which gets an empty one; if the error"
          + " returns, the node lacks disk space or memory"),
  POSTGRES_READ_ONLY(
      String.join(
          "|", PodPath.WAL.readOnly(), PodPath.TABLESPACE.readOnly(), PodPath.DATA.readOnly()),
      "a volume of PostgreSQL is read-only, not a repository; the kernel makes it so when the disk is damaged or lost: look"
          + " at the kernel's log on the node (dmesg) and the events of the PersistentVolumeClaim, repair or replace the"
          + " volume, and delete the pod"),
  POSTGRES_BROKEN(
      String.join("|", PodPath.WAL.broken(), PodPath.TABLESPACE.broken(), PodPath.DATA.broken()),
      "a volume of PostgreSQL fails, not a repository: look at the kernel's log on the node (dmesg), the storage behind the"
          + " volume and the events of the PersistentVolumeClaim, repair or replace the volume, and delete the pod"),
  VOLUME_BROKEN(
      PodPath.REPOSITORY.broken(),
      "the storage behind the volume does not answer as it should: see that the file server or disk works; if it does and"
          + " the error stays, the mount is stale: delete the pod, which mounts the volume again"),
  VOLUME_OF_CIFS(
      PodPath.REPOSITORY.withoutLinks(),
      "the file system of the volume has no symbolic links, or cannot sync directories, as with CIFS: set 'type: cifs' for"
          + " this repository in the Stanza"),
  VOLUME_NOT_MOUNTED(
      "unable to create path(?! '[^']*': \\[(?:28|122)\\])|" + PodPath.REPOSITORY.readOnly(),
      "the volume is not mounted in this pod, or is not writable: restart the pod if the Stanza named the claim only after"
          + " the pod was started; otherwise give the user that PostgreSQL runs as write access"),
  VOLUME_REFUSED(
      PodPath.REPOSITORY.refused(),
      "give the user that PostgreSQL runs as read and write access to the directory of the repository: correct its owner or"
          + " mode on the volume"),
  FULL(
      "No space left on device|Disk quota exceeded|XMinioStorageFull|QuotaExceeded|sftp error \\[1[45]\\]|\\[507\\] ",
      "the volume or bucket is full: enlarge it, or keep fewer backups"),

  STORE_BUSY(
      "\\[(?:429|503)\\] |(?i:rate limit exceeded|exceeds the rate limit|quota exceeded for quota metric)",
      "the store, or a proxy before it, is overloaded or limits requests: see that it runs; if the error stays, set a"
          + " smaller 'processMax' in the Stanza, or have the limit raised"),
  STORE_FAILS(
      "\\[5\\d\\d\\] |HTTP request failed with 5\\d\\d",
      "the store, or a proxy before it, fails: look at its state and its log"),

  UNKNOWN_HOST(
      "unable to get address for",
      "the host name cannot be resolved: correct 'endpoint' in the Stanza, or check that the store and DNS are running"),
  UNREACHABLE(
      "unable to connect to|timeout connecting to",
      "check that the store is running and accepts connections from this pod (network policies, firewalls), or correct its"
          + " host or port in the Stanza"),
  NO_ANSWER(
      "waiting for (?:read|write) (?:from|to) '|while reading line|Connection reset by peer|Broken pipe",
      "the store accepts connections and does not answer: see that it runs and is not overloaded, that nothing between it and"
          + " this pod drops packets (firewall, MTU, proxy), and that the scheme of the 'endpoint' is that of the port"),
  FORBIDDEN(
      "HTTP request failed with (?:401|403)",
      "the store refuses these credentials: check them, and that they may list, read, write and delete in 'repoPath'");

  /// What stands before the remedy in a message.
  public static final String REMEDY = "; remedy: ";

  /// The text that pgBackRest has for a host with PostgreSQL can be the same.
  private static final String NO_STORE = "unable to check pg";

  private final Pattern sign;
  private final String words;

  StoreRemedy(String sign, String words) {
    this.sign = Pattern.compile(sign);
    this.words = words;
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
  static Optional<StoreRemedy> of(FileSystemException failure) {
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
