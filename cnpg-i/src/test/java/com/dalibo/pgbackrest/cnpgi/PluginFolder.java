package com.dalibo.pgbackrest.cnpgi;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The folder with the socket of a plugin, and CNPG, which calls the plugin there.
final class PluginFolder {
  final Path socket;
  final ManagedChannel channel;

  private final Path folder;

  PluginFolder(Path folder) {
    this.folder = folder;
    socket = folder.resolve(Plugin.NAME);
    channel = PluginChannel.onUnixSocket(socket);
  }

  boolean isReady() {
    return IdentityGrpc.newBlockingStub(channel)
        .probe(ProbeRequest.getDefaultInstance())
        .getReady();
  }

  List<Path> files() throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  void disconnect() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, SECONDS);
  }
}
