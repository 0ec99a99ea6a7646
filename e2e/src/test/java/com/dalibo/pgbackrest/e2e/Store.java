package com.dalibo.pgbackrest.e2e;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;

/// The S3 server behind a Service of this story's own, so that it alone can lose it. New
/// connections are refused while it is away.
record Store(Story story) {

  /// The Stanza of the examples with this store.
  Manifest stanza() {
    return story
        .stanza()
        .with("s3.minio.svc.cluster.local", "s3." + story.namespace() + ".svc.cluster.local");
  }

  void connect() {
    story
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("s3")
                .withNamespace(story.namespace())
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withName("https")
                .withPort(443)
                .endPort()
                .endSpec()
                .build())
        .serverSideApply();
    for (EndpointSlice slice : slices("minio")) {
      story
          .client()
          .resource(
              new EndpointSliceBuilder()
                  .withNewMetadata()
                  .withName(slice.getMetadata().getName())
                  .withNamespace(story.namespace())
                  .addToLabels("kubernetes.io/service-name", "s3")
                  .endMetadata()
                  .withAddressType(slice.getAddressType())
                  .withEndpoints(slice.getEndpoints().stream().map(Store::addressesOnly).toList())
                  .withPorts(slice.getPorts())
                  .build())
          .serverSideApply();
    }
    story.say("connected the S3 server");
  }

  void disconnect() {
    slices(story.namespace()).forEach(slice -> story.client().resource(slice).delete());
    story.say("disconnected the S3 server");
  }

  /// Without the pod, which is in another namespace.
  private static Endpoint addressesOnly(Endpoint endpoint) {
    return new EndpointBuilder().withAddresses(endpoint.getAddresses()).build();
  }

  private List<EndpointSlice> slices(String namespace) {
    return story
        .client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .withLabel("kubernetes.io/service-name", "s3")
        .list()
        .getItems();
  }
}
