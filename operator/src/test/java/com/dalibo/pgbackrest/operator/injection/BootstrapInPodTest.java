package com.dalibo.pgbackrest.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.InjectionCase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The two questions of CNPG 1.31 about a pod that makes its own data directory: what it is to look
/// like, which is what a restart is decided by later, and once more before it is created, with
/// `bootstrap-instance` in it.
class BootstrapInPodTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pod-that-initializes",
        "pod-that-recovers",
        "pod-that-joins-a-recovered-cluster-that-archives"
      })
  void aPodThatArchivesGetsTheSameSidecarWhateverMadeItsData(String name) throws Exception {
    var pod = new TwoHooks(InjectionCase.named(name));

    assertThat(sidecar(pod.created())).isEqualTo(sidecar(pod.evaluated()));
    assertThat(initContainers(pod.created()))
        .containsExactly("bootstrap-controller", "pgbackrest-plugin", "bootstrap-instance");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pod-that-recovers-and-archives-nowhere",
        "pod-that-recovers-from-snapshots",
        "pod-that-recovers-from-snapshots-and-archives",
        "pod-that-recovers-from-a-volume"
      })
  void whatOnlyTheRecoveryNeedsIsNotInWhatCnpgComparesLater(String name) throws Exception {
    var given = InjectionCase.named(name);
    var pod = new TwoHooks(given);
    var cluster = (ObjectNode) InjectionCase.JSON.readTree(given.cluster().toByteArray());
    cluster.withObjectProperty("status").put("currentPrimary", "demo-1");

    var afterwards = pod.evaluated(bytes(cluster));

    assertThat(afterwards).isEqualTo(pod.evaluated());
    assertThat(pod.created()).isNotEqualTo(pod.evaluated());
    assertThat(initContainers(pod.created()))
        .containsExactly("bootstrap-controller", "pgbackrest-plugin", "bootstrap-instance");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pod-that-recovers", "pod-that-recovers-and-archives-nowhere"})
  void theContainerThatRecoversReachesTheSidecar(String name) throws Exception {
    var pod = new TwoHooks(InjectionCase.named(name));

    for (var container : List.of("/spec/initContainers/2", "/spec/containers/0")) {
      assertThat(pod.created().at(container + "/volumeMounts"))
          .as(container)
          .filteredOn(mount -> mount.path("name").asText().equals("plugins"))
          .extracting(mount -> mount.path("mountPath").asText())
          .containsExactly("/plugins");
    }
  }

  @Test
  void aPodThatIsCreatedOnceMoreGetsNoOtherChange() throws Exception {
    for (var given : InjectionCase.all()) {
      if (given.folder().getFileName().toString().startsWith("pod-")) {
        var created = new TwoHooks(given).created();

        assertThat(given.service().patch(given.cluster(), bytes(created)).isEmpty())
            .as(given.toString())
            .isTrue();
      }
    }
  }

  @Test
  void aVolumeOfTheSourceIsInThePodThatRecoversAlone() throws Exception {
    var pod = new TwoHooks(InjectionCase.named("pod-that-recovers-from-a-volume"));

    assertThat(claims(pod.created())).hasSize(2);
    assertThat(claims(pod.evaluated())).isEmpty();
  }

  /// CNPG as far as it builds a pod: it appends `bootstrap-instance` after the first question, with
  /// the mounts of `postgres` that it lacks, compared by volume.
  private record TwoHooks(InjectionCase given) {

    JsonNode evaluated() throws Exception {
      return evaluated(given.cluster());
    }

    JsonNode evaluated(ByteString cluster) throws Exception {
      var bare = InjectionCase.JSON.readTree(given.object().toByteArray());
      var initContainers = (ArrayNode) bare.at("/spec/initContainers");
      initContainers.remove(initContainers.size() - 1);
      return answered(cluster, bare);
    }

    JsonNode created() throws Exception {
      var pod = evaluated();
      var asked = InjectionCase.JSON.readTree(given.object().toByteArray());
      var initContainers = (ArrayNode) asked.at("/spec/initContainers");
      var bootstrap = (ObjectNode) initContainers.get(initContainers.size() - 1);
      var mounts = bootstrap.withArrayProperty("volumeMounts");
      pod.at("/spec/containers/0/volumeMounts")
          .forEach(
              mount -> {
                if (StreamSupport.stream(mounts.spliterator(), false)
                    .noneMatch(own -> own.path("name").equals(mount.path("name")))) {
                  mounts.add(mount);
                }
              });
      ((ArrayNode) pod.at("/spec/initContainers")).add(bootstrap);
      return answered(given.cluster(), pod);
    }

    private JsonNode answered(ByteString cluster, JsonNode pod) throws Exception {
      return InjectionCase.patched(bytes(pod), given.service().patch(cluster, bytes(pod)));
    }
  }

  private static JsonNode sidecar(JsonNode pod) {
    return pod.at("/spec/initContainers/1");
  }

  private static List<String> initContainers(JsonNode pod) {
    return StreamSupport.stream(pod.at("/spec/initContainers").spliterator(), false)
        .map(container -> container.path("name").asText())
        .toList();
  }

  private static List<JsonNode> claims(JsonNode pod) {
    return StreamSupport.stream(pod.at("/spec/volumes").spliterator(), false)
        .filter(volume -> volume.path("name").asText().startsWith("pgbackrest-claim-"))
        .toList();
  }

  private static ByteString bytes(JsonNode document) {
    return ByteString.copyFromUtf8(document.toString());
  }
}
