package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page about trouble has a row for every reason there is and every code of pgBackRest that is
/// known, and no other.
class TroubleshootingTest {
  private static final Path PAGE = Path.of("../docs/troubleshooting.md");

  /// A reason is a literal of this form: several words in one.
  private static final Pattern REASON =
      Pattern.compile("\"((?:[A-Z][a-z]+|WAL)(?:[A-Z][A-Za-z]*)+)\"");

  /// Reasons of one word.
  private static final Set<String> SHORT =
      Set.of("Archiving", "Ready", "Unreadable", "Valid", "Verified");

  /// Literals of the form of a reason that are something else.
  private static final Set<String> NO_REASON =
      Set.of(
          // What stores say.
          "AccessDenied",
          "AuthenticationFailed",
          "AuthorizationFailure",
          "AuthorizationHeaderMalformed",
          "ContainerNotFound",
          "InvalidAccessKeyId",
          "NoSuchBucket",
          "SignatureDoesNotMatch",
          // What Kubernetes and our API call things.
          "DeleteOptions",
          "ExpireBackup",
          "PluginConfig",
          "RepositoriesReachable",
          "RuntimeDefault",
          "ServiceAccount",
          // What compilers are told.
          "ImmutableEnumChecker",
          "MemberName");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| .+ \\| .{10,} \\|$");
  private static final Pattern CODE =
      Pattern.compile("(?m)^\\| (\\d+) \\| `([a-z-]+)` \\| .+ \\| .{5,} \\|$");

  @Test
  void thePageHasEveryReasonAndNoOther() throws IOException {
    var sources = sources();
    var reasons = new TreeSet<>(SHORT);
    REASON.matcher(sources).results().map(reason -> reason.group(1)).forEach(reasons::add);
    reasons.removeAll(NO_REASON);

    assertThat(ROW.matcher(page()).results().map(row -> row.group(1)).toList())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(reasons);
    assertThat(Stream.concat(SHORT.stream(), NO_REASON.stream()))
        .allSatisfy(word -> assertThat(sources).contains("\"" + word + "\""));
  }

  @Test
  void thePageHasEveryCodeUnderItsName() throws IOException {
    var codes =
        Arrays.stream(ErrorCode.values())
            .filter(code -> code.code() > 0)
            .map(code -> code.code() + " " + code.label())
            .toList();

    assertThat(
            CODE.matcher(page()).results().map(row -> row.group(1) + " " + row.group(2)).toList())
        .containsExactlyElementsOf(codes);
  }

  @Test
  void whatTheProgramHasNoCodeForIsThereToo() throws IOException {
    var page = page();
    var ours =
        Arrays.stream(ErrorCode.values())
            .filter(code -> code.code() < 0 && code != ErrorCode.OTHER)
            .map(ErrorCode::label)
            .toList();

    assertThat(ours).isNotEmpty().allSatisfy(label -> assertThat(page).contains("`" + label + "`"));
  }

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static String sources() throws IOException {
    var text = new StringBuilder();
    for (var module : List.of("stanza", "sidecar", "operator")) {
      try (var files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (var file :
            files.filter(path -> path.toString().endsWith(".java")).collect(Collectors.toList())) {
          text.append(Files.readString(file)).append('\n');
        }
      }
    }
    return text.toString();
  }
}
