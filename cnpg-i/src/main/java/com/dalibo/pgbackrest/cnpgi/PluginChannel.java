package com.dalibo.pgbackrest.cnpgi;

import com.dalibo.pgbackrest.cnpgi.socket.UnixSocketFactory;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.nio.file.Path;

/// A client's connection to a plugin.
public final class PluginChannel {
  private PluginChannel() {}

  public static ManagedChannel onUnixSocket(Path socket) {
    // An address that needs no look-up; the factory connects to the socket all the same.
    return OkHttpChannelBuilder.forTarget("dns:///127.0.0.1:1", InsecureChannelCredentials.create())
        .socketFactory(new UnixSocketFactory(socket))
        .overrideAuthority("localhost")
        .proxyDetector(_ -> null)
        // Two threads of a new connection have to meet within a second, which grpc lets nobody
        // change. On a busy machine new threads of the system may not; virtual ones need none.
        .transportExecutor(Thread::startVirtualThread)
        .maxInboundMessageSize(16 * 1024 * 1024)
        .build();
  }
}
