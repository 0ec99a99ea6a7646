package com.dalibo.pgbackrest.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `kubectl pgbackrest` as far as it needs no Kubernetes: its help, its page, what it refuses.
/// `kubectl/test` runs it against an API server, `CommandStory` on a cluster.
class CommandTest {
  private static final String SCRIPT = "../kubectl/kubectl-pgbackrest";
  private static final List<String> COMMANDS =
      List.of(
          "status",
          "backups",
          "verify",
          "doctor",
          "logs",
          "plan",
          "restore",
          "backup",
          "drill",
          "completion",
          "version");
  private static final Pattern OPTION =
      Pattern.compile("(?m)^ +(-\\w, )?(--[a-z-]+)( [A-Z]+| json)?(?= {2,}|$)");

  private static final Pattern SHOWN = Pattern.compile("(?s)```text (\\S+)\n.*?```");
  private static final Path TESTDATA = Path.of("../kubectl/testdata");

  /// What a command printed, both of its outputs together, and its exit code.
  record Ended(int code, String text) {}

  static List<List<String>> shells() throws Exception {
    var shells = new ArrayList<List<String>>();
    for (var shell :
        List.of(
            List.of("sh"), List.of("dash"), List.of("bash", "--posix"), List.of("busybox", "sh"))) {
      if (isHere(shell.getFirst())) {
        shells.add(shell);
      }
    }
    return shells;
  }

  @Test
  void theReferencePageIsTheHelpOfEachCommand() throws Exception {
    var page = new StringBuilder();
    page.append(
        """
        # kubectl pgbackrest

        Generated from the help of [the command](../../kubectl/kubectl-pgbackrest) by `CommandTest`; do not edit. [How to install and use it](../how-to/command.md).

        """);
    page.append("```\n").append(run(List.of("sh"), "--help").text()).append("```\n");
    for (var command : COMMANDS) {
      var help = run(List.of("sh"), command, "--help");
      assertThat(help.code()).isZero();
      page.append("\n## ").append(command).append("\n\n```\n");
      page.append(help.text()).append("```\n");
    }
    Golden.matches(Path.of("../docs/reference/command.md"), page.toString());
  }

  /// A block "text NAME" of a page is the file NAME.txt, which `kubectl/test` compares.
  @Test
  void whatThePagesShowOfItIsWhatItPrints() throws IOException {
    try (var pages = Files.list(Path.of("../docs/how-to"))) {
      for (var page : pages.sorted().toList()) {
        Golden.matches(
            page,
            SHOWN
                .matcher(read(page))
                .replaceAll(
                    block ->
                        Matcher.quoteReplacement(
                            "```text %s\n%s```"
                                .formatted(
                                    block.group(1),
                                    read(TESTDATA.resolve(block.group(1) + ".txt"))))));
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void itsVersionIsThatOfTheProject(List<String> shell) throws Exception {
    var revision =
        Pattern.compile("<revision>(.*?)(-SNAPSHOT)?</revision>")
            .matcher(Files.readString(Path.of("../pom.xml")))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);

    var version = run(shell, "version");

    assertThat(version.text()).isEqualTo("kubectl pgbackrest " + revision + "\n");
    assertThat(version.code()).isZero();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void anOptionOfTheHelpIsKnownToItsCommand(List<String> shell) throws Exception {
    for (var command : COMMANDS) {
      var help = run(shell, command, "--help").text();
      for (var option : OPTION.matcher(help).results().toList()) {
        var value = option.group(3) == null ? Stream.<String>empty() : Stream.of("json");
        var arguments =
            Stream.of(Stream.of(command, option.group(2)), value, Stream.of("--help"))
                .flatMap(each -> each)
                .toArray(String[]::new);
        assertThat(run(shell, arguments))
            .as("%s %s", command, option.group())
            .isEqualTo(new Ended(0, help));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aMistakeInTheArgumentsIsNamedAndEndsWithTwo(List<String> shell) throws Exception {
    refuses(shell, "there is no command 'nothing'; see 'kubectl pgbackrest --help'", "nothing");
    refuses(
        shell,
        "unknown option '--colour'; see 'kubectl pgbackrest status --help'",
        "status",
        "--colour");
    refuses(shell, "'--as' needs a value; see", "restore", "main", "--as");
    refuses(shell, "'--namespace' needs a value; see", "status", "--namespace=");
    refuses(shell, "'--apply' takes no value; see", "restore", "main", "--apply=no");
    refuses(shell, "the name of a Stanza is missing; see", "plan");
    refuses(shell, "one name is enough, but there are 'a' and 'b'; see", "backups", "a", "b");
    refuses(shell, "'--as NEW' is missing: the name of the Cluster", "restore", "main");
    refuses(shell, "'--type half' is unknown: write full", "backup", "main", "--type", "half");
    refuses(shell, "'--report pdf' is unknown: write json", "drill", "main", "--report=pdf");
    refuses(shell, "'-o wide' is unknown: write json or yaml; see", "status", "-o", "wide");
    refuses(shell, "there is no completion for 'tcsh': write bash", "completion", "tcsh");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whereKubectlIsMissingItSaysSo(List<String> shell) throws Exception {
    var status = run(shell, "status");

    assertThat(status.text())
        .isEqualTo(
            "kubectl pgbackrest: there is no program 'none-such' in PATH: install kubectl, or name"
                + " it in the variable KUBECTL\n");
    assertThat(status.code()).isEqualTo(3);
  }

  @Test
  void theCompletionsAreScriptsOfTheirShells() throws Exception {
    assertThat(checked("bash", "bash").code()).isZero();
    assertThat(checked("kubectl", "sh").code()).isZero();
    for (var shell : List.of("zsh", "fish")) {
      if (isHere(shell)) {
        assertThat(checked(shell, shell)).isEqualTo(new Ended(0, ""));
      }
    }
    assertThat(run(List.of("sh"), "__complete", "").text())
        .isEqualTo(String.join("\n", COMMANDS) + "\nhelp\n:4\n");
    assertThat(run(List.of("sh"), "__complete", "backup", "main", "--type", "").text())
        .isEqualTo("full\ndiff\nincr\n:4\n");
    assertThat(run(List.of("sh"), "__complete", "verify", "--").text())
        .contains("--now\n", "--output\n", "--namespace\n")
        .doesNotContain("--apply");
  }

  private static Ended checked(String completion, String shell) throws Exception {
    var script =
        Files.writeString(
            Files.createTempFile("completion", ""),
            run(List.of("sh"), "completion", completion).text());
    try {
      return ended(new ProcessBuilder(shell, "-n", script.toString()));
    } finally {
      Files.delete(script);
    }
  }

  private static void refuses(List<String> shell, String message, String... arguments)
      throws Exception {
    var refused = run(shell, arguments);
    assertThat(refused.text()).startsWith("kubectl pgbackrest: " + message).hasLineCount(1);
    assertThat(refused.code()).isEqualTo(2);
  }

  /// Without kubectl: nothing that needs it is to be asked here.
  private static Ended run(List<String> shell, String... arguments) throws Exception {
    var command = new ArrayList<>(shell);
    command.add(SCRIPT);
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECTL", "none-such");
    return ended(builder);
  }

  private static Ended ended(ProcessBuilder builder) throws IOException, InterruptedException {
    var process = builder.redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text);
  }

  private static boolean isHere(String program) throws Exception {
    return ended(new ProcessBuilder("sh", "-c", "command -v " + program)).code() == 0;
  }
}
