package com.dalibo.pgbackrest.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleRequest;
import com.dalibo.pgbackrest.operator.GrpcStatus;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.LifecycleService;
import com.dalibo.pgbackrest.operator.OperatorMain;
import com.dalibo.pgbackrest.operator.injection.SidecarResolver;
import com.dalibo.pgbackrest.operator.tls.SelfSignedCertificate.Purpose;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PluginEndpointTest {

  private final TlsIdentity serverIdentity = identity(Purpose.SERVER);
  private final TlsIdentity clientIdentity = identity(Purpose.CLIENT);
  private final ServerKey key = new ServerKey(Clock.systemUTC());
  private final ClientTrust trust = new ClientTrust(Clock.systemUTC());
  private PluginEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    key.present(serverIdentity);
    trust.trust(clientIdentity.certificates());
    var inventory = InjectionCase.named("instance").inventory();
    endpoint =
        PluginEndpoint.start(
            0,
            key,
            trust,
            List.of(
                new IdentityService(OperatorMain.CAPABILITIES),
                new LifecycleService(
                    new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory, "image"))));
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void theHolderOfTheClientsCertificateIsAnswered() throws Exception {
    try (var channel = channel(clientIdentity, serverIdentity, "TLSv1.3")) {
      var metadata =
          IdentityGrpc.newBlockingStub(channel.channel)
              .getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance());

      assertThat(metadata.getName()).isEqualTo(Plugin.NAME);
    }
  }

  @Test
  void theCapabilitiesAreTheSameInEveryRelease() throws Exception {
    try (var channel = channel(clientIdentity, serverIdentity, "TLSv1.3")) {
      var capabilities =
          IdentityGrpc.newBlockingStub(channel.channel)
              .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance());

      assertThat(capabilities.getCapabilitiesList())
          .extracting(capability -> capability.getService().getTypeValue())
          .containsExactly(5, 4, 8, 1);
    }
  }

  @Test
  void podsAndJobsAreChanged() throws Exception {
    try (var channel = channel(clientIdentity, serverIdentity, "TLSv1.3")) {
      var capabilities =
          OperatorLifecycleGrpc.newBlockingStub(channel.channel)
              .getCapabilities(OperatorLifecycleCapabilitiesRequest.getDefaultInstance());

      assertThat(capabilities.getLifecycleCapabilitiesList())
          .extracting(
              one -> one.getGroup() + "/" + one.getKind(),
              one -> one.getOperationTypesList().stream().map(type -> type.getTypeValue()).toList())
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("/Pod", List.of(3, 6)),
              org.assertj.core.groups.Tuple.tuple("batch/Job", List.of(3)));
    }
  }

  @Test
  void aDocumentThatIsNotJsonIsTheCallersFault() throws Exception {
    try (var channel = channel(clientIdentity, serverIdentity, "TLSv1.3")) {
      var stub = OperatorLifecycleGrpc.newBlockingStub(channel.channel);

      assertThatThrownBy(() -> stub.lifecycleHook(OperatorLifecycleRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("INVALID_ARGUMENT: ");
    }
  }

  @Test
  void aStrangerIsNotAnswered() throws Exception {
    try (var channel = channel(identity(Purpose.CLIENT), serverIdentity, "TLSv1.3")) {
      assertNoAnswer(channel);
    }
  }

  @Test
  void anOlderTlsIsNotAnswered() throws Exception {
    try (var channel = channel(clientIdentity, serverIdentity, "TLSv1.2")) {
      assertNoAnswer(channel);
    }
  }

  @Test
  void renewedCertificatesAreUsedForTheNextConnection() throws Exception {
    var newServer = identity(Purpose.SERVER);
    var newClient = identity(Purpose.CLIENT);
    key.present(newServer);
    trust.trust(newClient.certificates());

    try (var channel = channel(newClient, newServer, "TLSv1.3")) {
      var metadata =
          IdentityGrpc.newBlockingStub(channel.channel)
              .getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance());

      assertThat(metadata.getName()).isEqualTo(Plugin.NAME);
    }
  }

  @Test
  void aDrainedEndpointServesNoMore() throws Exception {
    endpoint.drain(Duration.ofSeconds(1));

    assertThat(endpoint.isServing()).isFalse();
  }

  private static void assertNoAnswer(Channel channel) {
    var stub = IdentityGrpc.newBlockingStub(channel.channel);
    assertThatThrownBy(() -> stub.getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("UNAVAILABLE");
  }

  private Channel channel(TlsIdentity client, TlsIdentity trusted, String protocol)
      throws Exception {
    var tls =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .keyManager(client.key(), client.leaf())
            .trustManager(trusted.leaf())
            .protocols(protocol)
            .build();
    return new Channel(
        NettyChannelBuilder.forAddress("127.0.0.1", endpoint.port())
            .overrideAuthority("pgbackrest")
            .sslContext(tls)
            .build());
  }

  private static TlsIdentity identity(Purpose purpose) {
    return SelfSignedCertificate.certificate(purpose, List.of("pgbackrest"), Instant.now());
  }

  private record Channel(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
