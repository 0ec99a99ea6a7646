package com.dalibo.pgbackrest.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// An object that CNPG is about to create, told apart by what its pod is for.
public sealed interface Workload {

  /// A pod in which PostgreSQL runs.
  record Instance(ObjectNode document) implements Workload {
    @Override
    public ObjectNode podSpec(JsonNode document) {
      return (ObjectNode) document.path("spec");
    }

    String podName() {
      return document.path("metadata").path("name").asText();
    }

    /// What makes the data directory before PostgreSQL starts; empty where there is one, and before
    /// CNPG puts it into the pod.
    Optional<Bootstrap> bootstrap() {
      return container(document.path("spec").path("initContainers"), Bootstrap.CONTAINER);
    }
  }

  /// A job that makes a data directory.
  ///
  /// @param role what CNPG calls the job, which is also the name of its container
  record Job(ObjectNode document, String role) implements Workload {
    @Override
    public ObjectNode podSpec(JsonNode document) {
      return (ObjectNode) document.path("spec").path("template").path("spec");
    }

    Optional<Bootstrap> bootstrap() {
      return container(podSpec(document).path("containers"), role);
    }
  }

  record Other(ObjectNode document, String kind) implements Workload {
    @Override
    public ObjectNode podSpec(JsonNode document) {
      throw new IllegalStateException("kind '" + kind + "' has no pod");
    }
  }

  ObjectNode document();

  /// The pod's specification inside a copy of this object's document.
  ObjectNode podSpec(JsonNode document);

  static Workload of(ObjectNode document) {
    return switch (document.path("kind").asText()) {
      case "Pod" -> new Instance(document);
      case "Job" -> new Job(document, jobRole(document));
      case String kind -> new Other(document, kind);
    };
  }

  private static Optional<Bootstrap> container(JsonNode containers, String name) {
    return StreamSupport.stream(containers.spliterator(), false)
        .filter(container -> container.path("name").asText().equals(name))
        .map(Bootstrap::of)
        .findFirst();
  }

  // Only the end of the key is looked at: its domain can be changed in builds of CNPG.
  private static String jobRole(JsonNode document) {
    return Stream.of(document, document.path("spec").path("template"))
        .flatMap(object -> object.path("metadata").path("labels").properties().stream())
        .filter(label -> label.getKey().endsWith("/jobRole"))
        .map(label -> label.getValue().asText())
        .findFirst()
        .orElse("");
  }
}
