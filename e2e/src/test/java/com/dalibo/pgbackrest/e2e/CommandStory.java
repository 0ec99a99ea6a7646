package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A bad night with `kubectl pgbackrest`, on a laptop that has kubectl and a POSIX shell. What is
/// typed and printed is written to `target/stories/command-recording.txt`.
class CommandStory {
  private static final Path SCRIPT =
      Path.of("..", "kubectl", "kubectl-pgbackrest").toAbsolutePath().normalize();
  private static final Path RECORDING = Path.of("target", "stories", "command-recording.txt");

  /// Everything that the command may use.
  private static final List<String> PROGRAMS =
      List.of(
          "sh", "kubectl", "awk", "cat", "date", "grep", "mktemp", "rm", "sed", "sleep", "sort",
          "tail", "tr");

  @RegisterExtension final StoryTeller teller = new StoryTeller("command");
  @TempDir Path laptop;

  /// What a command printed, both of its outputs together, and its exit code.
  private record Ended(int code, String text) {}

  @BeforeEach
  void equip() throws Exception {
    for (String program : PROGRAMS) {
      Process which = new ProcessBuilder("sh", "-c", "command -v " + program).start();
      String path = new String(which.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(which.waitFor()).as("%s is in PATH", program).isZero();
      Files.createSymbolicLink(laptop.resolve(program), Path.of(path.strip()));
    }
    Files.createSymbolicLink(laptop.resolve("kubectl-pgbackrest"), SCRIPT);
    Files.createDirectories(RECORDING.getParent());
    Files.deleteIfExists(RECORDING);
  }

  @Test
  void aTableThatWasDroppedIsBackAndWhatIsLeftOfAClusterThatIsGoneIsShown() throws Exception {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.awaitReason("stanza-sample", "Ready", "NoBackup");

    assertThat(run(1, "status")).contains("cluster-demo  stanza-sample  no ");
    assertThat(run(0, "backup", "cluster-demo", "--type", "full"))
        .contains("created Backup 'cluster-demo-")
        .contains("completed: backup ");
    story.awaitReason("stanza-sample", "Ready", "Ready");
    assertThat(run(0, "status")).contains("cluster-demo  stanza-sample  yes ");
    assertThat(run(0, "backups", "stanza-sample")).contains("F", "full");
    assertThat(run(0, "verify", "stanza-sample", "--now")).contains("status: ok");
    assertThat(run(0, "doctor", "cluster-demo"))
        .contains("ok      CloudNativePG finds the plugin by the Service 'pgbackrest'")
        .contains("ok      PostgreSQL in 'cluster-demo-1' archived")
        .doesNotContain("FAILED");
    assertThat(run(0, "logs", "cluster-demo", "--tail", "5")).contains("[cluster-demo-1] 20");

    story.psql("cluster-demo-1", "CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id");
    Story.pause(Duration.ofSeconds(2));
    String before = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Story.pause(Duration.ofSeconds(2));
    story.psql("cluster-demo-1", "DROP TABLE orders");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    assertThat(run(0, "plan", "stanza-sample", "--to-time", before)).startsWith("Possible: ");
    assertThat(run(1, "plan", "stanza-sample", "--to-time", "2020-01-01T00:00:00Z"))
        .startsWith("Not possible: ");
    assertThat(run(0, "restore", "stanza-sample", "--to-time", before, "--as", "back"))
        .startsWith("# Possible: ")
        .contains("\nkind: Cluster\n", "name: back");
    assertThat(run(0, "restore", "stanza-sample", "--to-time", before, "--as", "back", "--apply"))
        .contains("created Cluster 'back'", "restored: Cluster 'back' is ready after ");
    assertThat(story.psql("back-1", "SELECT count(*) FROM orders")).isEqualTo("1000");
    assertThat(run(1, "restore", "stanza-sample", "--as", "back"))
        .contains("there is a Cluster 'back' already");

    story.delete("Cluster", "cluster-demo");
    story.awaitReason("stanza-sample", "Archiving", "ClusterGone");
    assertThat(run(1, "status", "cluster-demo"))
        .startsWith("Cluster cluster-demo: it is gone; what it archived is in");
    assertThat(
            story
                .client()
                .raw(
                    "/apis/pgbackrest.dalibo.com/v1/namespaces/%s/restoreplans"
                        .formatted(story.namespace())))
        .contains("\"items\":[]");
    story.say("recorded in " + RECORDING);
  }

  private String run(int code, String... arguments) throws IOException, InterruptedException {
    Ended ended = type(arguments);
    assertThat(ended.code())
        .as("kubectl pgbackrest %s%n%s", List.of(arguments), ended.text())
        .isEqualTo(code);
    // How far it is, depends on the speed of the cluster.
    return ended.text().replaceAll("(?m)^\\.\\.\\. .*\\n", "");
  }

  private Ended type(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "pgbackrest"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(namespaced(command)).redirectErrorStream(true);
    builder.environment().put("PATH", laptop.toString());
    builder.environment().put("TERM", "dumb");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Files.writeString(
        RECORDING,
        "$ %s%n%s".formatted(String.join(" ", command), text)
            + (code == 0 ? "" : "(exit code %d)%n".formatted(code))
            + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    teller.story().say("kubectl pgbackrest " + String.join(" ", arguments) + ": " + code);
    return new Ended(code, text);
  }

  private List<String> namespaced(List<String> command) {
    List<String> whole = new ArrayList<>(command);
    whole.set(0, laptop.resolve("kubectl").toString());
    whole.add("--namespace");
    whole.add(teller.story().namespace());
    return whole;
  }
}
