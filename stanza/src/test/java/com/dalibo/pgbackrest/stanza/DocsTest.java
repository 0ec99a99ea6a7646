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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What the pages show can be copied, and the tests that they name exist.
class DocsTest {
  /// A fenced block, or what a command of one reads as its input.
  private static final Pattern YAML =
      Pattern.compile("(?s)```yaml\\n(.*?)```|<<'YAML'\\n(.*?)YAML");

  private static final Pattern TEST =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT|Story)|Soak)`(?: \\(`(\\w+)`\\))?");

  static Stream<Arguments> objects() throws IOException {
    return pages().stream()
        .flatMap(
            page ->
                found(YAML, page)
                    .map(block -> block.group(1) == null ? block.group(2) : block.group(1))
                    .flatMap(yaml -> Documents.parse(yaml).stream())
                    .map(json -> Arguments.of(page.getFileName().toString(), json)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void anObjectOfOursIsValid(String page, JsonObject json) throws Exception {
    switch (json.has("kind") ? json.get("kind").getAsString() : "") {
      case Stanza.KIND -> {
        var stanza = ApiReader.strict().read(json, Stanza.class);
        assertThat(StanzaValidation.problems(stanza)).isEmpty();
      }
      case PluginConfig.KIND ->
          assertThat(ApiReader.strict().read(json, PluginConfig.class).spec()).isNotNull();
      case RestorePlan.KIND ->
          assertThat(ApiReader.strict().read(json, RestorePlan.class).spec()).isNotNull();
      case RestoreDrill.KIND ->
          assertThat(ApiReader.strict().read(json, RestoreDrill.class).spec()).isNotNull();
      default -> assertThat(json.size()).as("fields of a block in %s", page).isPositive();
    }
  }

  @Test
  void aTestThatAPageNamesExists() throws IOException {
    var sources = files("..", "/src/test/java/", ".java");

    assertThat(pages())
        .allSatisfy(
            page ->
                assertThat(found(TEST, page))
                    .allSatisfy(
                        name -> {
                          var source =
                              sources.stream()
                                  .filter(file -> file.endsWith(name.group(1) + ".java"))
                                  .findFirst();
                          assertThat(source).as(name.group()).isPresent();
                          if (name.group(2) != null) {
                            assertThat(source.get()).content().contains(name.group(2) + "(");
                          }
                        }));
  }

  private static List<Path> pages() throws IOException {
    return files("../docs", "", ".md");
  }

  private static List<Path> files(String root, String part, String end) throws IOException {
    try (var files = Files.walk(Path.of(root))) {
      return files
          .filter(file -> file.toString().contains(part) && file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  private static Stream<MatchResult> found(Pattern pattern, Path page) {
    try {
      return pattern.matcher(Files.readString(page)).results();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
