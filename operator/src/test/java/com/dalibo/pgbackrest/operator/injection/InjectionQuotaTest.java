package com.dalibo.pgbackrest.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.operator.GrpcStatus;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.LifecycleService;
import com.dalibo.pgbackrest.operator.UsedUpQuota;
import com.dalibo.pgbackrest.operator.admission.ContainerRefusedException;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/// What is not injected because a quota of the namespace would refuse the pod.
class InjectionQuotaTest {

  @Test
  void nothingIsInjectedThatAQuotaWouldRefuse() throws Exception {
    var injection = InjectionCase.named("instance");
    var inventory = injection.inventory();
    inventory
        .limits()
        .putQuota(
            new ObjectKey("default", "compute"),
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("compute")
                .endMetadata()
                .withNewSpec()
                .addToHard("limits.memory", new Quantity("8Gi"))
                .endSpec()
                .build());
    var service =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory, "sidecar:2"));

    assertThatThrownBy(() -> service.patch(injection.cluster(), injection.object()))
        .isInstanceOf(ContainerRefusedException.class)
        .hasMessageStartingWith(
            "resource quota 'compute' of namespace 'default' demands limits.memory of each"
                + " container, and the sidecar of cluster 'demo' has none, so that Kubernetes would"
                + " refuse every new pod: apply {\"apiVersion\": \"pgbackrest.dalibo.com/v1\","
                + " \"kind\": \"PluginConfig\", ");
  }

  @Test
  void noRunningPodIsGivenUpForOneThatAUsedUpQuotaWouldRefuse() throws Exception {
    var injection = InjectionCase.named("instance-with-resources");
    var inventory = injection.inventory();
    var service =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory, "sidecar:1"));
    UsedUpQuota.in(inventory);
    var key = new ObjectKey("default", "demo-1");
    var running = podWithTimes(injection.object());

    // A new pod is for Kubernetes to judge.
    assertThat(service.patch(injection.cluster(), injection.object()).isEmpty()).isFalse();
    inventory.pods().put(key, running);
    assertThatThrownBy(() -> service.patch(injection.cluster(), injection.object()))
        .isInstanceOf(ContainerRefusedException.class)
        .hasMessageStartingWith(
            "resource quota 'compute' of namespace 'default' has no room for the sidecar in 1"
                + " running pod of cluster 'demo', where more of it is needed: ");

    inventory
        .pods()
        .put(
            key,
            podWithTimes(
                bytes(
                    InjectionCase.patched(
                        injection.object(),
                        injection.service().patch(injection.cluster(), injection.object())))));
    assertThat(service.patch(injection.cluster(), injection.object()).isEmpty()).isFalse();
  }

  private static Pod podWithTimes(ByteString document) {
    var pod = Serialization.unmarshal(document.toStringUtf8(), Pod.class);
    pod.getMetadata().setCreationTimestamp("2026-11-29T10:00:00Z");
    return pod;
  }

  private static ByteString bytes(JsonNode document) {
    return ByteString.copyFromUtf8(document.toString());
  }
}
