package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.UriStyle;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.dalibo.pgbackrest.stanza.options.OptionValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hosts, buckets and accounts that no store can have, by the patterns of the schema.
final class StoreNames {
  private static final String HOST_OF_A_STORE =
      "write the host of the store, with http:// or https:// before it and :port after it if "
          + "needed, and without a path: what is below the bucket is 'repoPath'";

  /// A host name has 253 characters at most (RFC 1035), here with scheme, port and a slash or two.
  /// The pattern of a host takes a step of recursion for each dot, and threads have small stacks.
  private static final int LONGEST_HOST = 280;

  private final Stanza stanza;
  private final String path;
  private final List<Problem> problems = new ArrayList<>();

  private StoreNames(Stanza stanza, String path) {
    this.stanza = stanza;
    this.path = path;
  }

  static List<Problem> problems(Stanza stanza, Repository repository) {
    var names = new StoreNames(stanza, repository.path());
    switch (repository.storage()) {
      case S3Repository s3 -> names.check(s3);
      case AzureRepository azure -> names.check(azure);
      case GcsRepository gcs -> names.check(gcs);
      case SftpRepository sftp -> names.check(sftp);
      case VolumeRepository _ -> {}
    }
    return names.problems;
  }

  private void check(S3Repository s3) {
    endpoint(s3.endpoint(), s3.store().port());
    match(
        s3.bucket(),
        RepositorySpec.S3_BUCKET,
        "bucket",
        "is not the name of a bucket",
        "give only its name");
    word(s3.region(), "region");
    word(s3.role(), "role");
    word(s3.kmsKeyId(), "kmsKeyId");
    if (isWithoutCertificate(s3)) {
      refuse(
          "has bucket '%s' in %s as part of the host name, for which no certificate is valid because of the dot"
              .formatted(s3.bucket(), path),
          "add 'uriStyle: path'");
    }
  }

  /// The wildcard of a certificate stands for one part of a name.
  private static boolean isWithoutCertificate(S3Repository s3) {
    return s3.bucket().contains(".")
        && s3.uriStyle() != UriStyle.PATH
        && !Boolean.FALSE.equals(s3.store().verifyTLS())
        && s3.store().caSecretRef() == null
        && s3.store().caConfigMapRef() == null
        && !s3.endpoint().startsWith("http://");
  }

  private void check(AzureRepository azure) {
    endpoint(azure.endpoint(), azure.store().port());
    match(
        azure.account(),
        RepositorySpec.AZURE_ACCOUNT,
        "account",
        "is not the name of a storage account",
        "give only its name, in lower-case letters and digits; its host name is 'endpoint'");
    match(
        azure.container(),
        RepositorySpec.AZURE_CONTAINER,
        "container",
        "is not the name of a container",
        "give only its name, in lower-case letters, digits and '-'");
  }

  private void check(GcsRepository gcs) {
    endpoint(gcs.endpoint(), gcs.store().port());
    match(
        gcs.bucket(),
        RepositorySpec.GCS_BUCKET,
        "bucket",
        "is not the name of a bucket",
        "give only its name, in lower case, without gs://");
  }

  private void check(SftpRepository sftp) {
    host(
        sftp.host(),
        RepositorySpec.HOST,
        "host",
        "write only a host name or an address; user and port have fields of their own");
  }

  private void endpoint(@Nullable String endpoint, @Nullable Integer port) {
    host(endpoint, RepositorySpec.ENDPOINT, "endpoint", HOST_OF_A_STORE);
    if (endpoint != null && port != null && hasAnotherPort(endpoint, port)) {
      refuse(
          "has '%s' in %s.endpoint and another port, %d, in %s.port"
              .formatted(endpoint, path, port, path),
          "write the port once");
    }
  }

  private void host(@Nullable String value, String pattern, String field, String remedy) {
    var nothing = "(?!)";
    match(
        value,
        value != null && value.length() > LONGEST_HOST ? nothing : pattern,
        field,
        "is not a host",
        remedy);
  }

  private static boolean hasAnotherPort(String endpoint, int port) {
    return endpoint.matches(".*:[0-9]+/*") && !endpoint.matches(".*:" + port + "/*");
  }

  private void word(@Nullable String value, String field) {
    match(
        value,
        RepositorySpec.WORD,
        field,
        "has white space or a character that the store does not know",
        "retype it");
  }

  /// What is not plain is told for every option.
  private void match(
      @Nullable String value, String pattern, String field, String what, String remedy) {
    if (value != null && OptionValue.isWritable(value) && !value.matches(pattern)) {
      refuse("has '%s' in %s.%s, which %s".formatted(value, path, field, what), remedy);
    }
  }

  private void refuse(String what, String remedy) {
    problems.add(StanzaValidation.problem(stanza, SpecReason.VALUE_INVALID, what, remedy));
  }
}
