package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleRequest;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorOperationType;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksRequest;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Calls the hooks of the plugin's operator as CNPG's operator does, for many clusters at a time
/// over one connection, and says how long the answers took.
///
/// All clusters are copies of one that exists. What CNPG's other hook may change in Kubernetes is
/// asked for that one only, whose rights are there already.
final class HookCalls {
  private static final int CLUSTERS = 50;
  private static final int ROUNDS = 20;
  // As many Clusters as CNPG's operator reconciles at a time.
  private static final int AT_A_TIME = 10;

  private final Channel channel;
  private final ByteString cluster;
  private final List<ByteString> copies;
  private final ByteString pod;

  private HookCalls(Channel channel, JsonObject cluster, ByteString pod) {
    this.channel = channel;
    this.cluster = bytes(cluster);
    this.copies = copies(cluster);
    this.pod = pod;
  }

  /// Arguments: ADDRESS, and a directory with `ca.crt`, `tls.crt`, `tls.key`, `cluster.json` and
  /// `pod.json`.
  static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    // The only version that the plugin's operator speaks, and one that this client must be told.
    var channel =
        OkHttpChannelBuilder.forTarget("dns:///" + arguments[0])
            .sslSocketFactory(tls(directory).getSocketFactory())
            .tlsConnectionSpec(
                new String[] {"TLSv1.3"},
                new String[] {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"})
            .overrideAuthority("pgbackrest")
            .build();
    var calls = new HookCalls(channel, json(directory, "cluster.json"), pod(directory));
    // CNPG's connection is warm, and so is the operator of a day.
    var _ = calls.evaluations();
    report("LifecycleHook, evaluate a pod", calls.evaluations());
    report("Pre, rights are there", calls.reconciliations());
    System.exit(0);
  }

  private static SSLContext tls(Path directory) throws Exception {
    var mine = certificate(directory.resolve("tls.crt"));
    var key =
        KeyFactory.getInstance(mine.getPublicKey().getAlgorithm())
            .generatePrivate(
                new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder()
                        .decode(
                            Files.readString(directory.resolve("tls.key"))
                                .replaceAll("-----[^-]+-----", ""))));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("mine", key, new char[0], new Certificate[] {mine});
    store.setCertificateEntry("theirs", certificate(directory.resolve("ca.crt")));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Certificate certificate(Path file) throws Exception {
    try (var stream = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private Times evaluations() throws Exception {
    var stub = OperatorLifecycleGrpc.newBlockingStub(channel);
    var evaluate =
        OperatorOperationType.newBuilder().setType(OperatorOperationType.Type.TYPE_EVALUATE);
    return each(
        copy -> {
          var _ =
              stub.lifecycleHook(
                  OperatorLifecycleRequest.newBuilder()
                      .setOperationType(evaluate)
                      .setClusterDefinition(copy)
                      .setObjectDefinition(pod)
                      .build());
        });
  }

  private Times reconciliations() throws Exception {
    var stub = ReconcilerHooksGrpc.newBlockingStub(channel);
    return each(
        _ -> {
          var _ =
              stub.pre(
                  ReconcilerHooksRequest.newBuilder()
                      .setClusterDefinition(cluster)
                      .setResourceDefinition(cluster)
                      .build());
        });
  }

  private interface Call {
    void with(ByteString copy);
  }

  private Times each(Call call) throws Exception {
    List<Double> times = Collections.synchronizedList(new ArrayList<>());
    var next = new AtomicInteger();
    try (var callers = Executors.newFixedThreadPool(AT_A_TIME)) {
      var done =
          callers.invokeAll(
              Collections.nCopies(
                  AT_A_TIME,
                  () -> {
                    for (int i = next.getAndIncrement();
                        i < CLUSTERS * ROUNDS;
                        i = next.getAndIncrement()) {
                      ByteString copy = copies.get(i % CLUSTERS);
                      times.add(Times.of(() -> call.with(copy)));
                    }
                    return true;
                  }));
      for (var caller : done) {
        var _ = caller.get();
      }
    }
    return new Times(times);
  }

  private static List<ByteString> copies(JsonObject cluster) {
    List<ByteString> copies = new ArrayList<>();
    for (int i = 0; i < CLUSTERS; i++) {
      JsonObject copy = cluster.deepCopy();
      copy.getAsJsonObject("metadata").addProperty("uid", "copy-" + i);
      copies.add(bytes(copy));
    }
    return copies;
  }

  private static ByteString pod(Path directory) throws IOException {
    return bytes(json(directory, "pod.json"));
  }

  private static JsonObject json(Path directory, String name) throws IOException {
    return JsonParser.parseString(Files.readString(directory.resolve(name))).getAsJsonObject();
  }

  private static ByteString bytes(JsonObject json) {
    return ByteString.copyFromUtf8(json.toString());
  }

  private static void report(String name, Times times) {
    System.out.printf(
        Locale.ROOT,
        "%s\t%d\t%.1f\t%.1f%n",
        name,
        times.milliseconds().size(),
        times.median(),
        times.quantile(0.99));
  }
}
