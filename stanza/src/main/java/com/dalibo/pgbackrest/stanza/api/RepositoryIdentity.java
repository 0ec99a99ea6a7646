package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a stanza really is, however it is written: two stanzas with an identity in common are the
/// same archive, and only one cluster may write to it. Names that only DNS, a proxy or a file
/// server knows to be one place cannot be told from two.
public record RepositoryIdentity(String stanza, String type, String place, String path) {

  public static RepositoryIdentity of(Stanza stanza, Repository repository) {
    var storage = repository.storage();
    return new RepositoryIdentity(
        stanza.stanzaName(),
        type(storage),
        place(stanza.namespace(), storage),
        path(storage.fields().repoPath()));
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

  /// A bucket of Google can be used by the protocol of S3 too, a volume by two sets of system
  /// calls.
  private static String type(RepositorySpec storage) {
    return switch (storage) {
      case S3Repository s3 when StoreHost.of(s3).isGoogle() -> "gcs";
      case VolumeRepository _ -> "posix";
      case RepositorySpec other -> other.word();
    };
  }

  private static String place(String namespace, RepositorySpec storage) {
    return switch (storage) {
      case S3Repository s3 -> StoreHost.of(s3).in(namespace) + "/" + lower(s3.bucket());
      case AzureRepository azure ->
          "%s/%s/%s"
              .formatted(
                  StoreHost.of(azure).in(namespace),
                  lower(azure.account()),
                  lower(azure.container()));
      case GcsRepository gcs -> StoreHost.of(gcs).in(namespace) + "/" + lower(gcs.bucket());
      case SftpRepository sftp -> StoreHost.of(sftp).in(namespace);
      case VolumeRepository volume -> namespace + "/" + volume.claimName();
    };
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// As a file system reads it.
  private static String path(String path) {
    var names = new ArrayDeque<String>();
    for (var name : path.split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> names.pollLast();
        case String other -> names.addLast(other);
      }
    }
    return "/" + String.join("/", names);
  }

  /// The host and port of a store, the same for every way to write them.
  ///
  /// @param port 0 for those of HTTP and HTTPS, which are two doors to one store
  private record StoreHost(String name, int port) {
    private static final Pattern WRITTEN =
        Pattern.compile("(?:https?://)?(\\[[^]]*]|[^:/]*)(?::([0-9]{1,9}))?(?:/.*)?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){1,3}|.*:.*");

    /// Hosts with these ends are one store each: a bucket or account has one name at all of them.
    private static final List<OneStore> ONE_STORE =
        List.of(
            new OneStore("amazonaws.com.cn", "amazonaws.com.cn"),
            new OneStore("amazonaws.com", "amazonaws.com"),
            new OneStore("api.aws", "amazonaws.com"),
            new OneStore("googleapis.com", "storage.googleapis.com"),
            new OneStore("blob.core.windows.net", "blob.core.windows.net"),
            new OneStore("dfs.core.windows.net", "blob.core.windows.net"),
            new OneStore("blob.storage.azure.net", "blob.core.windows.net"),
            new OneStore("blob.core.usgovcloudapi.net", "blob.core.usgovcloudapi.net"),
            new OneStore("blob.core.chinacloudapi.cn", "blob.core.chinacloudapi.cn"));

    private record OneStore(String end, String name) {
      boolean has(String host) {
        return host.equals(end) || host.endsWith("." + end);
      }
    }

    /// In host style the bucket stands before the host; who writes it into the endpoint means that.
    static StoreHost of(S3Repository s3) {
      return of(s3.endpoint(), s3.store().port()).without(s3.bucket());
    }

    static StoreHost of(AzureRepository azure) {
      var endpoint = azure.endpoint() == null ? "blob.core.windows.net" : azure.endpoint();
      return of(endpoint, azure.store().port()).without(azure.account());
    }

    static StoreHost of(GcsRepository gcs) {
      var endpoint = gcs.endpoint() == null ? "storage.googleapis.com" : gcs.endpoint();
      return of(endpoint, gcs.store().port()).without(gcs.bucket());
    }

    static StoreHost of(SftpRepository sftp) {
      var port = sftp.port() == null ? 22 : sftp.port();
      return new StoreHost(canonical(sftp.host()), port);
    }

    /// pgBackRest takes the port of the option before that of the endpoint.
    private static StoreHost of(String endpoint, @Nullable Integer port) {
      var written = WRITTEN.matcher(endpoint.toLowerCase(Locale.ROOT));
      if (!written.matches()) {
        return new StoreHost(canonical(endpoint), port == null ? 0 : port);
      }
      var own = written.group(2) == null ? 0 : Integer.parseInt(written.group(2));
      var effective = port == null ? own : port;
      return new StoreHost(
          canonical(written.group(1)), effective == 443 || effective == 80 ? 0 : effective);
    }

    private static String canonical(String host) {
      var plain =
          host.toLowerCase(Locale.ROOT).replaceFirst("^\\[(.*)]$", "$1").replaceFirst("\\.+$", "");
      if (!ADDRESS.matcher(plain).matches()) {
        return plain;
      }
      try {
        return InetAddress.ofLiteral(plain).getHostAddress();
      } catch (IllegalArgumentException _) {
        return plain;
      }
    }

    private StoreHost without(String bucket) {
      var prefix = bucket.toLowerCase(Locale.ROOT) + ".";
      return name.startsWith(prefix) && name.indexOf('.', prefix.length()) > 0
          ? new StoreHost(name.substring(prefix.length()), port)
          : this;
    }

    boolean isGoogle() {
      return store().equals("storage.googleapis.com");
    }

    private String store() {
      return ONE_STORE.stream()
          .filter(one -> one.has(name))
          .findFirst()
          .map(OneStore::name)
          .orElse(name);
    }

    /// For a pod in that namespace: its resolver adds what a name inside Kubernetes leaves out.
    String in(String namespace) {
      var store = store();
      if (!store.equals(name)) {
        return store;
      }
      var full =
          name.contains(".") || name.contains(":") || name.equals("localhost")
              ? name.replaceFirst("\\.svc(\\.cluster\\.local)?$", "")
              : name + "." + namespace;
      if (port == 0) {
        return full;
      }
      return (full.contains(":") ? "[" + full + "]" : full) + ":" + port;
    }
  }
}
