package com.dalibo.pgbackrest.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.DeletionPolicy;
import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration;
import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration.RepositoryList;
import com.dalibo.pgbackrest.stanza.api.StanzaSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanSpec;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfigSpec;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schema of the API server is generated from the records.
class SchemaTest {
  private static final Path CRDS = Path.of("../deploy/crds");
  private static final List<String> COLUMNS =
      List.of(
          "Ready",
          "Owner",
          "Repos",
          "Last backup",
          "Latest restorable",
          "Possible",
          "Backup",
          "Until",
          "Drill",
          "Stanza",
          "Repo",
          "Schedule",
          "Proven",
          "Missed",
          "Last success",
          "Next",
          "Phase",
          "Result",
          "RTO",
          "RPO",
          "Age");

  /// As the API server reads quantities (package `resource` of Kubernetes' apimachinery).
  private static final String QUANTITY =
      "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  static Stream<Fields.Field> fields() {
    return Stream.of(
            StanzaSpec.class,
            StanzaStatus.class,
            PluginConfigSpec.class,
            RestorePlanSpec.class,
            RestorePlanStatus.class,
            RestoreDrillSpec.class,
            RestoreDrillStatus.class,
            RestoreDrillRunSpec.class,
            RestoreDrillRunStatus.class)
        .flatMap(type -> Fields.of(type).stream());
  }

  static Stream<Enum<?>> words() {
    return fields()
        .map(field -> field.component().getType())
        .filter(Class::isEnum)
        .distinct()
        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
        .map(constant -> (Enum<?>) constant);
  }

  @Test
  void theSchemaOfAStanzaIsThatOfItsRecords(@TempDir Path directory) throws IOException {
    Golden.matches(CRDS.resolve("stanzas.yaml"), crd(StanzaResource.class, directory));
  }

  @Test
  void theSchemaOfAPluginConfigIsThatOfItsRecords(@TempDir Path directory) throws IOException {
    Golden.matches(CRDS.resolve("pluginconfigs.yaml"), crd(PluginConfigResource.class, directory));
  }

  @Test
  void theSchemaOfARestorePlanIsThatOfItsRecords(@TempDir Path directory) throws IOException {
    Golden.matches(CRDS.resolve("restoreplans.yaml"), crd(RestorePlanResource.class, directory));
  }

  @Test
  void theSchemaOfARestoreDrillIsThatOfItsRecords(@TempDir Path directory) throws IOException {
    Golden.matches(CRDS.resolve("restoredrills.yaml"), crd(RestoreDrillResource.class, directory));
  }

  @Test
  void theSchemaOfARestoreDrillRunIsThatOfItsRecords(@TempDir Path directory) throws IOException {
    Golden.matches(
        CRDS.resolve("restoredrillruns.yaml"), crd(RestoreDrillRunResource.class, directory));
  }

  @Test
  void theFolderHoldsNothingElse() {
    Golden.holdsOnly(
        CRDS,
        "stanzas.yaml",
        "pluginconfigs.yaml",
        "restoredrills.yaml",
        "restoredrillruns.yaml",
        "restoreplans.yaml",
        "kustomization.yaml");
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldIsDescribedAndRequiredUnlessItMayBeAbsent(Fields.Field field) {
    var component = field.component();
    var mayBeAbsent = ApiReader.isOptional(component) || component.getType() == int.class;

    assertThat(component.getAccessor().isAnnotationPresent(JsonPropertyDescription.class)).isTrue();
    assertThat(component.getAccessor().isAnnotationPresent(Required.class)).isEqualTo(!mayBeAbsent);
  }

  @Test
  void theTableOfRepositoryListsHasEveryListInTheOrderOfTheirFields() {
    assertThat(Arrays.stream(RepositoryList.values()).map(RepositoryList::field))
        .containsExactlyElementsOf(
            Arrays.stream(StanzaConfiguration.class.getRecordComponents())
                .filter(component -> component.getType() == List.class)
                .map(RecordComponent::getName)
                .toList());
  }

  /// Kubernetes spells its own words with capitals, pgBackRest its with hyphens.
  @ParameterizedTest
  @MethodSource("words")
  void aWordOfTheSchemaIsReadAndRenderedAsItself(Enum<?> constant) throws Exception {
    var field = constant.getDeclaringClass().getField(constant.name());
    var word = field.getAnnotation(JsonProperty.class).value();

    assertThat(word.toLowerCase(Locale.ROOT).replace("-", ""))
        .isEqualTo(EnumSpelling.of(constant).replace("-", ""));
    assertThat(
            constant instanceof DeletionPolicy
                || constant.toString().equals(word)
                || word.equals(EnumSpelling.of(constant)))
        .isTrue();
  }

  private static String crd(
      Class<? extends io.fabric8.kubernetes.api.model.HasMetadata> type, Path directory)
      throws IOException {
    var written =
        new CRDGenerator()
            .inOutputDir(directory.toFile())
            .customResourceClasses(type)
            .forCRDVersions("v1")
            .detailedGenerate();
    assertThat(written.numberOfGeneratedCRDs()).isEqualTo(1);
    try (var files = Files.list(directory)) {
      var tree =
          YAML.unmarshal(Files.readString(files.findFirst().orElseThrow()), ObjectNode.class);
      complete(tree);
      return "# Generated from the records of the module stanza; SchemaTest rewrites it.\n"
          + YAML.asYaml(tree);
    }
  }

  private static void complete(ObjectNode crd) {
    var metadata = (ObjectNode) crd.get("metadata");
    metadata.putObject("labels").put("app.kubernetes.io/name", "pgbackrest");
    var version = crd.get("spec").get("versions").get(0);
    var schema = (ObjectNode) version.get("schema").get("openAPIV3Schema");
    schema.putArray("required").add("spec");
    if (version.get("additionalPrinterColumns") instanceof ArrayNode columns) {
      inOrder(columns);
    }
    if (schema.at("/properties/spec/properties/stanzaConfiguration")
        instanceof ObjectNode configuration) {
      InlinedFields.lift(configuration, StanzaConfiguration.class);
      RepositoryRules.add(configuration);
    }
    quantities(crd);
  }

  /// The generator sorts them by path; people read Ready first.
  private static void inOrder(ArrayNode columns) {
    var sorted = new ArrayList<JsonNode>();
    columns.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.get("name").asText())));
    columns.removeAll().addAll(sorted);
  }

  /// Kubernetes accepts `cpu: 1` for a quantity as well as `cpu: "1"`.
  private static void quantities(JsonNode node) {
    for (var name : List.of("limits", "requests")) {
      if (node instanceof ObjectNode object
          && object.get(name) instanceof ObjectNode map
          && map.get("additionalProperties") instanceof ObjectNode value) {
        value.remove("type");
        value.putArray("anyOf").addObject().put("type", "integer");
        ((ArrayNode) value.get("anyOf")).addObject().put("type", "string");
        value.put("pattern", QUANTITY);
        value.put("x-kubernetes-int-or-string", true);
      }
    }
    node.forEach(SchemaTest::quantities);
  }
}
