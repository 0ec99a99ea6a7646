package com.dalibo.pgbackrest.cnpgi;

import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesResponse;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataResponse;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;

/// Who the plugin is and which services the server beside this one offers, in a fixed order.
public final class IdentityService extends IdentityGrpc.IdentityImplBase {
  private final GetPluginCapabilitiesResponse capabilities;

  public IdentityService(List<PluginCapability.Service.Type> services) {
    var response = GetPluginCapabilitiesResponse.newBuilder();
    for (var service : services) {
      response.addCapabilities(
          PluginCapability.newBuilder()
              .setService(PluginCapability.Service.newBuilder().setType(service)));
    }
    this.capabilities = response.build();
  }

  @Override
  public void getPluginMetadata(
      GetPluginMetadataRequest request, StreamObserver<GetPluginMetadataResponse> response) {
    response.onNext(
        GetPluginMetadataResponse.newBuilder()
            .setName(Plugin.NAME)
            .setVersion(Plugin.version())
            .setDisplayName("pgBackRest for CloudNativePG")
            .setDescription("Backup, WAL archiving and recovery with pgBackRest")
            .setLicense("Apache-2.0")
            .setLicenseUrl("https://www.apache.org/licenses/LICENSE-2.0")
            .setMaturity("alpha")
            .setVendor("Dalibo")
            .build());
    response.onCompleted();
  }

  @Override
  public void getPluginCapabilities(
      GetPluginCapabilitiesRequest request,
      StreamObserver<GetPluginCapabilitiesResponse> response) {
    response.onNext(capabilities);
    response.onCompleted();
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> response) {
    response.onNext(ProbeResponse.newBuilder().setReady(true).build());
    response.onCompleted();
  }
}
