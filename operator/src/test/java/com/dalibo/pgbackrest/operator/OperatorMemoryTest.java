package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The operator's heap is a part of its memory limit: the script of its image says which, the
/// manifest how much.
class OperatorMemoryTest {
  private static final String SCRIPT = "images/controller/pgbackrest-controller";
  private static final Pattern PART = Pattern.compile("-XX:MaxRAMPercentage=(\\S+)");
  private static final Pattern LIMIT = Pattern.compile("limits: \\{memory: (\\w+)}");
  private static final Pattern HEAP_OF_THE_START_CACHE = Pattern.compile("-Xmx(\\d+)m");

  @Test
  void thePageHasTheFiguresOfTheScriptAndTheManifest() throws IOException {
    assertThat(text("docs/explanation/limits.md"))
        .contains("with the %s of the manifest".formatted(limit()))
        .contains("(`resources` in the chart): %s %% of it are its heap".formatted(part()));
  }

  @Test
  void theChartHasTheLimitOfTheManifest() throws IOException {
    assertThat(found(LIMIT, "deploy/helm/pgbackrest-plugin/values.yaml")).isEqualTo(limit());
  }

  @Test
  void theStartCacheIsMadeWithTheHeapOfTheManifest() throws IOException {
    var bytes = Quantity.getAmountInBytes(new Quantity(limit())).longValueExact();
    var heap = Math.round(bytes * Double.parseDouble(part()) / 100) >> 20;

    assertThat(HEAP_OF_THE_START_CACHE.matcher(text(SCRIPT)).results())
        .isNotEmpty()
        .allMatch(given -> given.group(1).equals(Long.toString(heap)));
  }

  private static String part() throws IOException {
    return found(PART, SCRIPT);
  }

  private static String limit() throws IOException {
    return found(LIMIT, "deploy/base/deployment.yaml");
  }

  private static String found(Pattern pattern, String file) throws IOException {
    assertThat(pattern.matcher(text(file)).results()).as("%s in %s", pattern, file).hasSize(1);
    return pattern.matcher(text(file)).results().findFirst().orElseThrow().group(1);
  }

  private static String text(String file) throws IOException {
    return Files.readString(WorkingTree.root().resolve(file));
  }
}
