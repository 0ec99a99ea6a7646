package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerIdentity;
import com.dalibo.pgbackrest.sidecar.standby.Pem;
import com.dalibo.pgbackrest.sidecar.standby.ReplicationKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.jar.JarFile;
import java.util.logging.Level;
import java.util.regex.Pattern;

/// A run of the sidecar while its image is built, so that the JVM can keep what it loaded: calls
/// over the socket, the Kubernetes client, and pgBackRest if it is there. What a class costs when
/// it is not kept is memory and time at the worst moment, in the first backup; so all of the
/// sidecar's own are.
final class StartCacheTraining {
  private static final Pattern OWN =
      Pattern.compile(
          "(com/dalibo/pgbackrest/(?!cnpgi/(?!log/)|sidecar/StartCacheTraining).+)\\.class");

  private StartCacheTraining() {}

  static void run() throws Exception {
    Log.setThreshold(Level.SEVERE);
    var directory = Files.createTempDirectory("train");
    var identity = issue(Files.createDirectory(directory.resolve("certificates")));
    try (var kubernetes = new StartCacheTrainingApi(directory, identity)) {
      var settings = SidecarSettings.forStartCacheTraining(directory, kubernetes.address());
      try (var _ = SidecarMain.start(settings)) {
        call(settings.socket(), directory);
      }
    }
    loadOwnClasses();
  }

  /// Makes certificates as every start does.
  private static PeerIdentity issue(Path directory) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var key = new ReplicationKey(pair.getPrivate(), pair.getPublic());
    Files.writeString(
        directory.resolve("streaming_replica.crt"), issue(key, List.of()).authority().text());
    Files.writeString(
        directory.resolve("streaming_replica.key"),
        new Pem("PRIVATE KEY", pair.getPrivate().getEncoded()).text());
    return issue(ReplicationKey.read(directory), List.of(InetAddress.ofLiteral("127.0.0.1")));
  }

  private static PeerIdentity issue(ReplicationKey key, List<InetAddress> addresses)
      throws GeneralSecurityException {
    return PeerIdentity.issue(key, "train", addresses, Instant.now());
  }

  /// In a JVM of its own: nothing of a client is to be kept.
  private static void call(Path socket, Path directory) throws IOException, InterruptedException {
    var client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                StartCacheTrainingCalls.class.getName(),
                socket.toString(),
                directory.toString())
            .inheritIO();
    client.environment().remove("JAVA_TOOL_OPTIONS");
    var status = client.start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("the client of the training ended with " + status);
    }
  }

  private static void loadOwnClasses() throws IOException, ClassNotFoundException {
    try (var jar = new JarFile(System.getProperty("java.class.path"))) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        var own = OWN.matcher(entries.nextElement().getName());
        if (own.matches()) {
          var name = own.group(1).replace('/', '.');
          var _ = Class.forName(name, false, StartCacheTraining.class.getClassLoader());
        }
      }
    }
  }
}
