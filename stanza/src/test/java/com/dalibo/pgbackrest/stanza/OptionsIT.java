package com.dalibo.pgbackrest.stanza;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.options.OptionVersions;
import com.dalibo.pgbackrest.stanza.options.RepositoryOptions;
import com.dalibo.pgbackrest.stanza.options.StanzaOptions;
import com.dalibo.pgbackrest.stanza.options.UserOptionRules;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables against the help of the real pgBackRest.
class OptionsIT {
  private static final Pattern OPTION =
      Pattern.compile("(?m)^  --([a-z0-9-]+)((?:.|\\n(?!  --|\\n))*)");
  private static final Pattern DEFAULT = Pattern.compile("\\[default=([^]]*)]");
  private static final Map<String, String> PRINTED = new HashMap<>();
  private static String program = "";

  @BeforeAll
  static void readTheHelp() throws Exception {
    var given = System.getenv("PGBACKREST");
    program = given == null || given.isBlank() ? run("../tools/pgbackrest").strip() : given;
    var commands = new TreeSet<>(UserOptionRules.COMMANDS);
    commands.addAll(List.of("annotate", "stanza-create", "stanza-upgrade"));
    for (var command : commands) {
      var options = OPTION.matcher(run(program, "help", command));
      while (options.find()) {
        var standard = DEFAULT.matcher(options.group(2).replaceAll("\\s+", " "));
        PRINTED.merge(
            options.group(1),
            standard.find() ? standard.group(1) : "",
            (a, b) -> a.isEmpty() ? b : a);
      }
    }
  }

  @Test
  void everyOptionOfPgBackRestIsAFieldOrOpenOrRefused() {
    var known = new TreeSet<String>();
    known.addAll(StanzaOptions.options());
    known.addAll(UserOptionRules.ALLOWED);
    UserOptionRules.REFUSED.values().forEach(known::addAll);
    known.addAll(ofARepository(RepositoryOptions.options()));
    known.addAll(ofARepository(UserOptionRules.ALLOWED_OF_A_REPOSITORY));

    assertThat(PRINTED.keySet()).allSatisfy(option -> assertThat(known).contains(option));
  }

  @Test
  void everyRowOfATableIsAnOptionOfPgBackRest() {
    assertThat(Stream.of(StanzaOptions.options(), ofARepository(RepositoryOptions.options())))
        .allSatisfy(options -> assertThat(PRINTED).containsKeys(options.toArray(String[]::new)));
  }

  @Test
  void whatIsOpenIsAnOptionOfPgBackRest() {
    var open = new TreeSet<>(UserOptionRules.ALLOWED);
    open.addAll(ofARepository(UserOptionRules.ALLOWED_OF_A_REPOSITORY));

    assertThat(PRINTED.keySet()).containsAll(open);
  }

  /// A field that needs more than the oldest pgBackRest would have to be gated too.
  @Test
  void noFieldNeedsMoreThanTheOldestPgBackRest() {
    assertThat(Options.all())
        .allSatisfy(
            option ->
                assertThat(Integer.parseInt(option.since().substring("2.".length())))
                    .as(option.name())
                    .isLessThanOrEqualTo(58));
  }

  @Test
  void whatNeedsANewerPgBackRestIsOpen() {
    var open = new TreeSet<>(UserOptionRules.ALLOWED);
    open.addAll(ofARepository(UserOptionRules.ALLOWED_OF_A_REPOSITORY));

    assertThat(open).containsAll(OptionVersions.SINCE.keySet());
  }

  @Test
  void theDefaultsInTheReferenceAreThoseOfPgBackRest() {
    var printed =
        Options.all().stream()
            .filter(option -> !PRINTED.getOrDefault(option.name(), "").isEmpty())
            .toList();

    assertThat(printed).isNotEmpty();
    assertThat(printed)
        .allSatisfy(option -> assertThat(option.standard()).isEqualTo(PRINTED.get(option.name())));
  }

  @Test
  void theProgramReadsWhatIsRendered(@TempDir Path directory) throws Exception {
    Files.createDirectories(directory.resolve("volumes/shelf/p"));
    var paths =
        new InstancePaths(
            directory.resolve("data"),
            directory,
            5432,
            directory.resolve("lock"),
            directory.resolve("spool"),
            directory,
            directory.resolve("volumes"));
    var stanza =
        ApiReader.strict()
            .read(
                Documents.one(Path.of("src/test/resources/rendering/zeros/stanza.yaml")),
                Stanza.class);
    var file = directory.resolve("pgbackrest.conf");
    Rendering.configuration(stanza, StoredSecrets.of(List.of()), paths).write(file);

    var info = run(program, "info", "--config=" + file, "--stanza=main", "--output=json");

    assertThat(info).contains("missing stanza path");
  }

  private static List<String> ofARepository(Collection<String> options) {
    return options.stream().map(option -> "repo-" + option).toList();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("exit code of %s", Arrays.toString(command)).isZero();
    return output;
  }
}
