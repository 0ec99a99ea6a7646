package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a stanza really is, however it is written: two stanzas with an identity in common are the
/// same archive, and only one cluster may write to it.
public record RepositoryIdentity(String stanza, String type, String place, String path) {

  public static RepositoryIdentity of(Stanza stanza, Repository repository) {
    var storage = repository.storage();
    return new RepositoryIdentity(
        stanza.stanzaName(), storage.word(), place(stanza, storage), path(storage.repoPath()));
  }

  /// As it stands in the status: `s3 s3.minio/demo/cluster-demo, stanza main`.
  @Override
  public String toString() {
    return "%s %s%s, stanza %s".formatted(type, place, path, stanza);
  }

  /// As they stand in the status.
  public static List<String> texts(Set<RepositoryIdentity> places) {
    return places.stream().map(RepositoryIdentity::toString).sorted().toList();
  }

  public static Set<RepositoryIdentity> all(Stanza stanza) {
    return Repositories.of(stanza.spec()).stream()
        .map(repository -> of(stanza, repository))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The repositories of `mine` that are also repositories of `other`.
  public static Set<RepositoryIdentity> shared(Stanza mine, Stanza other) {
    var theirs = all(other);
    return all(mine).stream().filter(theirs::contains).collect(Collectors.toUnmodifiableSet());
  }

  private static String place(Stanza stanza, RepositorySpec storage) {
    return switch (storage) {
      case S3Repository s3 -> host(s3.endpoint(), s3.port()) + "/" + s3.bucket();
      case AzureRepository azure ->
          host(orElse(azure.endpoint(), "blob.core.windows.net"), azure.port())
              + "/"
              + azure.account()
              + "/"
              + azure.container();
      case GcsRepository gcs ->
          host(orElse(gcs.endpoint(), "storage.googleapis.com"), gcs.port()) + "/" + gcs.bucket();
      case SftpRepository sftp ->
          host(sftp.host(), sftp.port() == null ? Integer.valueOf(22) : sftp.port());
      case VolumeRepository volume -> stanza.namespace() + "/" + volume.claimName();
    };
  }

  /// Without scheme, default port, and the suffixes that a name inside Kubernetes may carry. All
  /// endpoints of AWS are one: a bucket has the same name at each.
  private static String host(String endpoint, @Nullable Integer port) {
    var host =
        endpoint
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^https?://", "")
            .replaceFirst("/+$", "")
            .replaceFirst(":(443|80)$", "")
            .replaceFirst("\\.$", "")
            .replaceFirst("\\.svc(\\.cluster\\.local)?(?=:|$)", "");
    if (host.endsWith(".amazonaws.com")) {
      return "amazonaws.com";
    }
    return port == null || port == 443 || host.contains(":") ? host : host + ":" + port;
  }

  private static String path(String path) {
    var single = path.replaceAll("/+", "/");
    return single.length() > 1 && single.endsWith("/")
        ? single.substring(0, single.length() - 1)
        : single;
  }

  private static String orElse(@Nullable String value, String otherwise) {
    return value == null ? otherwise : value;
  }
}
