package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The troubleshooting page has a row for every code of pgBackRest that is known, and no other.
class TroubleshootingTest {
  private static final Path PAGE = Path.of("../docs/how-to/troubleshooting.md");
  private static final Pattern CODE =
      Pattern.compile("(?m)^\\| (\\d+) \\| `([a-z-]+)` \\| .+ \\| .{5,} \\|$");

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
}
