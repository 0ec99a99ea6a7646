package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The pages as a reader uses them: what is to be applied is accepted, and the tutorial leads to
/// its end.
class DocsStory {
  private static final Path ROOT = Path.of("..");

  /// A fenced block, or what a command of one reads as its input.
  private static final Pattern YAML =
      Pattern.compile("(?s)```yaml\\n(.*?)```|<<'YAML'\\n(.*?)YAML");

  /// The API groups that the cluster of the stories has.
  private static final Pattern SERVED =
      Pattern.compile(
          "(?m)^apiVersion:"
              + " (v1|(pgbackrest\\.dalibo\\.com|postgresql\\.cnpg\\.io|networking\\.k8s\\.io)/.*)$");

  private static final Pattern COMMANDS = Pattern.compile("(?s)```sh story\\n(.*?)```");

  @RegisterExtension final StoryTeller teller = new StoryTeller("docs");
  @TempDir Path folder;

  @Test
  void theServerAcceptsEveryObjectOfThePagesAndTheExamples() throws IOException {
    Story story = teller.story();
    List<String> objects =
        Stream.concat(
                texts("docs", ".md").flatMap(page -> blocks(YAML, page)),
                texts("examples", ".yaml"))
            .flatMap(yaml -> Stream.of(yaml.split("(?m)^---$")))
            .filter(yaml -> SERVED.matcher(yaml).find())
            // Refused by CNPG where there is no CSI driver; SnapshotStory applies it.
            .filter(yaml -> !yaml.contains("method: volumeSnapshot"))
            .toList();

    assertThat(objects).hasSizeGreaterThan(40);
    assertThat(objects)
        .allSatisfy(
            object -> assertThatCode(() -> tryToApply(story, object)).doesNotThrowAnyException());
    story.say("accepted " + objects.size() + " objects");
  }

  @Test
  void theTutorialLeadsFromNothingToARestoredRow() throws IOException, InterruptedException {
    Story story = teller.story();
    String script =
        """
        set -euo pipefail
        kubectl config view --raw >"$0.kubeconfig"
        export KUBECONFIG="$0.kubeconfig"
        kubectl config set-context --current --namespace=%s
        """
                .formatted(story.namespace())
            + blocks(COMMANDS, Files.readString(ROOT.resolve("docs/tutorial/first-restore.md")))
                .collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("tutorial"), script);

    Process process =
        new ProcessBuilder("bash", file.toString())
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as("%s%n%s", script, output).isZero();
    assertThat(output).contains(" kept").contains(" written after the backup").contains("(2 rows)");
    story.say("both rows are there");
    story.emptyRepository("cluster-demo-1");
  }

  private static void tryToApply(Story story, String yaml) {
    for (HasMetadata object :
        story
            .client()
            .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
            .items()) {
      object.getMetadata().setNamespace(story.namespace());
      story
          .client()
          .resource(object)
          .inNamespace(story.namespace())
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager("story")
                  .withFieldValidation("Strict")
                  .withDryRun(List.of("All"))
                  .build());
    }
  }

  private static Stream<String> texts(String directory, String end) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList().stream()
          .map(DocsStory::text);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The first group that a match has.
  private static Stream<String> blocks(Pattern pattern, String page) {
    return pattern
        .matcher(page)
        .results()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1));
  }
}
