package com.dalibo.pgbackrest.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every field of the API reaches pgBackRest.
class CompletenessTest {
  /// The end of the path of a field that does not, and why.
  static final Map<String, String> NOT_RENDERED =
      Map.of(
          "Repositories[].name", "how users call a repository",
          "cipherConfig.type", "the one cipher there is is always written",
          "verify", "when the plugin starts the command, and how",
          "verify.every", "when the plugin starts the command",
          "options", "by their own names; FreeOptionsTest",
          "customEnvVar", "by their own names; FreeOptionsTest");

  static Stream<Fields.Field> fields() {
    return Fields.of(StanzaConfiguration.class).stream()
        .filter(field -> NOT_RENDERED.keySet().stream().noneMatch(field.path()::endsWith));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldReachesPgBackRest(Fields.Field field) {
    assertThat(FieldOptions.of(field)).isNotEmpty();
  }
}
