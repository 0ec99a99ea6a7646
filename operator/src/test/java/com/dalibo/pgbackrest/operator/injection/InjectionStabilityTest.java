package com.dalibo.pgbackrest.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.operator.GrpcStatus;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.LifecycleService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CNPG replaces a running pod when the sidecar that it is given changes: the same input gives the
/// same sidecar, and another one only where that is wanted.
class InjectionStabilityTest {

  static List<InjectionCase> cases() throws IOException {
    return InjectionCase.all();
  }

  @Test
  void aPodThatWasEvaluatedIsCreatedWithoutAnotherChange() throws Exception {
    var injection = InjectionCase.named("instance-with-volumes-and-another-plugin");
    var service = injection.service();
    var evaluated =
        InjectionCase.patched(
            injection.object(), service.patch(injection.cluster(), injection.object()));

    var second = service.patch(injection.cluster(), bytes(evaluated));

    assertThat(second.isEmpty()).isTrue();
  }

  @Test
  void theSidecarOfAnotherVersionIsReplacedWhereItStands() throws Exception {
    var injection = InjectionCase.named("instance");
    var evaluated =
        InjectionCase.patched(
            injection.object(), injection.service().patch(injection.cluster(), injection.object()));
    var newer =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status),
            new SidecarResolver(injection.inventory(), "sidecar:2"));

    var upgraded =
        InjectionCase.patched(bytes(evaluated), newer.patch(injection.cluster(), bytes(evaluated)));

    assertThat(upgraded.at("/spec/initContainers/1/image").asText()).isEqualTo("sidecar:2");
    assertThat(upgraded.at("/spec/initContainers").size()).isEqualTo(2);
  }

  @Test
  void anUpgradeOfTheOperatorLeavesPodsAloneWhosePluginConfigNamesTheImage() throws Exception {
    var injection = InjectionCase.named("instance-with-an-image-of-its-own");
    var upgraded =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status),
            new SidecarResolver(injection.inventory(), "sidecar:2"));

    assertThat(upgraded.patch(injection.cluster(), injection.object()))
        .isEqualTo(injection.service().patch(injection.cluster(), injection.object()));
    assertThat(sidecar(upgraded, injection.cluster(), injection.object()))
        .doesNotContain("livenessProbe");
  }

  @Test
  void aPluginConfigThatNamesTheImageMayAskForTheNewShapeToo() throws Exception {
    var injection = InjectionCase.named("instance-with-an-image-of-its-own");
    var inventory = injection.inventory();
    for (var object : injection.objects()) {
      if (object.path("kind").asText().equals("PluginConfig")) {
        ((ObjectNode) object.path("metadata"))
            .putObject("annotations")
            .put("pgbackrest.dalibo.com/sidecarShape", "2");
        inventory.putPluginConfig(InjectionCase.key(object), object.toString());
      }
    }
    var service =
        new LifecycleService(
            new UnaryCall(GrpcStatus::status), new SidecarResolver(inventory, "sidecar:2"));

    assertThat(sidecar(service, injection.cluster(), injection.object()))
        .contains("\"livenessProbe\":{\"exec\":{\"command\":[\"/usr/local/bin/plugin-probe\"]}");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameInputGivesTheSameBytes(InjectionCase injection) throws Exception {
    var first = injection.outcome();

    var second = injection.outcome();

    assertThat(second).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"instance-with-volumes-and-another-plugin", "pod-that-recovers-from-a-volume"})
  void theOrderOfFieldsAndListsDoesNotChangeTheSidecar(String name) throws Exception {
    var injection = InjectionCase.named(name);
    var service = injection.service();
    var cluster = injection.cluster();
    var expected = sidecar(service, cluster, injection.object());

    var shuffled =
        IntStream.range(0, 200)
            .mapToObj(Random::new)
            .map(random -> sidecar(service, cluster, shuffled(injection, random)))
            .distinct()
            .toList();

    assertThat(shuffled).containsExactly(expected);
  }

  private static ByteString patch(LifecycleService service, ByteString cluster, ByteString object) {
    try {
      return service.patch(cluster, object);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sidecar(LifecycleService service, ByteString cluster, ByteString object) {
    try {
      var patched = InjectionCase.patched(object, patch(service, cluster, object));
      return StreamSupport.stream(patched.at("/spec/initContainers").spliterator(), false)
          .filter(container -> container.path("name").asText().equals("pgbackrest-plugin"))
          .map(container -> SortedJson.of(container).toString())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteString shuffled(InjectionCase injection, Random random) {
    try {
      return bytes(shuffled(InjectionCase.JSON.readTree(injection.object().toByteArray()), random));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode shuffled(JsonNode node, Random random) {
    return switch (node) {
      case ObjectNode object -> {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        Collections.shuffle(names, random);
        var shuffled = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> shuffled.set(name, shuffled(object.get(name), random)));
        yield shuffled;
      }
      case ArrayNode array -> {
        var elements = new ArrayList<JsonNode>();
        array.forEach(element -> elements.add(shuffled(element, random)));
        Collections.shuffle(elements, random);
        yield JsonNodeFactory.instance.arrayNode().addAll(elements);
      }
      case JsonNode value -> value;
    };
  }

  private static ByteString bytes(JsonNode document) {
    return ByteString.copyFromUtf8(document.toString());
  }
}
