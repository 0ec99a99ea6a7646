package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The step of docs/how-to/migration.md that replaces the operator of the Go plugin, command by
/// command, on a Deployment and a Service like those of that plugin. They are in the namespace of
/// the story, so no pod of them becomes ready: that is not waited for.
class GoPluginStory {
  private static final Map<String, String> THEIRS = Map.of("app", "pgbackrest-controller");
  private static final Map<String, String> OURS =
      Map.of("app.kubernetes.io/name", "pgbackrest", "app.kubernetes.io/component", "controller");

  private static final String INSTALLED =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: pgbackrest
        labels: {app: pgbackrest-controller, cnpg.io/pluginName: pgbackrest.dalibo.com}
      spec:
        ports: [{port: 9090, protocol: TCP, targetPort: 9090}]
        selector: {app: pgbackrest-controller}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: pgbackrest-controller
        labels: {app: pgbackrest-controller}
      spec:
        selector: {matchLabels: {app: pgbackrest-controller}}
        strategy: {type: Recreate}
        template:
          metadata: {labels: {app: pgbackrest-controller}}
          spec:
            containers:
              - name: pgbackrest-controller
                image: example.invalid/controller:0.0.3
                imagePullPolicy: Never
                args: [operator]
                ports: [{containerPort: 9090, protocol: TCP}]
                readinessProbe: {initialDelaySeconds: 10, tcpSocket: {port: 9090}}
      """;

  @RegisterExtension final StoryTeller teller = new StoryTeller("go-plugin");

  @Test
  void itsOperatorIsReplacedByTheCommandsOfTheManual(@TempDir Path directory) throws Exception {
    Story story = teller.story();
    Path installed = Files.writeString(directory.resolve("installed.yaml"), INSTALLED);
    run("kubectl apply --namespace " + story.namespace() + " -f " + installed);
    Path manifest = Files.writeString(directory.resolve("manifest.yaml"), manifest(story));

    List<String> commands = commands();
    assertThat(commands).hasSize(5);
    for (String command : commands) {
      if (command.contains("rollout status")) {
        assertThat(selector(story)).isEqualTo(THEIRS);
        continue;
      }
      run(
          command
              .replace("cnpg-system", story.namespace())
              .replace("deploy/manifest.yaml", manifest.toString()));
    }

    assertThat(selector(story)).isEqualTo(OURS);
    Deployment deployment =
        story
            .client()
            .apps()
            .deployments()
            .inNamespace(story.namespace())
            .withName("pgbackrest-controller")
            .get();
    assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(OURS);
    assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(
            deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getReadinessProbe()
                .getTcpSocket())
        .isNull();
    assertThat(
            story
                .client()
                .apps()
                .replicaSets()
                .inNamespace(story.namespace())
                .withLabels(THEIRS)
                .list()
                .getItems())
        .isEmpty();
  }

  private static Map<String, String> selector(Story story) {
    return story
        .client()
        .services()
        .inNamespace(story.namespace())
        .withName("pgbackrest")
        .get()
        .getSpec()
        .getSelector();
  }

  /// What is in a namespace, in that of the story.
  private static String manifest(Story story) throws IOException {
    return Arrays.stream(Files.readString(Path.of("../deploy/manifest.yaml")).split("\n---\n"))
        .filter(object -> object.contains("namespace: cnpg-system"))
        .filter(object -> !object.contains("\nkind: ClusterRoleBinding"))
        .map(object -> object.replace("namespace: cnpg-system", "namespace: " + story.namespace()))
        .collect(Collectors.joining("\n---\n"));
  }

  private static List<String> commands() throws IOException {
    return Files.readAllLines(Path.of("../docs/how-to/migration.md")).stream()
        .dropWhile(line -> !line.startsWith("2. "))
        .takeWhile(line -> !line.startsWith("3. "))
        .map(String::strip)
        .filter(line -> line.startsWith("kubectl "))
        .toList();
  }

  private static void run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
  }
}
