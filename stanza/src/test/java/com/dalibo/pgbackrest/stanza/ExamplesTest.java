package com.dalibo.pgbackrest.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What users copy has no unknown field and nothing to change.
class ExamplesTest {
  static Stream<Arguments> stanzas() throws IOException {
    return objects(Stanza.KIND);
  }

  static Stream<Arguments> pluginConfigs() throws IOException {
    return objects(PluginConfig.KIND);
  }

  static Stream<Arguments> restorePlans() throws IOException {
    return objects(RestorePlan.KIND);
  }

  @ParameterizedTest
  @MethodSource("restorePlans")
  void aRestorePlanIsReadStrictly(String name, JsonObject json) throws Exception {
    var plan = ApiReader.strict().read(json, RestorePlan.class);

    assertThat(plan.metadata().name()).isEqualTo(name);
  }

  static Stream<Arguments> restoreDrills() throws IOException {
    return objects(RestoreDrill.KIND);
  }

  @ParameterizedTest
  @MethodSource("stanzas")
  void aStanzaIsValid(String name, JsonObject json) throws Exception {
    var stanza = ApiReader.strict().read(json, Stanza.class);

    assertThat(StanzaValidation.problems(stanza)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pluginConfigs")
  void aPluginConfigIsReadStrictly(String name, JsonObject json) throws Exception {
    var config = ApiReader.strict().read(json, PluginConfig.class);

    assertThat(config.metadata().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("restoreDrills")
  void aRestoreDrillIsReadStrictly(String name, JsonObject json) throws Exception {
    var drill = ApiReader.strict().read(json, RestoreDrill.class);

    assertThat(drill.name()).isEqualTo(name);
  }

  private static Stream<Arguments> objects(String kind) throws IOException {
    try (var files = Files.list(Path.of("../examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .flatMap(file -> Documents.all(file).stream())
          .filter(json -> json.get("kind").getAsString().equals(kind))
          .map(
              json ->
                  Arguments.of(json.getAsJsonObject("metadata").get("name").getAsString(), json))
          .toList()
          .stream();
    }
  }
}
