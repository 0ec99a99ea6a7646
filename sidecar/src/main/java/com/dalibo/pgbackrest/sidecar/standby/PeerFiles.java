package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.rendering.RenderedConfiguration;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What pgBackRest reads to talk with the other instances of the Cluster, in both directions: our
/// [PeerIdentity], and the configuration of the server. In the private directory, and followed when
/// CNPG gives the Cluster another key.
public final class PeerFiles {
  public static final int PORT = 8432;

  private final SidecarSettings settings;
  private final InstantSource clock;
  private @Nullable ReplicationKey key;
  private @Nullable PeerIdentity identity;
  private int version;

  public PeerFiles(SidecarSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Path authority() {
    return directory().resolve("ca.crt");
  }

  Path certificate() {
    return directory().resolve("tls.crt");
  }

  Path key() {
    return directory().resolve("tls.key");
  }

  public Path serverConfiguration() {
    return settings.runDirectory().resolve("server.conf");
  }

  /// Brings the files up to date, and counts how often they changed.
  synchronized int refresh() throws PreconditionException, IOException {
    var present = ReplicationKey.read(settings.certificateDirectory());
    var now = clock.instant();
    if (identity != null
        && key != null
        && key.known().equals(present.known())
        && now.isBefore(identity.renewedFrom())) {
      return version;
    }
    var addresses = addresses();
    try {
      var issued = PeerIdentity.issue(present, settings.clusterName(), addresses, now);
      write(issued, addresses);
      key = present;
      identity = issued;
      version++;
      return version;
    } catch (GeneralSecurityException unusable) {
      throw new PreconditionException(
          "no certificate can be issued with the replication user's key: " + unusable.getMessage(),
          unusable);
    }
  }

  private void write(PeerIdentity issued, List<InetAddress> addresses) throws IOException {
    Files.createDirectories(directory());
    var server =
        Configuration.builder(settings.clusterName())
            .global("lock-path", settings.workDirectory().resolve("lock").toString())
            .global("log-level-file", "off")
            .global("io-timeout", "30s")
            .global("tls-server-address", listenOn(addresses))
            .global("tls-server-port", Integer.toString(PORT))
            .global("tls-server-ca-file", authority().toString())
            .global("tls-server-cert-file", certificate().toString())
            .global("tls-server-key-file", key().toString())
            .global("tls-server-auth", settings.clusterName() + "=*")
            .build();
    new RenderedConfiguration(
            server,
            Map.of(
                authority(), content(issued.authority()),
                certificate(), content(issued.certificate()),
                key(), content(issued.key())))
        .write(serverConfiguration());
  }

  private static byte[] content(Pem pem) {
    return pem.text().getBytes(StandardCharsets.US_ASCII);
  }

  /// Where other pods reach this one. More than one address is the exception, and then which of
  /// them CNPG tells the others is not known here.
  private List<InetAddress> addresses() throws IOException, PreconditionException {
    if (settings.address().isPresent()) {
      return List.of(InetAddress.ofLiteral(settings.address().get()));
    }
    var addresses = new ArrayList<InetAddress>();
    for (var network : NetworkInterface.networkInterfaces().toList()) {
      network
          .inetAddresses()
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .forEach(addresses::add);
    }
    if (addresses.isEmpty()) {
      throw new PreconditionException(
          "this pod has no address that other pods can reach; check its network");
    }
    return List.copyOf(addresses);
  }

  /// By which the server can be reached from this pod.
  public String host() {
    try {
      var listening = listenOn(addresses());
      return listening.equals("*") || listening.equals("::") ? "localhost" : listening;
    } catch (IOException | PreconditionException _) {
      return "localhost";
    }
  }

  private static String listenOn(List<InetAddress> addresses) {
    if (addresses.size() == 1) {
      return addresses.getFirst().getHostAddress().replaceFirst("%.*", "");
    }
    return addresses.stream().anyMatch(Inet6Address.class::isInstance) ? "::" : "*";
  }

  private Path directory() {
    return settings.runDirectory().resolve("peer");
  }
}
